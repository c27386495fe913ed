//! One account: how it is reached, what runs there, changing and disconnecting it.

use domain::authz::Permission;
use domain::cloud::{CloudAccount, CloudAccountsPage as Model, CloudResource};
use domain::{Fault, Timestamp};
use leptos::prelude::*;
use ui::{Alert, EmptyState, Fact, Facts, Icon, Moment, PageHeader, Section, SubmitButton, Tone};

use super::form::fields;
use super::listing_badge;
use crate::api::cloud::{ChangeCloudAccount, LoadCloudAccounts, UpdateCloudAccount};
use crate::form::{FormState, LoadTheirs, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{FaultPage, load, param, use_reload};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn CloudAccountPage() -> AnyView {
    // Made once: the page's content is made anew after each change.
    let (change, update) = (use_form::<ChangeCloudAccount>(), use_form::<UpdateCloudAccount>());
    let (handle, account) = (param("handle"), param("account"));
    load(
        move || Ask::of(LoadCloudAccounts { handle: handle() }),
        |page: &Model| ["Cloud account · ", page.org.display_name.as_str()].concat(),
        move |mut page| {
            let wanted = untrack(account);
            match page.accounts.iter().position(|account| account.id.to_string() == wanted) {
                Some(at) => {
                    let account = page.accounts.swap_remove(at);
                    show(page, account, change, update)
                }
                None => view! { <FaultPage fault=Fault::NotFound /> }.into_any(),
            }
        },
    )
}

fn show(
    page: Model,
    account: CloudAccount,
    change: FormState<ChangeCloudAccount>,
    update: FormState<UpdateCloudAccount>,
) -> AnyView {
    let Model { viewer, org, now, .. } = page;
    let reload = use_reload();
    Effect::new(move |before: Option<()>| {
        let done = change.answer().is_some() | update.answer().is_some();
        if done && before.is_some() {
            reload.run();
        }
    });
    let can_write = org.can(Permission::CloudWrite) && org.state.is_open();
    let trail = vec![
        Crumb::link("Cloud accounts", paths::org(&org.handle).cloud_accounts()),
        Crumb::here(account.name.clone()),
    ];
    let id = account.id.to_string();
    let handle = org.handle.to_string();
    let for_change = handle.clone();
    let refresh = can_write.then(move || {
        view! {
            <PlainForm form=change failed="Nothing was changed" class="act-row" label="What to do with it">
                <input type="hidden" name="handle" value=for_change />
                <button type="submit" class="btn btn-quiet" name="refresh" value=id.clone()>
                    {Icon::Restore.view()}
                    "Check again"
                </button>
                <button type="submit" class=Tone::DangerOutline.button_class() name="disconnect" value=id>
                    "Disconnect"
                </button>
            </PlainForm>
        }
    });
    let error = account.list_error.clone().map(|error| {
        view! {
            <Alert tone=Tone::Warning title="The account could not be checked">
                <p>{error} " What is listed here is from the last time it answered."</p>
            </Alert>
        }
    });
    let (name, facts, resources) = (account.name.clone(), facts(&account, now), resources(&account.resources, now));
    view! {
        <Frame viewer=viewer org=Some(org) place=Place::CloudAccounts trail=trail>
            <PageHeader title=name description="A cloud account of this organization." />
            {error}
            <Section id="account" title="About">
                {facts}
                {refresh}
            </Section>
            <Section id="resources" title="Resources">
                {resources}
            </Section>
            {can_write.then(|| view! { <ChangeForm form=update handle=handle account=account /> })}
        </Frame>
    }
    .into_any()
}

fn facts(account: &CloudAccount, now: Timestamp) -> AnyView {
    let selector = Some(account.selector.clone()).filter(|selector| !selector.is_empty()).map(|selector| {
        view! {
            <Fact term="Label selector">
                <span class="mono">{selector}</span>
            </Fact>
        }
    });
    let listed = account.listed_at.map(|at| {
        view! {
            <Fact term="Last checked">
                <Moment at=at now=now />
            </Fact>
        }
    });
    let (badge, provider, url) = (listing_badge(account), account.provider.clone(), account.url.clone());
    let connector = account.connector.label();
    let events = if account.events { "Every change is sent there" } else { "Changes are not sent" };
    view! {
        <Facts>
            <Fact term="State">{badge}</Fact>
            <Fact term="Provider">{provider}</Fact>
            <Fact term="Connector">{connector}</Fact>
            <Fact term="Address">
                <span class="mono">{url}</span>
            </Fact>
            {selector}
            <Fact term="Workspaces">{events}</Fact>
            {listed}
        </Facts>
    }
    .into_any()
}

fn resources(resources: &[CloudResource], now: Timestamp) -> AnyView {
    if resources.is_empty() {
        return view! {
            <EmptyState icon=Icon::Cloud title="Nothing runs there" text="As of the last check." />
        }
        .into_any();
    }
    let lines = resources.iter().map(|resource| {
        view! {
            <tr>
                <th scope="row">{resource.remote.name.clone()}</th>
                <td class="mono cell-long" data-label="Id">
                    {resource.remote.id.clone()}
                </td>
                <td data-label="Kind">{resource.remote.kind.clone()}</td>
                <td data-label="State">{resource.remote.state.clone()}</td>
                <td data-label="Seen">
                    <Moment at=resource.seen_at now=now />
                </td>
            </tr>
        }
    });
    view! {
        <table class="table">
            <caption class="sr-only">"Resources"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Id"</th>
                    <th scope="col">"Kind"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Seen"</th>
                </tr>
            </thead>
            <tbody>{lines.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn ChangeForm(form: FormState<UpdateCloudAccount>, handle: String, account: CloudAccount) -> AnyView {
    let version = account.version;
    let reload = paths::org_text(&handle).cloud_account(account.id);
    let (id, fields) = (account.id.to_string(), fields(form.status, Some(&account)));
    view! {
        <Section id="change" title="Change">
            <PlainForm form=form failed="The account was not changed" class="form" label="Change">
                <input type="hidden" name="handle" value=handle />
                <input type="hidden" name="account" value=id />
                <input type="hidden" name="version" value=version.to_string() />
                {fields}
                <LoadTheirs fault=form.status.fault reload=reload />
                <div class="form-actions">
                    <SubmitButton label="Save account" busy_label="Saving…" pending=form.pending />
                </div>
            </PlainForm>
        </Section>
    }
    .into_any()
}

//! The list of accounts, and connecting one.

use domain::Timestamp;
use domain::authz::Permission;
use domain::cloud::{CloudAccount, CloudAccountsPage as Model};
use domain::org::OrgHeader;
use leptos::prelude::*;
use ui::{EmptyState, Icon, Moment, PageHeader, Section, SubmitButton};

use super::form::fields;
use super::listing_badge;
use crate::api::cloud::{ConnectCloudAccount, LoadCloudAccounts};
use crate::form::{PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn CloudAccountsPage() -> AnyView {
    let handle = param("handle");
    load(
        move || Ask::of(LoadCloudAccounts { handle: handle() }),
        |page: &Model| ["Cloud accounts · ", page.org.display_name.as_str()].concat(),
        show,
    )
}

fn show(page: Model) -> AnyView {
    let Model { viewer, org, accounts, now } = page;
    let can_write = org.can(Permission::CloudWrite) && org.state.is_open();
    let entries = if accounts.is_empty() { nothing(can_write) } else { table(&org, accounts, now) };
    let handle = org.handle.to_string();
    view! {
        <Frame viewer=viewer org=Some(org) place=Place::CloudAccounts trail=vec![Crumb::here("Cloud accounts")]>
            <PageHeader
                title="Cloud accounts"
                description="Where the platform runs things for this organization. What runs there is ended when the organization is deleted."
            />
            {entries}
            {can_write.then(|| view! { <ConnectForm handle=handle /> })}
        </Frame>
    }
    .into_any()
}

fn nothing(can_write: bool) -> AnyView {
    let text = match can_write {
        true => "Connect one, so that its resources are listed here and ended with the organization.",
        false => "The people who run this console connect them.",
    };
    view! { <EmptyState icon=Icon::Cloud title="No cloud accounts yet" text=text /> }.into_any()
}

fn table(org: &OrgHeader, accounts: Vec<CloudAccount>, now: Timestamp) -> AnyView {
    let lines = accounts.into_iter().map(|account| line(org, account, now)).collect_view();
    view! {
        <table class="table">
            <caption class="sr-only">"Cloud accounts"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Provider"</th>
                    <th scope="col">"Connector"</th>
                    <th scope="col" class="number">
                        "Resources"
                    </th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Last checked"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn line(org: &OrgHeader, account: CloudAccount, now: Timestamp) -> AnyView {
    let listed = match account.listed_at {
        Some(at) => view! { <Moment at=at now=now /> }.into_any(),
        None => view! { <span class="quiet">"Not yet"</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="cell-main">
                <a class="row-link" href=paths::org(&org.handle).cloud_account(account.id)>
                    {account.name.clone()}
                </a>
            </th>
            <td data-label="Provider">{account.provider.clone()}</td>
            <td data-label="Connector">{account.connector.label()}</td>
            <td class="number mono" data-label="Resources">
                {account.resources.len()}
            </td>
            <td data-label="State">{listing_badge(&account)}</td>
            <td data-label="Last checked">{listed}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn ConnectForm(handle: String) -> AnyView {
    let form = use_form::<ConnectCloudAccount>();
    view! {
        <Section id="connect" title="Connect a cloud account">
            <PlainForm form=form failed="The account was not connected" class="form" label="Connect a cloud account">
                <input type="hidden" name="handle" value=handle />
                {fields(form.status, None)}
                <div class="form-actions">
                    <SubmitButton label="Connect account" busy_label="Connecting…" pending=form.pending />
                </div>
            </PlainForm>
        </Section>
    }
    .into_any()
}

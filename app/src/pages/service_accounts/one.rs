//! One service account: its tokens, what it did, its settings.

use domain::Timestamp;
use domain::audit::{AuditQuery, AuditRow, label};
use domain::authz::Permission;
use domain::org::OrgHeader;
use domain::service_account::{ServiceAccountPage as Model, ServiceAccountRow};
use domain::token::TokenHolder;
use leptos::prelude::*;
use ui::{Alert, EmptyState, Fact, Facts, Icon, Moment, PageHeader, Section, SubmitButton, Tone};

use super::form::fields;
use super::{role_label, state_badge};
use crate::api::service_account::{ChangeServiceAccount, LoadServiceAccount, UpdateServiceAccount};
use crate::form::{FormState, LoadTheirs, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param, use_reload};
use crate::pages::tokens::{TokenForms, token_sections, use_token_forms};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn ServiceAccountPage() -> AnyView {
    // Made once: the page's content is made anew after each change.
    let forms = Forms { tokens: use_token_forms(), change: use_form(), update: use_form() };
    let (handle, account) = (param("handle"), param("account"));
    load(
        move || Ask::of(LoadServiceAccount { handle: handle(), account: account() }),
        |page: &Model| [page.row.name.as_str(), " · ", page.org.display_name.as_str()].concat(),
        move |page| show(page, forms),
    )
}

#[derive(Clone, Copy)]
struct Forms {
    tokens: TokenForms,
    change: FormState<ChangeServiceAccount>,
    update: FormState<UpdateServiceAccount>,
}

fn show(page: Model, forms: Forms) -> AnyView {
    let Model { viewer, org, row, tokens, did, now } = page;
    let Forms { tokens: token_forms, change, update } = forms;
    let reload = use_reload();
    Effect::new(move |before: Option<()>| {
        let done = change.answer().is_some() | update.answer().is_some();
        if done && before.is_some() {
            reload.run();
        }
    });
    let can_write = org.can(Permission::ServiceAccountsWrite) && org.state.is_open();
    let pages = paths::org(&org.handle);
    let trail = vec![Crumb::link("Service accounts", pages.service_accounts()), Crumb::here(row.name.clone())];
    let name = row.name.clone();
    let description = match row.description.is_empty() {
        true => "A service account of this organization.".to_owned(),
        false => row.description.clone(),
    };
    let off = (!row.active).then(|| {
        view! {
            <Alert tone=Tone::Warning title="This account is off">
                <p>"Its tokens are refused until it is turned on again."</p>
            </Alert>
        }
    });
    let facts = facts(&row, now);
    let acts = can_write.then(|| acts(change, org.handle.to_string(), &row));
    let holder = TokenHolder::ServiceAccount(org.handle.to_string(), row.id);
    let tokens = token_sections(token_forms, holder, tokens, can_write, now);
    let did = org.can(Permission::OrgAuditRead).then(|| activity(&org, &row, did, now));
    let handle = org.handle.to_string();
    let settings = can_write.then(|| view! { <ChangeForm form=update handle=handle row=row /> });
    view! {
        <Frame viewer=viewer org=Some(org) place=Place::ServiceAccounts trail=trail>
            <PageHeader title=name description=description />
            {off}
            <Section id="account" title="About">
                {facts}
                {acts}
            </Section>
            {tokens}
            {did}
            {settings}
        </Frame>
    }
    .into_any()
}

fn facts(row: &ServiceAccountRow, now: Timestamp) -> AnyView {
    let (state, role, created_at) = (state_badge(row.active), role_label(row.role), row.created_at);
    let used = match row.last_used_at {
        Some(at) => view! { <Moment at=at now=now /> }.into_any(),
        None => "Not yet".into_any(),
    };
    view! {
        <Facts>
            <Fact term="State">{state}</Fact>
            <Fact term="Role">{role}</Fact>
            <Fact term="Added">
                <Moment at=created_at now=now />
            </Fact>
            <Fact term="Last used">{used}</Fact>
        </Facts>
    }
    .into_any()
}

/// What is off can be deleted: two steps, of which the first can be taken back.
fn acts(form: FormState<ChangeServiceAccount>, handle: String, row: &ServiceAccountRow) -> AnyView {
    let act = |act: &'static str, label: &'static str, tone: Tone| {
        view! {
            <button type="submit" class=tone.button_class() name=act value=row.id.to_string()>
                {label}
            </button>
        }
        .into_any()
    };
    let buttons = match row.active {
        true => vec![act("off", "Turn off", Tone::Neutral)],
        false => {
            vec![act("on", "Turn on", Tone::Neutral), act("delete", "Delete with its tokens", Tone::DangerOutline)]
        }
    };
    view! {
        <PlainForm form=form failed="Nothing was changed" class="act-row" label="What to do with it">
            <input type="hidden" name="handle" value=handle />
            {buttons}
        </PlainForm>
    }
    .into_any()
}

fn activity(org: &OrgHeader, row: &ServiceAccountRow, did: Vec<AuditRow>, now: Timestamp) -> AnyView {
    let query = AuditQuery { actor: Some(row.id.into()), ..AuditQuery::default() };
    let all = paths::org(&org.handle).audit(&query);
    let entries = if did.is_empty() {
        let text = "What it changes in this organization will stand here, and in the audit log.";
        view! { <EmptyState icon=Icon::Clock title="It has changed nothing yet" text=text /> }.into_any()
    } else {
        let lines = did.into_iter().map(|row| {
            view! {
                <tr>
                    <th scope="row">{label(&row.action).to_owned()}</th>
                    <td data-label="When">
                        <Moment at=row.at now=now />
                    </td>
                    <td data-label="From" class="mono">
                        {row.address.unwrap_or_else(|| "–".to_owned())}
                    </td>
                </tr>
            }
        });
        let lines = lines.collect_view();
        view! {
            <table class="table">
                <caption class="sr-only">"What it did last"</caption>
                <thead>
                    <tr>
                        <th scope="col">"What"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"From"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
            <p class="section-more">
                <a class="link" href=all>
                    "All of it in the audit log"
                </a>
            </p>
        }
        .into_any()
    };
    view! {
        <Section id="activity" title="What it did">
            {entries}
        </Section>
    }
    .into_any()
}

#[component]
fn ChangeForm(form: FormState<UpdateServiceAccount>, handle: String, row: ServiceAccountRow) -> AnyView {
    let version = row.version;
    let reload = paths::org_text(&handle).service_account(row.id);
    let (id, fields) = (row.id.to_string(), fields(form.status, Some(&row)));
    view! {
        <Section id="settings" title="Settings">
            <PlainForm form=form failed="The account was not changed" class="form" label="Settings">
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

//! The list of service accounts, and adding one.

use domain::Timestamp;
use domain::authz::Permission;
use domain::org::OrgHeader;
use domain::service_account::{ServiceAccountRow, ServiceAccountsPage as Model};
use leptos::prelude::*;
use ui::{EmptyState, Icon, Moment, PageHeader, Section, SubmitButton};

use super::form::fields;
use super::{role_label, state_badge};
use crate::api::service_account::{CreateServiceAccount, LoadServiceAccounts};
use crate::form::{PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn ServiceAccountsPage() -> AnyView {
    let handle = param("handle");
    load(
        move || Ask::of(LoadServiceAccounts { handle: handle() }),
        |page: &Model| ["Service accounts · ", page.org.display_name.as_str()].concat(),
        show,
    )
}

fn show(page: Model) -> AnyView {
    let Model { viewer, org, rows, now } = page;
    let can_write = org.can(Permission::ServiceAccountsWrite) && org.state.is_open();
    let entries = match rows.is_empty() {
        true => view! {
            <EmptyState
                icon=Icon::Robot
                title="No service accounts yet"
                text="Add one for each program that works here by itself, so that it goes on when people leave."
            />
        }
        .into_any(),
        false => table(&org, rows, now),
    };
    let handle = org.handle.to_string();
    view! {
        <Frame viewer=viewer org=Some(org) place=Place::ServiceAccounts trail=vec![
            Crumb::here("Advanced"),
            Crumb::here("Service accounts"),
        ]>
            <PageHeader
                title="Service accounts"
                description="Programs that belong to this organization as members do. They have tokens, and never sign in."
            />
            {entries}
            {can_write.then(|| view! { <CreateForm handle=handle /> })}
        </Frame>
    }
    .into_any()
}

fn table(org: &OrgHeader, rows: Vec<ServiceAccountRow>, now: Timestamp) -> AnyView {
    let lines = rows.into_iter().map(|row| line(org, row, now)).collect_view();
    view! {
        <table class="table">
            <caption class="sr-only">"Service accounts"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Role"</th>
                    <th scope="col">"State"</th>
                    <th scope="col" class="number">
                        "Tokens"
                    </th>
                    <th scope="col">"Last used"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn line(org: &OrgHeader, row: ServiceAccountRow, now: Timestamp) -> AnyView {
    let used = match row.last_used_at {
        Some(at) => view! { <Moment at=at now=now /> }.into_any(),
        None => view! { <span class="quiet">"Not yet"</span> }.into_any(),
    };
    let described = !row.description.is_empty();
    view! {
        <tr>
            <th scope="row" class="cell-main">
                <a class="row-link" href=paths::org(&org.handle).service_account(row.id)>
                    {row.name}
                </a>
                {described.then(|| view! { <p class="cell-note">{row.description}</p> })}
            </th>
            <td data-label="Role">{role_label(row.role)}</td>
            <td data-label="State">{state_badge(row.active)}</td>
            <td class="number mono" data-label="Tokens">
                {row.tokens}
            </td>
            <td data-label="Last used">{used}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn CreateForm(handle: String) -> AnyView {
    let form = use_form::<CreateServiceAccount>();
    view! {
        <Section id="add" title="Add a service account">
            <PlainForm form=form failed="No service account was added" class="form" label="Add a service account">
                <input type="hidden" name="handle" value=handle />
                {fields(form.status, None)}
                <div class="form-actions">
                    <SubmitButton label="Add service account" busy_label="Adding…" pending=form.pending />
                </div>
            </PlainForm>
        </Section>
    }
    .into_any()
}

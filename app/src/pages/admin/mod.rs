//! The Admin page: an organization's flags, domains, seats and workspace settings in one form, then their history, the
//! hand-over to the first owner, and deletion.
//!
//! - [`state`]: what the form's parts share; [`values`]: fields by name, in models and in the page
//! - [`flags`], [`domain_access`], [`workspace`]: the form's sections; [`fields`]: how a field is laid out
//! - [`editor`]: Monaco over the workspace settings; [`problems`]: what the rules say of them
//! - [`conflict`]: choosing a side after somebody else saved
//! - [`test_report`], [`history`], [`bootstrap_link`]: sections below the form; [`revision`]: a page of its own

mod bootstrap_link;
mod conflict;
mod dom;
mod domain_access;
mod editor;
mod fields;
mod flags;
mod history;
mod idna;
#[cfg(feature = "hydrate")]
mod near;
mod problems;
mod revision;
mod revision_acts;
mod revision_diff;
mod state;
mod test_report;
#[cfg(feature = "hydrate")]
mod theme_watch;
mod values;
mod workspace;

pub use revision::RevisionPage;

use domain::org::AdminPage as Model;
use domain::org::{OrgState, SavedSettings};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use ui::{Alert, PageHeader, Tone};

use crate::api::admin::{LoadAdmin, SaveAdmin};
use crate::form::{SettingsForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::pages::danger::DangerZone;
use crate::wire::Ask;
use crate::{page, paths};
use bootstrap_link::HandOver;
use conflict::Choice;
use domain_access::DomainAccess;
use flags::Flags;
use history::History;
use state::AdminState;
use test_report::TestReport;
use workspace::WorkspaceSettings;

#[component]
pub fn AdminPage() -> AnyView {
    let handle = page::param("handle");
    page::load(move || Ask::of(LoadAdmin { handle: handle() }), |model| title(&model.org.display_name), show)
}

fn title(organization: &impl ToString) -> String {
    ["Admin · ", &organization.to_string()].concat()
}

fn show(model: Model) -> AnyView {
    let description =
        ["Settings of ", model.org.display_name.as_str(), " that only platform administrators see."].concat();
    view! {
        <Frame
            viewer=model.viewer.clone()
            org=Some(model.org.clone())
            place=Place::Admin
            trail=vec![Crumb::here("Admin")]
        >
            <PageHeader title="Admin" description=description />
            {if model.org.state.is_open() {
                view! { <Open model=model /> }.into_any()
            } else {
                view! { <Closed model=model /> }.into_any()
            }}
        </Frame>
    }
    .into_any()
}

/// The page while the organization's settings may change.
#[component]
fn Open(model: Model) -> AnyView {
    let form = use_form::<SaveAdmin>();
    let pages = paths::org(&model.org.handle);
    let (org, version) = (model.org.clone(), model.version);
    let state = AdminState::new(form.status, model.form.clone());
    let (plans, subscription) = (model.plans.clone(), model.subscription.clone());
    let model = RwSignal::new(model);

    let handle = org.handle.to_string();
    let fetch = Callback::new({
        let handle = handle.clone();
        move |then: fn(AdminState, &Model)| {
            let handle = handle.clone();
            spawn_local(async move {
                // The page may have been left meanwhile.
                if let Ok(page) = Ask::of(LoadAdmin { handle }).answer().await
                    && !model.is_disposed()
                {
                    then(state, &page);
                    model.set(page);
                }
            });
        }
    });
    let refresh = Callback::new(move |()| fetch.run(|_, _| ()));
    let on_saved = Callback::new(move |_: SavedSettings| fetch.run(settle));
    let choice = Choice::new(state, form.status, model);
    let revision_pages = paths::org(&org.handle);
    view! {
        <RestoredNotice />
        <SettingsForm
            form=form
            version=version
            page=pages.admin()
            revision_href=Callback::new(move |version| revision_pages.revision(version, None))
            on_saved=on_saved
            choice=Callback::new(move |conflict| choice.buttons(&conflict))
        >
            <input type="hidden" name="handle" value=handle />
            <div
                node_ref=state.root
                on:input=move |event| state.on_edit(&event)
                on:change=move |event| state.on_edit(&event)
                on:focusout=move |event| state.on_leave(&event)
            >
                <Flags state=state />
                <DomainAccess state=state plans=plans subscription=subscription />
                <WorkspaceSettings state=state />
            </div>
        </SettingsForm>
        <TestReport model=model />
        <History model=model />
        <HandOver model=model refresh=refresh />
        <DangerZone org=org />
    }
    .into_any()
}

/// After a save: the form follows what the server made of it, such as the host of a pasted address.
fn settle(state: AdminState, page: &Model) {
    state.saved.try_set(page.form.clone());
    if let Some(form) = state.form() {
        values::rebase(&form, &page.form);
    }
}

/// In place of the page once deletion has begun.
#[component]
fn Closed(model: Model) -> AnyView {
    let text = match model.org.state {
        OrgState::PendingDeletion => "The deletion of this organization is scheduled. Its settings can't change.",
        _ => "This organization is being deleted. Its settings can't change any more.",
    };
    view! {
        <Alert tone=Tone::Warning title="Being deleted">
            <p>{text}</p>
            {model
                .deletion
                .map(|deletion| {
                    view! {
                        <p>
                            <a class="link" href=paths::process(deletion.process)>
                                "Watch the deletion"
                            </a>
                        </p>
                    }
                })}
        </Alert>
    }
    .into_any()
}

/// After a restore, which leads here.
#[component]
fn RestoredNotice() -> AnyView {
    let query = use_query_map();
    let restored = move || query.with(|query| query.get("restored").and_then(|version| version.parse::<i64>().ok()));
    view! {
        {move || {
            restored()
                .map(|version| {
                    view! {
                        <Alert tone=Tone::Success assertive=true>
                            <p>{["Revision ", &version.to_string(), " was restored."].concat()}</p>
                        </Alert>
                    }
                })
        }}
    }
    .into_any()
}

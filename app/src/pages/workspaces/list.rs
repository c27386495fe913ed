//! The list. Search, filter and position stand in the URL.

use domain::Timestamp;
use domain::authz::Permission;
use domain::name::Handle;
use domain::org::OrgHeader;
use domain::workspace::{NAME_MAX, SEARCH_MAX, WorkspaceRow, WorkspaceState, WorkspacesPage as Model, WorkspacesQuery};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use ui::{EmptyState, Field, Icon, Moment, PageHeader, Section, SubmitButton, TextInput};

use super::acts::buttons;
use super::state_badge;
use crate::api::workspace::{ChangeWorkspace, CreateWorkspace, LoadWorkspaces};
use crate::form::{FormState, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param, use_reload};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn WorkspacesPage() -> AnyView {
    // Made once: the page's content is made anew after each change.
    let (create, change) = (use_form::<CreateWorkspace>(), use_form::<ChangeWorkspace>());
    let (handle, params) = (param("handle"), use_query_map());
    load(
        move || {
            let query = params.with(|params| WorkspacesQuery::from_params(|name| params.get(name)));
            Ask::of(LoadWorkspaces { handle: handle(), query })
        },
        |page: &Model| ["Workspaces · ", page.org.display_name.as_str()].concat(),
        move |page| show(page, create, change),
    )
}

fn show(page: Model, create: FormState<CreateWorkspace>, change: FormState<ChangeWorkspace>) -> AnyView {
    let Model { viewer, org, query, rows, more, suffix, now, .. } = page;
    let reload = use_reload();
    Effect::new(move |before: Option<()>| {
        let done = create.answer().is_some() | change.answer().is_some();
        if done && before.is_some() {
            reload.run();
        }
    });
    let can_write = org.can(Permission::WorkspacesWrite) && org.state.is_open();
    let next =
        rows.last().filter(|_| more).map(|row| WorkspacesQuery { after: Some(row.name.to_string()), ..query.clone() });
    let first = WorkspacesQuery { after: None, ..query.clone() };
    let pager = (query.after.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {page_link("First", query.after.as_ref().map(|_| first), &org.handle)}
                {page_link("Next", next, &org.handle)}
            </nav>
        }
    });
    let entries = match rows.is_empty() {
        true => nothing(&org.handle, &query, can_write),
        false => table(&org, rows, change, can_write, now),
    };
    let handle = org.handle.to_string();
    view! {
        <Frame viewer=viewer org=Some(org.clone()) place=Place::Workspaces trail=vec![Crumb::here("Workspaces")]>
            <PageHeader title="Workspaces" description="The units of work that the platform runs for this organization." />
            <div class="toolbar">
                <ListSearch handle=org.handle.clone() query=query.clone() /> {state_pills(&org.handle, &query)}
            </div>
            {entries}
            {pager}
            {can_write.then(|| view! { <CreateForm form=create handle=handle suffix=suffix /> })}
        </Frame>
    }
    .into_any()
}

fn page_link(label: &'static str, query: Option<WorkspacesQuery>, handle: &Handle) -> AnyView {
    match query {
        Some(query) => view! {
            <a class="btn btn-quiet" href=paths::org(handle).workspaces(&query)>
                {label}
            </a>
        }
        .into_any(),
        None => view! { <span class="btn btn-quiet btn-off">{label}</span> }.into_any(),
    }
}

/// Keeps the filter; a new search begins at the first page.
#[component]
fn ListSearch(handle: Handle, query: WorkspacesQuery) -> AnyView {
    let navigate = use_navigate();
    let input = NodeRef::<leptos::html::Input>::new();
    let action = paths::org(&handle).workspaces(&WorkspacesQuery::default());
    let state = query.state.map(WorkspaceState::name);
    let search = query.search.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(input) = input.get_untracked() {
            let search = input.value().trim().to_owned();
            let query = WorkspacesQuery { search, after: None, ..query.clone() };
            navigate(&paths::org(&handle).workspaces(&query), Default::default());
        }
    };
    view! {
        <form class="list-search" role="search" aria-label="This list" method="get" action=action on:submit=submit>
            {state.map(|state| view! { <input type="hidden" name="state" value=state /> })}
            <input
                class="input"
                type="search"
                name="search"
                placeholder="Part of the name"
                aria-label="Search workspaces"
                maxlength=SEARCH_MAX.to_string()
                autocomplete="off"
                value=search.clone()
                // What was typed outlives the attribute when another query is shown on the same page.
                prop:value=search
                node_ref=input
            />
            <button type="submit" class="btn btn-quiet">
                {Icon::Search.view()}
                "Search"
            </button>
        </form>
    }
    .into_any()
}

fn state_pills(handle: &Handle, query: &WorkspacesQuery) -> AnyView {
    let pill = |state: Option<WorkspaceState>, label: &'static str| {
        let href = paths::org(handle).workspaces(&WorkspacesQuery { state, after: None, ..query.clone() });
        view! {
            <li>
                <a class="pill" href=href aria-current=(query.state == state).then_some("true")>
                    {label}
                </a>
            </li>
        }
    };
    let all = pill(None, "All");
    let states = WorkspaceState::ALL.map(|state| pill(Some(state), state.label()));
    view! {
        <nav aria-label="Filter by state">
            <ul class="pills">{all} {states.collect_view()}</ul>
        </nav>
    }
    .into_any()
}

fn table(
    org: &OrgHeader,
    rows: Vec<WorkspaceRow>,
    change: FormState<ChangeWorkspace>,
    can_write: bool,
    now: Timestamp,
) -> AnyView {
    let handle = org.handle.to_string();
    let lines = rows.into_iter().map(|row| line(org, row, can_write, now)).collect_view();
    view! {
        <PlainForm form=change failed="Nothing was changed" label="Workspaces">
            <input type="hidden" name="handle" value=handle />
            <table class="table">
                <caption class="sr-only">"Workspaces"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"DNS name"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Created"</th>
                        <th scope="col">
                            <span class="sr-only">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </PlainForm>
    }
    .into_any()
}

fn line(org: &OrgHeader, row: WorkspaceRow, can_write: bool, now: Timestamp) -> AnyView {
    let acts = can_write.then(|| buttons(&row, now));
    let dns = row.dns_name.clone().unwrap_or_else(|| "–".to_owned());
    view! {
        <tr>
            <th scope="row" class="cell-main">
                <a class="row-link mono" href=paths::org(&org.handle).workspace(row.id)>
                    {row.name.to_string()}
                </a>
            </th>
            <td class="mono cell-long" data-label="DNS name">
                {dns}
            </td>
            <td data-label="State">{state_badge(row.state)}</td>
            <td data-label="Created">
                <Moment at=row.created_at now=now />
            </td>
            <td>
                <div class="row-actions">{acts}</div>
            </td>
        </tr>
    }
    .into_any()
}

fn nothing(handle: &Handle, query: &WorkspacesQuery, can_write: bool) -> AnyView {
    if query.is_filtered() || query.after.is_some() {
        let cleared = paths::org(handle).workspaces(&WorkspacesQuery::default());
        return view! {
            <EmptyState icon=Icon::Search title="No workspace found" text="No name holds what was searched for.">
                <a class="btn btn-quiet" href=cleared>
                    "Clear search and filter"
                </a>
            </EmptyState>
        }
        .into_any();
    }
    let text = match can_write {
        true => "Each gets a DNS name of its own, and the settings of the organization. Create the first one below.",
        false => "An owner creates them.",
    };
    view! { <EmptyState icon=Icon::Workspace title="No workspaces yet" text=text /> }.into_any()
}

#[component]
fn CreateForm(form: FormState<CreateWorkspace>, handle: String, suffix: Option<String>) -> AnyView {
    let refused = form.status.fault.with_untracked(Option::is_some);
    let name = form.typed("name").filter(|_| refused).unwrap_or_default();
    let help = match suffix {
        Some(suffix) => ["Small letters, digits and “-”. It is found at NAME.", &suffix, "."].concat(),
        None => "Small letters, digits and “-”. It gets a DNS name once the platform has a domain.".to_owned(),
    };
    let cleared = RwSignal::new(None::<String>);
    Effect::new(move |before: Option<()>| {
        if form.answer().is_some() && before.is_some() {
            cleared.set(Some(String::new()));
        }
    });
    let told = move || {
        form.answer().map(|made| {
            let text = ["The workspace “", made.name.as_str(), "” was created."].concat();
            view! { <p class="field-note" role="status">{text}</p> }
        })
    };
    view! {
        <Section id="new-workspace" title="New workspace">
            <PlainForm form=form failed="No workspace was created" class="form" label="New workspace">
                <input type="hidden" name="handle" value=handle />
                <Field name="name" label="Name" help=help error=form.field_error("name")>
                    <TextInput
                        value=name
                        mono=true
                        required=true
                        autocomplete="off"
                        maxlength=NAME_MAX as i32
                        driven=cleared
                    />
                </Field>
                <div class="form-actions">
                    {told} <SubmitButton label="Create workspace" busy_label="Creating…" pending=form.pending />
                </div>
            </PlainForm>
        </Section>
    }
    .into_any()
}

//! Lists of processes: an organization's, and the whole instance's. Filter and position stand in the URL.

use domain::Timestamp;
use domain::job::{ProcessRow, ProcessState, ProcessesPage as Model, ProcessesQuery};
use domain::name::Handle;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use ui::{EmptyState, Icon, Moment, PageHeader};

use super::state_badge;
use crate::api::process::{LoadOrgProcesses, LoadProcesses};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn ProcessesPage() -> AnyView {
    let params = use_query_map();
    load(
        move || {
            let query = params.with(|params| ProcessesQuery::from_params(|name| params.get(name)));
            Ask::of(LoadProcesses { query })
        },
        |_| "Processes".to_owned(),
        show,
    )
}

#[component]
pub fn OrgProcessesPage() -> AnyView {
    let (handle, params) = (param("handle"), use_query_map());
    load(
        move || {
            let query = params.with(|params| ProcessesQuery::from_params(|name| params.get(name)));
            Ask::of(LoadOrgProcesses { handle: handle(), query })
        },
        |page: &Model| {
            let org = page.org.as_ref().map(|org| org.display_name.as_str()).unwrap_or_default();
            ["Processes · ", org].concat()
        },
        show,
    )
}

fn show(page: Model) -> AnyView {
    let Model { viewer, org, query, rows, more, now } = page;
    let handle = org.as_ref().map(|org| org.handle.clone());
    let (place, trail, description) = match &org {
        Some(_) => (
            Place::Processes,
            vec![Crumb::here("Activity"), Crumb::here("Processes")],
            "Work on this organization that goes on by itself.",
        ),
        None => {
            (Place::Elsewhere, vec![Crumb::here("Processes")], "Work that goes on by itself, in every organization.")
        }
    };
    let next = rows.last().filter(|_| more).map(|row| ProcessesQuery { before: Some(row.id), ..query.clone() });
    let newest = query.before.map(|_| ProcessesQuery { before: None, ..query.clone() });
    let pager = (newest.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {page_link("Newest", newest, handle.as_ref())} {page_link("Older", next, handle.as_ref())}
            </nav>
        }
    });
    let entries = match rows.is_empty() {
        true => nothing(&query, handle.as_ref()),
        false => table(rows, handle.is_none(), now),
    };
    view! {
        <Frame viewer=viewer org=org place=place trail=trail>
            <PageHeader title="Processes" description=description />
            <div class="toolbar">{state_pills(&query, handle.as_ref())}</div>
            {entries}
            {pager}
        </Frame>
    }
    .into_any()
}

/// The list's address, of an organization or of the instance.
fn address(query: &ProcessesQuery, handle: Option<&Handle>) -> String {
    handle.map_or_else(|| paths::processes(query), |handle| paths::org(handle).processes(query))
}

fn page_link(label: &'static str, query: Option<ProcessesQuery>, handle: Option<&Handle>) -> AnyView {
    match query {
        Some(query) => view! {
            <a class="btn btn-quiet" href=address(&query, handle)>
                {label}
            </a>
        }
        .into_any(),
        None => view! { <span class="btn btn-quiet btn-off">{label}</span> }.into_any(),
    }
}

fn state_pills(query: &ProcessesQuery, handle: Option<&Handle>) -> AnyView {
    let pill = |state: Option<ProcessState>, label: &'static str| {
        let href = address(&ProcessesQuery { state, before: None }, handle);
        view! {
            <li>
                <a class="pill" href=href aria-current=(query.state == state).then_some("true")>
                    {label}
                </a>
            </li>
        }
    };
    let all = pill(None, "All");
    let states = ProcessState::ALL.map(|state| pill(Some(state), state.label()));
    view! {
        <nav aria-label="Filter by state">
            <ul class="pills">{all} {states.collect_view()}</ul>
        </nav>
    }
    .into_any()
}

fn nothing(query: &ProcessesQuery, handle: Option<&Handle>) -> AnyView {
    if query.state.is_some() || query.before.is_some() {
        let all = address(&ProcessesQuery::default(), handle);
        return view! {
            <EmptyState icon=Icon::Search title="No process found" text="None is in this state.">
                <a class="btn btn-quiet" href=all>
                    "Show all"
                </a>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState
            icon=Icon::Process
            title="No processes yet"
            text="What takes longer than a page, such as deleting an organization, is watched here."
        />
    }
    .into_any()
}

fn table(rows: Vec<ProcessRow>, names_org: bool, now: Timestamp) -> AnyView {
    let lines = rows.into_iter().map(|row| line(row, names_org, now)).collect_view();
    view! {
        <table class="table">
            <caption class="sr-only">"Processes, newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"What"</th>
                    <th scope="col">"State"</th>
                    <th scope="col" class="number">
                        "Steps"
                    </th>
                    <th scope="col">"Started"</th>
                    <th scope="col">"By"</th>
                    <th scope="col">"Ended"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn line(row: ProcessRow, names_org: bool, now: Timestamp) -> AnyView {
    let what = match names_org {
        true => ["Delete ", &row.display_name, " (", &row.handle, ")"].concat(),
        false => "Delete the organization".to_owned(),
    };
    let ended = match row.finished_at {
        Some(at) => view! { <Moment at=at now=now /> }.into_any(),
        None => view! { <span class="quiet">"–"</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="cell-main">
                <a class="row-link" href=paths::process(row.id)>
                    {what}
                </a>
            </th>
            <td data-label="State">{state_badge(row.state)}</td>
            <td class="number mono" data-label="Steps">
                {[&row.steps_over.to_string(), " of ", &row.steps.to_string()].concat()}
            </td>
            <td data-label="Started">
                <Moment at=row.started_at now=now />
            </td>
            <td data-label="By">{row.started_by}</td>
            <td data-label="Ended">{ended}</td>
        </tr>
    }
    .into_any()
}

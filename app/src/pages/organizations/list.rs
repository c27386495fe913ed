//! The organizations table. Search, filter, sort and position stand in the URL, so every control is a link or a form
//! that leads to another URL.

use domain::Timestamp;
use domain::name::Handle;
use domain::org::{OrgRow, OrgState, OrgsPage};
use domain::page::{Cursor, OrgSort, OrgsQuery, Position, SEARCH_MAX};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;
use ui::{Alert, Avatar, Badge, EmptyState, Icon, Moment, PageHeader, Tone};

use super::state::StateBadge;
use crate::api::orgs::LoadOrgs;
use crate::frame::{Crumb, Frame, Place};
use crate::page::load;
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn OrganizationsPage() -> AnyView {
    let params = use_query_map();
    load(
        move || Ask::of(LoadOrgs { query: params.with(|params| OrgsQuery::from_params(|name| params.get(name))) }),
        |_| "Organizations".to_owned(),
        move |page: OrgsPage| {
            let OrgsPage { viewer, query, rows, previous, next, can_create, now } = page;
            let is_empty = rows.is_empty();
            let platform_admin = viewer.platform_admin;
            view! {
                <Frame viewer=viewer org=None place=Place::Organizations trail=vec![Crumb::here("Organizations")]>
                    <PageHeader title="Organizations" description="The tenants of this platform that you can open.">
                        {can_create.then(create_link)}
                    </PageHeader>
                    {after_deletion(params)}
                    <div class="toolbar">
                        <ListSearch query=query.clone() /> {state_pills(&query)}
                    </div>
                    {if is_empty {
                        nothing(&query, can_create, platform_admin)
                    } else {
                        table(&query, rows, now)
                    }}
                    {pager(&query, previous, next)}
                </Frame>
            }
            .into_any()
        },
    )
}

/// For an owner, who can't watch the deletion they have started.
fn after_deletion(params: Memo<ParamsMap>) -> AnyView {
    let deleted = move || params.with(|params| params.get("deleted")).filter(|handle| Handle::parse(handle).is_ok());
    view! {
        {move || {
            deleted()
                .map(|handle| {
                    let text = ["The deletion of “", &handle, "” has been started. It goes on by itself."].concat();
                    view! {
                        <Alert tone=Tone::Success assertive=true>
                            <p>{text}</p>
                        </Alert>
                    }
                })
        }}
    }
    .into_any()
}

fn create_link() -> AnyView {
    view! {
        <a class="btn btn-primary" href=paths::new_organization()>
            {Icon::Plus.view()}
            "Create organization"
        </a>
    }
    .into_any()
}

/// Keeps filter and sort; a new search begins at the first page.
#[component]
fn ListSearch(query: OrgsQuery) -> AnyView {
    let navigate = use_navigate();
    let input = NodeRef::<leptos::html::Input>::new();
    let kept: Vec<_> = OrgsQuery { search: String::new(), position: None, ..query.clone() }.to_params();
    let search = query.search.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(input) = input.get_untracked() {
            let search = input.value().trim().to_owned();
            navigate(&paths::organizations(&OrgsQuery { search, position: None, ..query.clone() }), Default::default());
        }
    };
    view! {
        <form class="list-search" role="search" method="get" action="/organizations" on:submit=submit>
            {kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()}
            <input
                class="input"
                id="search"
                type="search"
                name="search"
                placeholder="Name or handle"
                aria-label="Search organizations"
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

fn state_pills(query: &OrgsQuery) -> AnyView {
    let pill = |state: Option<OrgState>, label: String| {
        let href = paths::organizations(&OrgsQuery { state, position: None, ..query.clone() });
        view! {
            <li>
                <a class="pill" href=href aria-current=(query.state == state).then_some("true")>
                    {label}
                </a>
            </li>
        }
    };
    let all = pill(None, "All".to_owned());
    let states = OrgState::ALL.map(|state| pill(Some(state), state.to_string()));
    view! {
        <nav aria-label="Filter by state">
            <ul class="pills">{all} {states.collect_view()}</ul>
        </nav>
    }
    .into_any()
}

fn table(query: &OrgsQuery, rows: Vec<OrgRow>, now: Timestamp) -> AnyView {
    view! {
        <table class="table">
            <caption class="sr-only">"Organizations"</caption>
            <thead>
                <tr>
                    {sort_header(query, OrgSort::Name, "Name")} {sort_header(query, OrgSort::Handle, "Handle")}
                    <th scope="col">"State"</th> <th scope="col">"Partner"</th>
                    {sort_header(query, OrgSort::Created, "Created")}
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(|row| table_row(row, now)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// Sorts by the column; a second press turns the order round.
fn sort_header(query: &OrgsQuery, sort: OrgSort, label: &'static str) -> AnyView {
    let sorted = query.sort == sort;
    let descending = sorted && !query.descending;
    let href = paths::organizations(&OrgsQuery { sort, descending, position: None, ..query.clone() });
    let order = match (sorted, query.descending) {
        (false, _) => None,
        (true, false) => Some(("ascending", Icon::Ascending)),
        (true, true) => Some(("descending", Icon::Descending)),
    };
    view! {
        <th scope="col" aria-sort=order.map(|(name, _)| name)>
            <a class="sort" href=href>
                {label}
                {order.map(|(_, icon)| icon.view())}
            </a>
        </th>
    }
    .into_any()
}

fn table_row(row: OrgRow, now: Timestamp) -> AnyView {
    let partner = match (row.partner, row.managed_by) {
        (true, _) => view! { <Badge tone=Tone::Primary label="Partner" /> }.into_any(),
        (false, Some(manager)) => view! {
            <span>
                <span class="quiet">"Managed by "</span>
                <a class="link" href=paths::org(&manager.handle).overview()>
                    {manager.display_name.to_string()}
                </a>
            </span>
        }
        .into_any(),
        (false, None) => view! { <span class="quiet">"–"</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="cell-main">
                <Avatar id=*row.id.bytes() text=row.display_name.initials() picture=row.avatar lazy=true />
                <a class="row-link" href=paths::org(&row.handle).overview()>
                    {row.display_name.to_string()}
                </a>
            </th>
            <td class="mono" data-label="Handle">
                {row.handle.to_string()}
            </td>
            <td data-label="State">
                <StateBadge state=row.state />
            </td>
            <td data-label="Partner">{partner}</td>
            <td data-label="Created">
                <Moment at=row.created_at now=now />
            </td>
        </tr>
    }
    .into_any()
}

fn nothing(query: &OrgsQuery, can_create: bool, platform_admin: bool) -> AnyView {
    if !query.search.is_empty() || query.state.is_some() || query.position.is_some() {
        let cleared = OrgsQuery { search: String::new(), state: None, position: None, ..query.clone() };
        return view! {
            <EmptyState
                icon=Icon::Search
                title="No organization found"
                text="Every word of the search must begin a word of the name or the handle."
            >
                <a class="btn btn-quiet" href=paths::organizations(&cleared)>
                    "Clear search and filter"
                </a>
            </EmptyState>
        }
        .into_any();
    }
    let text = if platform_admin {
        "An organization is a tenant of your platform, with its own people, limits and settings. Create the first one and hand it to its owner by a link."
    } else {
        "You don't belong to an organization yet. If you were given a link, follow it or paste it on the Join page."
    };
    let step = if can_create {
        create_link()
    } else {
        view! {
            <a class="btn btn-quiet" href=paths::join()>
                "Join with a link"
            </a>
        }
        .into_any()
    };
    view! {
        <EmptyState icon=Icon::Organization title="No organizations yet" text=text>
            {step}
        </EmptyState>
    }
    .into_any()
}

fn pager(query: &OrgsQuery, previous: Option<Cursor>, next: Option<Cursor>) -> Option<AnyView> {
    if previous.is_none() && next.is_none() {
        return None;
    }
    let link = |label: &'static str, position: Option<Position>| match position {
        Some(position) => {
            let href = paths::organizations(&OrgsQuery { position: Some(position), ..query.clone() });
            view! {
                <a class="btn btn-quiet" href=href>
                    {label}
                </a>
            }
            .into_any()
        }
        None => view! { <span class="btn btn-quiet btn-off">{label}</span> }.into_any(),
    };
    let pager = view! {
        <nav class="pager" aria-label="Pages">
            {link("Previous", previous.map(Position::Before))} {link("Next", next.map(Position::After))}
        </nav>
    };
    Some(pager.into_any())
}

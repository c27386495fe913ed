//! Search box and user menu of the top bar.

use domain::page::OrgsQuery;
use domain::people::Viewer;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use ui::{Avatar, Badge, Icon, SubmitButton, Tone};

use crate::api::session::SignOut;
use crate::form::{PlainForm, use_form};
use crate::paths;

/// Searches organizations; `/` moves the focus here.
#[component]
pub fn SearchBox() -> AnyView {
    let navigate = use_navigate();
    let input = NodeRef::<leptos::html::Input>::new();
    let query = use_query_map();
    let current = move || query.with(|query| query.get("search").unwrap_or_default());
    let search = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(input) = input.get_untracked() {
            let query = OrgsQuery { search: input.value().trim().to_owned(), ..OrgsQuery::default() };
            navigate(&paths::organizations(&query), Default::default());
        }
    };
    view! {
        <form class="search" role="search" aria-label="All organizations" method="get" action="/organizations" on:submit=search>
            {Icon::Search.view()}
            <input
                class="input"
                id="search"
                type="search"
                name="search"
                placeholder="Search organizations"
                aria-label="Search organizations"
                maxlength=domain::page::SEARCH_MAX.to_string()
                autocomplete="off"
                value=current
                node_ref=input
            />
            <kbd class="search-key needs-js" aria-hidden="true">
                "/"
            </kbd>
        </form>
    }
    .into_any()
}

/// Who is signed in, and the way out.
#[component]
pub fn UserMenu(viewer: Viewer) -> AnyView {
    let sign_out = use_form::<SignOut>();
    let initials = initials(&viewer.name);
    let label = ["Account: ", &viewer.name].concat();
    view! {
        <button type="button" class="btn btn-ghost user-button" popovertarget="user-menu" aria-label=label>
            <Avatar id=*viewer.id.bytes() text=initials />
        </button>
        <div class="menu-popover" id="user-menu" popover="auto">
            <p class="user-name">{viewer.name}</p>
            <p class="user-email">{viewer.email}</p>
            {viewer
                .platform_admin
                .then(|| view! { <Badge tone=Tone::Primary label="Platform administrator" /> })}
            {viewer
                .platform_admin
                .then(|| {
                    view! {
                        <a class="menu-link" href=paths::processes(&Default::default())>
                            {Icon::Process.view()}
                            "Processes"
                        </a>
                        <a class="menu-link" href=paths::instance_settings()>
                            {Icon::Sliders.view()}
                            "Instance settings"
                        </a>
                        <a class="menu-link" href=paths::plans()>
                            {Icon::Card.view()}
                            "Plans"
                        </a>
                        <a class="menu-link" href=paths::invoices(&Default::default())>
                            {Icon::Invoice.view()}
                            "Invoices"
                        </a>
                        <a class="menu-link" href=paths::instance_tokens()>
                            {Icon::Robot.view()}
                            "Instance tokens"
                        </a>
                        <a class="menu-link" href=paths::meters()>
                            {Icon::Gauge.view()}
                            "Meters"
                        </a>
                        <a class="menu-link" href=paths::mails(&Default::default())>
                            {Icon::Mail.view()}
                            "Mail"
                        </a>
                    }
                })}
            <a class="menu-link" href=paths::tokens()>
                {Icon::Link.view()}
                "Access tokens"
            </a>
            <PlainForm form=sign_out failed="You are still signed in" class="menu-form">
                <SubmitButton
                    label="Sign out"
                    busy_label="Signing out…"
                    pending=sign_out.pending
                    tone=Tone::Neutral
                    icon=Icon::SignOut
                />
            </PlainForm>
        </div>
    }
    .into_any()
}

/// One or two letters for a person's avatar.
fn initials(name: &str) -> String {
    domain::name::DisplayName::parse(name).map_or_else(|_| "?".to_owned(), |name| name.initials())
}

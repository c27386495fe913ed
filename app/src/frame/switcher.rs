//! The organization switcher: a link to the list, which script turns into a search.

use domain::org::{OrgHeader, SwitcherEntry};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use ui::{Avatar, Icon, use_interactive};

use crate::api::orgs::SearchOrgs;
use crate::form::{FormState, use_form};
use crate::paths;

const POPOVER: &str = "switcher";

/// Shows the organization the page is about, and leads to others.
#[component]
pub fn Switcher(org: Option<OrgHeader>) -> AnyView {
    let interactive = use_interactive();
    let org = StoredValue::new(org);
    let face = move || {
        let (avatar, name) = org.with_value(|org| match org {
            Some(org) => (
                view! { <Avatar id=*org.id.bytes() text=org.display_name.initials() picture=org.avatar.clone() /> }
                    .into_any(),
                org.display_name.to_string(),
            ),
            None => (Icon::Organization.view(), "Tenantry".to_owned()),
        });
        view! {
            {avatar}
            <span class="switcher-name">{name}</span>
            {Icon::Switch.view()}
        }
    };
    let search = use_form::<SearchOrgs>();
    let open = move |_| {
        search.send(&SearchOrgs { search: String::new() });
    };
    view! {
        {move || {
            if interactive.get() {
                view! {
                    <button
                        type="button"
                        class="btn btn-ghost switcher-button"
                        popovertarget=POPOVER
                        aria-label="Switch organization"
                        on:click=open
                    >
                        {face()}
                    </button>
                    <SwitcherPopover search=search />
                }
                    .into_any()
            } else {
                view! {
                    <a class="btn btn-ghost switcher-button" href=paths::organizations(&Default::default())>
                        {face()}
                    </a>
                }
                    .into_any()
            }
        }}
    }
    .into_any()
}

/// The search and its hits, a combobox with a list.
#[component]
fn SwitcherPopover(search: FormState<SearchOrgs>) -> AnyView {
    let popover = NodeRef::<leptos::html::Div>::new();
    let active = RwSignal::new(0_usize);
    let answer = Memo::new(move |_| search.answer());
    let hits = Signal::derive(move || answer.get().unwrap_or_default());
    let finds_nothing = move || answer.with(|hits| hits.as_ref().is_some_and(Vec::is_empty));
    let failed = move || search.status.fault.with(Option::is_some);
    let navigate = use_navigate();
    let go = Callback::new(move |path: String| {
        if let Some(popover) = popover.get_untracked() {
            let _ = popover.hide_popover();
        }
        navigate(&path, Default::default());
    });
    let typed = move |event: leptos::ev::Event| {
        active.set(0);
        search.send(&SearchOrgs { search: event_target_value(&event) });
    };
    let keys = move |event: KeyboardEvent| {
        let count = hits.with(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => active.update(|active| *active = (*active + 1) % count),
            "ArrowUp" if count > 0 => active.update(|active| *active = (*active + count - 1) % count),
            "Enter" => {
                if let Some(hit) = hits.with(|hits| hits.get(active.get_untracked()).cloned()) {
                    go.run(paths::org(&hit.handle).overview());
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div class="menu-popover switcher-popover" id=POPOVER popover="auto" node_ref=popover>
            <input
                class="input"
                type="text"
                role="combobox"
                aria-label="Find an organization"
                aria-expanded="true"
                aria-controls="switcher-list"
                aria-autocomplete="list"
                aria-activedescendant=move || {
                    hits.with(|hits| hits.get(active.get()).map(|_| option_id(active.get())))
                }
                placeholder="Find an organization"
                autocomplete="off"
                autofocus=true
                on:input=typed
                on:keydown=keys
            />
            <ul class="switcher-list" id="switcher-list" role="listbox" aria-label="Organizations">
                {move || {
                    hits.get()
                        .into_iter()
                        .enumerate()
                        .map(|(index, hit)| switcher_option(index, hit, active, go))
                        .collect_view()
                        .into_any()
                }}
            </ul>
            <p class="switcher-note" role="status">
                {move || {
                    if failed() {
                        "The search failed. Type again to retry."
                    } else if finds_nothing() {
                        "No organization found."
                    } else {
                        ""
                    }
                }}
            </p>
            <a class="link switcher-all" href=paths::organizations(&Default::default())>
                "All organizations"
            </a>
        </div>
    }
    .into_any()
}

fn option_id(index: usize) -> String {
    format!("switcher-option-{index}")
}

fn switcher_option(index: usize, hit: SwitcherEntry, active: RwSignal<usize>, go: Callback<String>) -> AnyView {
    let path = paths::org(&hit.handle).overview();
    view! {
        <li
            class="switcher-option"
            id=option_id(index)
            role="option"
            aria-selected=move || if active.get() == index { "true" } else { "false" }
            on:click=move |_| go.run(path.clone())
            on:mousemove=move |_| active.set(index)
        >
            <Avatar id=*hit.id.bytes() text=hit.display_name.initials() picture=hit.avatar lazy=true />
            <span class="switcher-name">{hit.display_name.to_string()}</span>
            <span class="mono switcher-handle">{hit.handle.to_string()}</span>
        </li>
    }
    .into_any()
}

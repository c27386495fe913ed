//! What a page says about a state: messages, badges, nothing there, still loading.

use leptos::prelude::*;

use crate::{Icon, Tone};

/// A message in the page. `assertive` has screen readers say it at once.
#[component]
pub fn Alert(
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] title: Option<String>,
    #[prop(optional)] assertive: bool,
    children: Children,
) -> AnyView {
    let (class, icon) = match tone {
        Tone::Success => ("notice notice-success", Icon::Success),
        Tone::Warning => ("notice notice-warning", Icon::Warning),
        Tone::Danger | Tone::DangerOutline => ("notice notice-danger", Icon::Error),
        Tone::Neutral | Tone::Primary | Tone::Ghost => ("notice", Icon::Info),
    };
    view! {
        <div class=class role=assertive.then_some("alert")>
            {icon.view()}
            <div class="notice-body">
                {title.map(|title| view! { <p class="notice-title">{title}</p> })} {children()}
            </div>
        </div>
    }
    .into_any()
}

/// A word about a thing's state.
#[component]
pub fn Badge(#[prop(optional)] tone: Tone, #[prop(into)] label: String) -> AnyView {
    let class = match tone {
        Tone::Success => "badge-state badge-success",
        Tone::Warning => "badge-state badge-warning",
        Tone::Danger | Tone::DangerOutline => "badge-state badge-danger",
        Tone::Primary => "badge-state badge-accent",
        Tone::Neutral | Tone::Ghost => "badge-state",
    };
    view! { <span class=class>{label}</span> }.into_any()
}

/// Says what would be here, and offers the first step as children.
#[component]
pub fn EmptyState(
    icon: Icon,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> AnyView {
    view! {
        <div class="empty">
            <span class="empty-icon">{icon.view()}</span>
            <p class="empty-title">{title}</p>
            <p class="empty-text">{text}</p>
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
    .into_any()
}

/// Grey bars where a page of `rows` sections is about to stand.
#[component]
pub fn Skeleton(#[prop(default = 6)] rows: usize) -> AnyView {
    view! {
        <div class="skeletons" role="status">
            <span class="sr-only">"Loading"</span>
            <div class="skeleton skeleton-title"></div>
            {(0..rows).map(|_| view! { <div class="skeleton skeleton-row"></div> }).collect_view()}
        </div>
    }
    .into_any()
}

//! An organization's state as a badge.

use domain::org::OrgState;
use leptos::prelude::*;
use ui::{Badge, Tone};

#[component]
pub fn StateBadge(state: OrgState) -> AnyView {
    let tone = match state {
        OrgState::PendingBootstrap => Tone::Warning,
        OrgState::Active => Tone::Success,
        OrgState::PendingDeletion | OrgState::Deleting => Tone::Danger,
    };
    view! { <Badge tone=tone label=state.to_string() /> }.into_any()
}

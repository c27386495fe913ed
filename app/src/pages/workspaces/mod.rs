//! Workspaces of an organization: the list, and one of them.

mod acts;
mod list;
mod one;

pub use list::WorkspacesPage;
pub use one::WorkspacePage;

use domain::workspace::WorkspaceState;
use leptos::prelude::*;
use ui::{Badge, Tone};

fn state_badge(state: WorkspaceState) -> AnyView {
    let tone = match state {
        WorkspaceState::Active => Tone::Success,
        WorkspaceState::Asleep => Tone::Neutral,
        WorkspaceState::Archived => Tone::Warning,
    };
    view! { <Badge tone=tone label=state.label() /> }.into_any()
}

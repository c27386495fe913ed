//! Processes: the lists, and one of them as it runs.

mod list;
mod one;
mod steps;

pub use list::{OrgProcessesPage, ProcessesPage};
pub use one::ProcessPage;

use domain::job::ProcessState;
use leptos::prelude::*;
use ui::{Badge, Tone};

fn state_badge(state: ProcessState) -> AnyView {
    let tone = match state {
        ProcessState::Scheduled | ProcessState::Waiting => Tone::Warning,
        ProcessState::Queued | ProcessState::Running => Tone::Primary,
        ProcessState::Succeeded => Tone::Success,
        ProcessState::Cancelled => Tone::Neutral,
    };
    view! { <Badge tone=tone label=state.label() /> }.into_any()
}

//! Buttons that move a workspace from one state to another; they stand in a form of `ChangeWorkspace`.

use domain::Timestamp;
use domain::workspace::{WorkspaceAct, WorkspaceRow};
use leptos::prelude::*;
use ui::Tone;

/// The acts that make sense now.
pub fn buttons(row: &WorkspaceRow, now: Timestamp) -> Vec<AnyView> {
    let acts = WorkspaceAct::ALL.into_iter().filter(|act| row.state.after(*act).is_some());
    let acts = acts.map(|act| button(row, act.name(), act.label(), Tone::Neutral));
    let delete = row.is_deletable(now).then(|| button(row, "delete", "Delete for good", Tone::DangerOutline));
    acts.chain(delete).collect()
}

fn button(row: &WorkspaceRow, act: &str, label: &'static str, tone: Tone) -> AnyView {
    let spoken = [label, " ", row.name.as_str()].concat();
    let value = [act, ":", &row.id.to_string()].concat();
    view! {
        <button type="submit" class=tone.button_class() name="act" value=value aria-label=spoken>
            {label}
        </button>
    }
    .into_any()
}

//! The steps of a process, and giving one up.

use domain::job::{STILL_GOING, StepRow, StepState};
use leptos::prelude::*;
use ui::{Badge, Icon, Tone};

use crate::api::process::AbandonStep;
use crate::form::{FormState, PlainForm};

/// Further steps of one kind that are listed before they are only counted.
const LISTED_MAX: usize = 200;

pub fn list(steps: &[StepRow], process: &str, abandon: Option<FormState<AbandonStep>>) -> AnyView {
    let current = steps.iter().position(|step| step.state == StepState::Pending);
    let hidden = steps.len().saturating_sub(LISTED_MAX);
    let lines = steps
        .iter()
        .take(LISTED_MAX)
        .enumerate()
        .map(|(index, row)| line(row, current == Some(index), process, abandon));
    let lines = lines.collect_view();
    let more = (hidden > 0).then(|| {
        view! { <p class="field-help">{["and ", &hidden.to_string(), " more, which the API lists"].concat()}</p> }
    });
    view! {
        <ol class="steps">{lines}</ol>
        {more}
    }
    .into_any()
}

fn line(row: &StepRow, is_current: bool, process: &str, abandon: Option<FormState<AbandonStep>>) -> AnyView {
    let (icon, tone, word) = match (row.state, &row.last_error) {
        (StepState::Done, _) => (Icon::Success, Tone::Success, "Done"),
        (StepState::Abandoned, _) => (Icon::Missing, Tone::Warning, "Given up"),
        (StepState::Pending, Some(_)) => (Icon::Warning, Tone::Warning, "Tried again later"),
        (StepState::Pending, None) if is_current => (Icon::Clock, Tone::Primary, "Next"),
        (StepState::Pending, None) => (Icon::Pending, Tone::Neutral, "To do"),
    };
    let detail = match (row.done, row.attempts) {
        (0, 0 | 1) => None,
        (0, attempts) => Some(format!("{attempts} attempts")),
        (done, 0 | 1) => Some(format!("{done} removed")),
        (done, attempts) => Some(format!("{done} removed, {attempts} attempts")),
    };
    let error = row.last_error.clone().filter(|_| row.state == StepState::Pending);
    let given_up = row.abandoned.clone().map(|given_up| {
        let text = ["By ", &given_up.by, ": ", &given_up.reason].concat();
        view! { <p class="field-help">{text}</p> }
    });
    // Only what was tried in vain can be given up.
    let act =
        abandon.filter(|_| error.is_some() && row.step.may_be_abandoned()).map(|form| give_up(form, process, row));
    view! {
        <li class="step" class:step-done=row.state == StepState::Done aria-current=is_current.then_some("step")>
            {icon.view()}
            <div class="step-body">
                <p class="step-label">{row.label.clone()}</p>
                {detail.map(|detail| view! { <p class="field-help mono">{detail}</p> })}
                {error
                    .map(|error| {
                        let class = if error == STILL_GOING { "field-help" } else { "field-error" };
                        view! { <p class=class>{error}</p> }
                    })}
                {given_up}
                {act}
            </div>
            <Badge tone=tone label=word />
        </li>
    }
    .into_any()
}

/// Asks why, in place: what runs elsewhere goes on running.
fn give_up(form: FormState<AbandonStep>, process: &str, row: &StepRow) -> AnyView {
    let (position, label) = (row.position.to_string(), row.label.clone());
    let id = ["reason-", &position].concat();
    let mine = form.typed("step").as_deref() == Some(&position);
    let typed = form.typed("reason").filter(|_| mine).unwrap_or_default();
    let process = process.to_owned();
    let spoken = ["Give up: ", &label].concat();
    view! {
        <details class="give-up" open=mine>
            <summary>"Give this step up…"</summary>
            <PlainForm form=form failed="The step was not given up" class="give-up-form" label=spoken>
                <input type="hidden" name="process" value=process />
                <input type="hidden" name="step" value=position />
                <label class="field-label" for=id.clone()>
                    "Reason, for the final report"
                </label>
                <input class="input" id=id name="reason" required=true maxlength="500" autocomplete="off" value=typed />
                <button type="submit" class=Tone::DangerOutline.button_class()>
                    "Give up"
                </button>
            </PlainForm>
        </details>
    }
    .into_any()
}

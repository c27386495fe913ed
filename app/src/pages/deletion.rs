//! A deletion as it runs, and its report when it has ended.

use std::time::Duration;

use domain::job::{DeletionPage as Model, ProcessState, StepRow, StepState};
use leptos::prelude::*;
use ui::{Alert, Badge, Fact, Facts, Icon, Moment, PageHeader, Section, SubmitButton, Tone};

use crate::api::deletion::{LoadDeletion, RetryDeletion};
use crate::form::{FormState, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param, use_reload};
use crate::paths;
use crate::wire::Ask;

/// How often a running deletion is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The same, for browsers that run no script.
const REFRESH: &str = r#"<meta http-equiv="refresh" content="2">"#;

#[component]
pub fn DeletionPage() -> AnyView {
    // Made once: the page's content is made anew at every look.
    let retry = use_form::<RetryDeletion>();
    let process = param("process");
    load(
        move || Ask::of(LoadDeletion { process: process() }),
        |page: &Model| ["Deleting ", &page.display_name].concat(),
        move |page| show(page, retry),
    )
}

fn show(page: Model, retry: FormState<RetryDeletion>) -> AnyView {
    let reload = use_reload();
    let is_over = page.state == ProcessState::Succeeded;
    if !is_over {
        Effect::new(move |_| {
            if let Ok(timer) = set_timeout_with_handle(move || reload.run(), LOOK_EVERY) {
                on_cleanup(move || timer.clear());
            }
        });
    }
    let (title, description) = if is_over {
        (
            ["Deleted ", &page.display_name].concat(),
            "The organization and everything that belonged to it are gone for good.",
        )
    } else {
        (
            ["Deleting ", &page.display_name].concat(),
            "This goes on by itself. You can leave this page and come back to it.",
        )
    };
    let trail = vec![
        Crumb::link("Organizations", paths::organizations(&Default::default())),
        Crumb::here(page.display_name.clone()),
    ];
    let steps = page.steps.clone();
    let current = steps.iter().position(|step| step.state == StepState::Pending);
    view! {
        <Frame viewer=page.viewer.clone() org=None place=Place::Elsewhere trail=trail>
            {(!is_over).then(|| view! { <noscript inner_html=REFRESH></noscript> })}
            <PageHeader title=title description=description />
            <div class="form">
                {progress(&page)} {waiting(&page, retry)}
                <Section title="Steps" id="steps">
                    <ol class="steps">
                        {steps
                            .into_iter()
                            .enumerate()
                            .map(|(index, row)| step(row, current == Some(index)))
                            .collect_view()}
                    </ol>
                </Section>
                {report(&page)}
                {is_over
                    .then(|| {
                        view! {
                            <div class="form-actions">
                                <a class="btn btn-primary" href=paths::organizations(&Default::default())>
                                    "Back to organizations"
                                </a>
                            </div>
                        }
                    })}
            </div>
        </Frame>
    }
    .into_any()
}

fn progress(page: &Model) -> AnyView {
    let total = page.steps.len();
    let done = page.steps.iter().filter(|step| step.state == StepState::Done).count();
    let percent = (done * 100).checked_div(total).unwrap_or(0);
    let state = match page.state {
        ProcessState::Queued => "Starting",
        ProcessState::Running => "Running",
        ProcessState::Waiting => "Waiting for the next attempt",
        ProcessState::Succeeded => "Finished",
    };
    let seconds = page.finished_at.unwrap_or(page.now).since(page.started_at).seconds().max(0);
    let elapsed = format!("{}:{:02}", seconds / 60, seconds % 60);
    view! {
        <div class="progress-block">
            <p class="progress-line">
                <span role="status">{state}</span>
                <span class="mono">{format!("{percent} %")}</span>
                <span class="mono">{elapsed} <span class="sr-only">" minutes elapsed"</span></span>
            </p>
            <progress class="progress" max="100" value=percent.to_string() aria-label="Progress"></progress>
        </div>
    }
    .into_any()
}

/// A step failed: what went wrong, when it is tried again, and a button that doesn't wait.
fn waiting(page: &Model, retry: FormState<RetryDeletion>) -> Option<AnyView> {
    if page.state != ProcessState::Waiting {
        return None;
    }
    let error = page.steps.iter().find_map(|step| step.last_error.clone()).unwrap_or_default();
    let next = page.next_attempt_at.map(|at| ["The next attempt is ", &at.relative(page.now), "."].concat());
    let process = page.id.to_string();
    let notice = view! {
        <Alert tone=Tone::Warning title="A step could not be finished">
            <p>{error} " " {next} " Nothing that was removed comes back; the rest waits."</p>
            <PlainForm form=retry failed="The retry was not started">
                <input type="hidden" name="process" value=process />
                <SubmitButton
                    label="Retry now"
                    busy_label="Retrying…"
                    pending=retry.pending
                    tone=Tone::Neutral
                    icon=Icon::Restore
                />
            </PlainForm>
        </Alert>
    };
    Some(notice.into_any())
}

fn step(row: StepRow, is_current: bool) -> AnyView {
    let (icon, tone, word) = match (row.state, &row.last_error) {
        (StepState::Done, _) => (Icon::Success, Tone::Success, "Done"),
        (StepState::Pending, Some(_)) => (Icon::Warning, Tone::Warning, "Failed, tried again later"),
        (StepState::Pending, None) if is_current => (Icon::Clock, Tone::Primary, "Next"),
        (StepState::Pending, None) => (Icon::Pending, Tone::Neutral, "To do"),
    };
    let detail = match (row.done, row.attempts) {
        (0, 0 | 1) => None,
        (done, 0 | 1) => Some(format!("{done} removed")),
        (done, attempts) => Some(format!("{done} removed, {attempts} attempts")),
    };
    let error = row.last_error.filter(|_| row.state == StepState::Pending);
    view! {
        <li class="step" class:step-done=row.state == StepState::Done aria-current=is_current.then_some("step")>
            {icon.view()}
            <div class="step-body">
                <p class="step-label">{row.label}</p>
                {detail.map(|detail| view! { <p class="field-help mono">{detail}</p> })}
                {error.map(|error| view! { <p class="field-error">{error}</p> })}
            </div>
            <Badge tone=tone label=word />
        </li>
    }
    .into_any()
}

fn report(page: &Model) -> AnyView {
    let finished = page.finished_at;
    let (now, handle, started_by) = (page.now, page.handle.clone(), page.started_by.clone());
    let started_at = page.started_at;
    let held = page.held_until;
    view! {
        <Section title=if finished.is_some() { "Report" } else { "About" } id="report">
            <Facts>
                <Fact term="Handle">
                    <span class="mono">{handle}</span>
                </Fact>
                <Fact term="Started by">{started_by}</Fact>
                <Fact term="Started">
                    <Moment at=started_at now=now />
                </Fact>
                {finished
                    .map(|at| {
                        view! {
                            <Fact term="Finished">
                                <Moment at=at now=now />
                            </Fact>
                        }
                    })}
                {held.map(|at| view! { <Fact term="Handle held until">{at.short()}</Fact> })}
                <Fact term="Kept">"The audit log, under the organization's former id"</Fact>
            </Facts>
        </Section>
    }
    .into_any()
}

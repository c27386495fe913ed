//! A process as it runs, and its report when it has ended.

use domain::Timestamp;
use domain::job::{LogLine, ProcessPage as Model, ProcessState, ProcessView, StepState};
use leptos::prelude::*;
use ui::{Alert, Fact, Facts, Icon, Moment, PageHeader, Section, SubmitButton, Tone};

use super::{state_badge, steps};
use crate::api::process::{AbandonStep, LoadProcess, RetryProcess};
use crate::form::{FormState, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::live;
use crate::page::{load, param, use_reload};
use crate::pages::restore::Restore;
use crate::paths;
use crate::wire::Ask;

/// Seconds that nobody counts.
const SOON: i64 = 45;
/// Looks again, for browsers that run no script.
const REFRESH: &str = r#"<meta http-equiv="refresh" content="2">"#;

#[component]
pub fn ProcessPage() -> AnyView {
    // Made once: the page's content is made anew at every change.
    let (retry, abandon) = (use_form::<RetryProcess>(), use_form::<AbandonStep>());
    let process = param("process");
    load(
        move || Ask::of(LoadProcess { process: process() }),
        |page: &Model| title(&page.process),
        move |page| show(page, retry, abandon),
    )
}

/// Whether the next attempt only waits for a worker, or one has just taken it.
fn is_due(process: &ProcessView, now: Timestamp) -> bool {
    process.state == ProcessState::Waiting && process.next_attempt_at.is_none_or(|at| at <= now)
}

fn title(process: &ProcessView) -> String {
    let verb = match process.state {
        ProcessState::Succeeded => "Deleted ",
        ProcessState::Cancelled => "Kept ",
        _ => "Deleting ",
    };
    [verb, &process.display_name].concat()
}

fn show(page: Model, retry: FormState<RetryProcess>, abandon: FormState<AbandonStep>) -> AnyView {
    let Model { viewer, process, can_act, now } = page;
    let reload = use_reload();
    let is_over = process.state.is_over();
    if !is_over {
        live::follow(&["process:", &process.id.to_string()].concat(), Callback::new(move |()| reload.run()));
    }
    Effect::new(move |before: Option<()>| {
        if abandon.answer().is_some() && before.is_some() {
            reload.run();
        }
    });
    let description = match process.state {
        ProcessState::Succeeded => "The organization and everything that belonged to it are gone for good.",
        ProcessState::Cancelled => "The deletion was called off before it began.",
        ProcessState::Scheduled => "Nobody can get into the organization. Until the date it can be restored as it was.",
        _ => "This goes on by itself. You can leave this page and come back to it.",
    };
    let list = if viewer.platform_admin { paths::processes(&Default::default()) } else { paths::home().to_owned() };
    let trail = vec![Crumb::link("Processes", list), Crumb::here(process.display_name.clone())];
    let id = process.id.to_string();
    // Nothing is asked of people who read without script while they may be writing.
    let refreshes = matches!(process.state, ProcessState::Queued | ProcessState::Running) || is_due(&process, now);
    let (title, steps) = (title(&process), steps::list(&process.steps, &id, can_act.then_some(abandon)));
    let (scheduled, progress) = (scheduled(&process, can_act, now), progress(&process, now));
    let (waiting, log) = (waiting(&process, can_act, retry, now), log(&process.log, now));
    let report = report(&process, now);
    view! {
        <Frame viewer=viewer org=None place=Place::Elsewhere trail=trail>
            {refreshes.then(|| view! { <noscript inner_html=REFRESH></noscript> })}
            <PageHeader title=title description=description />
            <div class="form">
                {scheduled} {progress} {waiting}
                <Section title="Steps" id="steps">
                    {steps}
                </Section>
                {log} {report}
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

/// Until when it can be called off, and the button that does.
fn scheduled(process: &ProcessView, can_act: bool, now: Timestamp) -> Option<AnyView> {
    let due = process.due_at.filter(|_| process.state == ProcessState::Scheduled)?;
    let handle = process.handle.clone();
    let notice = view! {
        <Alert tone=Tone::Warning title="The deletion is scheduled">
            <p>{["It begins ", &due.relative(now), ", at ", &due.short(), "."].concat()}</p>
            {can_act.then(|| view! { <Restore handle=handle /> })}
        </Alert>
    };
    Some(notice.into_any())
}

fn progress(process: &ProcessView, now: Timestamp) -> Option<AnyView> {
    if matches!(process.state, ProcessState::Scheduled | ProcessState::Cancelled) {
        return None;
    }
    let total = process.steps.len();
    let over = process.steps.iter().filter(|step| step.state != StepState::Pending).count();
    let percent = (over * 100).checked_div(total).unwrap_or(0);
    let began = process.due_at.unwrap_or(process.started_at);
    let seconds = process.finished_at.unwrap_or(now).since(began).seconds().max(0);
    let elapsed = format!("{}:{:02}", seconds / 60, seconds % 60);
    let state = match process.state {
        ProcessState::Waiting if is_due(process, now) => "About to try again",
        ProcessState::Waiting => "Waiting for the next attempt",
        state => state.label(),
    };
    let bar = view! {
        <div class="progress-block">
            <p class="progress-line">
                <span role="status">{state}</span>
                <span class="mono">{format!("{percent} %")}</span>
                <span class="mono">{elapsed} <span class="sr-only">" minutes elapsed"</span></span>
            </p>
            <progress class="progress" max="100" value=percent.to_string() aria-label="Progress"></progress>
        </div>
    };
    Some(bar.into_any())
}

/// A step isn't done yet: when it is tried again, and a button that doesn't wait.
fn waiting(process: &ProcessView, can_act: bool, retry: FormState<RetryProcess>, now: Timestamp) -> Option<AnyView> {
    if process.state != ProcessState::Waiting || is_due(process, now) {
        return None;
    }
    let open = process.steps.iter().filter(|step| step.state == StepState::Pending && step.last_error.is_some());
    let open = open.count();
    let steps = if open == 1 { "A step is".to_owned() } else { [&open.to_string(), " steps are"].concat() };
    let next = process.next_attempt_at.map(|at| {
        let soon = at.since(now).seconds() < SOON;
        let when = if soon { "in a moment".to_owned() } else { at.relative(now) };
        [" The next attempt is ", &when, "."].concat()
    });
    let next = next.unwrap_or_default();
    let text = [&steps, " not done yet.", &next, " What was removed stays removed; the rest waits."].concat();
    let id = process.id.to_string();
    let notice = view! {
        <Alert tone=Tone::Warning title="Waiting">
            <p>{text}</p>
            {can_act
                .then(|| {
                    view! {
                        <PlainForm form=retry failed="The retry was not started">
                            <input type="hidden" name="process" value=id />
                            <SubmitButton
                                label="Retry now"
                                busy_label="Retrying…"
                                pending=retry.pending
                                tone=Tone::Neutral
                                icon=Icon::Restore
                            />
                        </PlainForm>
                    }
                })}
        </Alert>
    };
    Some(notice.into_any())
}

fn log(lines: &[LogLine], now: Timestamp) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    let items = lines.iter().rev().cloned().map(move |line| {
        view! {
            <li class="log-line">
                <Moment at=line.at now=now />
                <span>{line.text}</span>
            </li>
        }
    });
    let items = items.collect_view();
    let section = view! {
        <Section title="Log" id="log" description="Newest first.">
            <ol class="log">{items}</ol>
        </Section>
    };
    Some(section.into_any())
}

fn report(process: &ProcessView, now: Timestamp) -> AnyView {
    let given_up = process.steps.iter().filter(|step| step.state == StepState::Abandoned).count();
    let given_up = (given_up > 0).then(|| {
        let total = process.steps.len().to_string();
        let text = [&given_up.to_string(), " of ", &total, " steps, listed above"].concat();
        view! { <Fact term="Given up">{text}</Fact> }
    });
    let (state, is_over, held_until) = (state_badge(process.state), process.state.is_over(), process.held_until);
    let (handle, started_by, started_at) = (process.handle.clone(), process.started_by.clone(), process.started_at);
    let finished = process.finished_at.map(|at| {
        view! {
            <Fact term="Ended">
                <Moment at=at now=now />
            </Fact>
        }
    });
    let kept = (process.state == ProcessState::Succeeded)
        .then(|| view! { <Fact term="Kept">"The audit log, under the organization's former id"</Fact> });
    view! {
        <Section title=if is_over { "Report" } else { "About" } id="report">
            <Facts>
                <Fact term="State">{state}</Fact>
                <Fact term="Handle">
                    <span class="mono">{handle}</span>
                </Fact>
                <Fact term="Started by">{started_by}</Fact>
                <Fact term="Started">
                    <Moment at=started_at now=now />
                </Fact>
                {finished}
                {held_until.map(|at| view! { <Fact term="Handle held until">{at.short()}</Fact> })}
                {given_up}
                {kept}
            </Facts>
        </Section>
    }
    .into_any()
}

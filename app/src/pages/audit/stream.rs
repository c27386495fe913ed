//! *Streaming*: where each new entry is posted to, and how far that has come.

use domain::audit_stream::{StreamAct, StreamDone, StreamPanel, StreamView, Trouble};
use domain::authz::Permission;
use domain::org::OrgHeader;
use domain::{Fault, Timestamp};
use leptos::prelude::*;
use ui::{Alert, Badge, CopyBox, EmptyState, Fact, Facts, Field, Icon, Moment, Section, SubmitButton, TextInput, Tone};

use crate::api::audit::{ChangeStream, SetStream};
use crate::form::{FormState, PlainForm, use_form};
use crate::page::use_reload;

/// The section's forms and what came of them; made once, since the page's content is made anew after each change.
#[derive(Clone, Copy)]
pub struct Streaming {
    set: FormState<SetStream>,
    change: FormState<ChangeStream>,
    /// What was done last, with the handle it was done to.
    done: RwSignal<Option<(String, StreamDone)>>,
    /// Stays when something else is done: it is shown only now.
    secret: RwSignal<Option<(String, String)>>,
}

pub fn use_streaming(handle: impl Fn() -> String + Copy + 'static) -> Streaming {
    let (set, change) = (use_form::<SetStream>(), use_form::<ChangeStream>());
    let (done, secret) = (RwSignal::new(None), RwSignal::new(None));
    let hear = move |answer: StreamDone| {
        let handle = untrack(handle);
        match &answer {
            StreamDone::Started { secret: new } | StreamDone::Rotated { secret: new } => {
                secret.set(Some((handle.clone(), new.clone())));
            }
            StreamDone::Removed => secret.set(None),
            _ => {}
        }
        done.set(Some((handle, answer)));
    };
    // The first run sees what the page came with.
    if let Some(answer) = untrack(|| set.answer().or_else(|| change.answer())) {
        hear(answer);
    }
    Effect::new(move |before: Option<()>| {
        if let Some(answer) = set.answer().filter(|_| before.is_some()) {
            hear(answer);
        }
    });
    Effect::new(move |before: Option<()>| {
        if let Some(answer) = change.answer().filter(|_| before.is_some()) {
            hear(answer);
        }
    });
    Streaming { set, change, done, secret }
}

/// Above the log, while entries don't arrive.
pub fn warning(panel: Option<&StreamPanel>) -> Option<AnyView> {
    let trouble = panel?.stream.as_ref()?.trouble.as_ref()?;
    let error = trouble.error.clone();
    let warning = view! {
        <Alert tone=Tone::Warning title="The log's stream doesn't arrive">
            <p>
                {error} " It is tried again by itself. " <a class="link" href="#streaming">
                    "See the stream"
                </a>
            </p>
        </Alert>
    };
    Some(warning.into_any())
}

pub fn section(panel: StreamPanel, org: &OrgHeader, handle: String, forms: Streaming, now: Timestamp) -> AnyView {
    let Streaming { set, change, done, secret } = forms;
    let reload = use_reload();
    Effect::new(move |before: Option<()>| {
        let changed = set.answer().is_some() | change.answer().is_some();
        if changed && before.is_some() {
            reload.run();
        }
    });
    let can_write = org.can(Permission::OrgStreamWrite) && org.state.is_open();
    let here = handle.clone();
    let told = move || done.with(|done| done.as_ref().filter(|(at, _)| *at == here).and_then(|(_, done)| told(done)));
    let here = handle.clone();
    let shown_once =
        move || secret.with(|secret| secret.as_ref().filter(|(at, _)| *at == here).map(|(_, new)| once(new.clone())));
    let state = match &panel.stream {
        Some(stream) => facts(stream, now),
        None => view! {
            <EmptyState
                icon=Icon::Link
                title="Not streamed"
                text="A receiver of yours, such as a SIEM, can have each entry as it is logged."
            />
        }
        .into_any(),
    };
    let acts = panel.stream.as_ref().filter(|_| can_write).map(|stream| acts(stream, &handle, change));
    let form = can_write.then(|| address(panel.stream, handle, set));
    view! {
        <Section
            id="streaming"
            title="Streaming"
            description="Each new entry is posted to an address, in order and at least once, signed as Standard Webhooks says."
        >
            {told} {shown_once} {state} {acts} {form}
        </Section>
    }
    .into_any()
}

fn told(done: &StreamDone) -> Option<AnyView> {
    let text = match done {
        // The secret says it.
        StreamDone::Started { .. } | StreamDone::Rotated { .. } => return None,
        StreamDone::Moved => "Saved. What hasn't arrived goes to this address.",
        StreamDone::Paused => "Paused. What is logged meanwhile is kept for it.",
        StreamDone::Resumed => "Resumed.",
        StreamDone::Tested { error: None } => "The test event has arrived.",
        StreamDone::Tested { error: Some(error) } => {
            let error = error.clone();
            let failed = view! {
                <Alert tone=Tone::Warning title="The test event didn't arrive" assertive=true>
                    <p>{error}</p>
                </Alert>
            };
            return Some(failed.into_any());
        }
        StreamDone::Removed => "Streaming is off.",
    };
    let alert = view! {
        <Alert tone=Tone::Success assertive=true>
            <p>{text}</p>
        </Alert>
    };
    Some(alert.into_any())
}

fn once(secret: String) -> AnyView {
    let warning = "It is shown only now. The receiver checks with it that an entry comes from here.";
    view! {
        <Alert tone=Tone::Success title="The stream signs with a new secret" assertive=true>
            <CopyBox label="Secret of the stream" value=secret warning=warning id="stream-secret" />
        </Alert>
    }
    .into_any()
}

fn entries(count: i64) -> String {
    [count.to_string().as_str(), if count == 1 { " entry" } else { " entries" }].concat()
}

fn facts(stream: &StreamView, now: Timestamp) -> AnyView {
    let badge = match (stream.paused, &stream.trouble, stream.waiting) {
        (true, ..) => view! { <Badge label="Paused" /> },
        (_, Some(_), _) => view! { <Badge tone=Tone::Warning label="Failing" /> },
        (_, _, 0) => view! { <Badge tone=Tone::Success label="Up to date" /> },
        _ => view! { <Badge tone=Tone::Primary label="Delivering" /> },
    };
    let delivered = match stream.delivered_at {
        Some(at) => view! {
            {["Up to entry ", &stream.delivered.to_string(), ", "].concat()}
            <Moment at=at now=now />
        }
        .into_any(),
        None => view! { <span class="quiet">"Nothing yet"</span> }.into_any(),
    };
    let waiting = (stream.waiting > 0).then(|| {
        let waiting = entries(stream.waiting);
        view! { <Fact term="Behind by">{waiting}</Fact> }
    });
    let trouble = stream.trouble.clone().map(|trouble| failing(trouble, stream.paused, now));
    let (url, began) = (stream.url.clone(), stream.created_at);
    view! {
        <Facts>
            <Fact term="State">{badge}</Fact>
            <Fact term="Address">
                <span class="mono">{url}</span>
            </Fact>
            <Fact term="Delivered">{delivered}</Fact>
            {waiting}
            {trouble}
            <Fact term="Set up">
                <Moment at=began now=now />
            </Fact>
        </Facts>
    }
    .into_any()
}

fn failing(trouble: Trouble, paused: bool, now: Timestamp) -> AnyView {
    let Trouble { error, failed_at, attempts, next_at } = trouble;
    let attempts = [attempts.to_string().as_str(), if attempts == 1 { " attempt" } else { " attempts" }].concat();
    let next = (!paused).then(|| {
        view! {
            <Fact term="Next attempt">
                <Moment at=next_at now=now />
            </Fact>
        }
    });
    view! {
        <Fact term="Last error">
            {error} " (" {attempts} ", the last " <Moment at=failed_at now=now /> ")"
        </Fact>
        {next}
    }
    .into_any()
}

fn acts(stream: &StreamView, handle: &str, form: FormState<ChangeStream>) -> AnyView {
    let pause = match stream.paused {
        true => act(StreamAct::Resume, "Resume", Tone::Neutral),
        false => act(StreamAct::Pause, "Pause", Tone::Neutral),
    };
    let handle = handle.to_owned();
    view! {
        <PlainForm form=form failed="Nothing was changed" class="act-row" label="What to do with the stream">
            <input type="hidden" name="handle" value=handle />
            {act(StreamAct::Test, "Send a test", Tone::Neutral)}
            {pause}
            {act(StreamAct::Rotate, "New secret", Tone::Neutral)}
            {act(StreamAct::Remove, "Turn off", Tone::DangerOutline)}
        </PlainForm>
    }
    .into_any()
}

fn act(act: StreamAct, label: &'static str, tone: Tone) -> AnyView {
    view! {
        <button type="submit" class=tone.button_class() name="act" value=act.name()>
            {label}
        </button>
    }
    .into_any()
}

fn address(stream: Option<StreamView>, handle: String, form: FormState<SetStream>) -> AnyView {
    let refused = form.status.fault.with_untracked(Option::is_some);
    let (version, url) = stream.map_or_else(Default::default, |stream| (stream.version, stream.url));
    let (label, busy) = match version {
        0 => ("Start streaming", "Starting…"),
        _ => ("Save address", "Saving…"),
    };
    let url = form.typed("url").filter(|_| refused).unwrap_or(url);
    // After somebody else's change the next try goes over theirs, which is said.
    let current = move || {
        let newest = form.status.fault.with(|fault| match fault {
            Some(Fault::Stale { version, .. }) => Some(*version),
            _ => None,
        });
        newest.unwrap_or(version).to_string()
    };
    view! {
        <PlainForm form=form failed="The stream was not changed" class="form" label="Address of the stream">
            <input type="hidden" name="handle" value=handle />
            <input type="hidden" name="version" value=current />
            <Field
                name="url"
                label="Receiver's address"
                help="An https:// address that answers 2xx once it has the entries."
                error=form.field_error("url")
            >
                <TextInput value=url mono=true required=true inputmode="url" autocomplete="off" />
            </Field>
            <div class="form-actions">
                <SubmitButton label=label busy_label=busy pending=form.pending tone=Tone::Neutral />
            </div>
        </PlainForm>
    }
    .into_any()
}

//! A form's state: what was posted last, what came of it, and whether an answer is still to come.

use domain::Fault;
use leptos::ev::SubmitEvent;
use leptos::form::form_data_from_event;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;

use super::replay::{Replay, replayed};
use crate::api::Failure;
use crate::wire;

/// A server function that a form can post to.
pub trait FormFn:
    ServerFn<Error = Failure, Output = <Self as FormFn>::Answer> + DeserializeOwned + Clone + Send + Sync + 'static
{
    /// What it answers when it succeeds.
    type Answer: DeserializeOwned + Clone + Send + Sync + 'static;
}

impl<F> FormFn for F
where
    F: ServerFn<Error = Failure> + DeserializeOwned + Clone + Send + Sync + 'static,
    F::Output: DeserializeOwned + Clone + Send + Sync + 'static,
{
    type Answer = F::Output;
}

/// The part of a form's state that is the same for all forms; shells and fields need no more.
#[derive(Clone, Copy)]
pub struct FormStatus {
    /// An answer is awaited.
    pub pending: Signal<bool>,
    /// Why the last post was refused.
    pub fault: Signal<Option<Fault>>,
    typed: StoredValue<Vec<(String, String)>>,
}

impl FormStatus {
    /// The error beside the field that errors call `name`, with its place for documents.
    pub fn field_error(self, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.fault.with(|fault| {
                let error = fault.as_ref()?.field_errors().iter().find(|error| error.field == name)?;
                Some(match &error.at {
                    Some(at) => format!("{} ({at})", error.message),
                    None => error.message.clone(),
                })
            })
        })
    }

    /// The version that the next post is made on: after somebody else's change theirs, until then the `loaded` one.
    pub fn version(self, loaded: i64) -> i64 {
        let theirs = self.fault.with(|fault| match fault {
            Some(Fault::Stale { version, .. }) => Some(*version),
            _ => None,
        });
        theirs.map_or(loaded, |theirs| theirs.max(loaded))
    }

    /// What was typed into `name` or `form[name]` before a page that came as the answer to a post; `None` on any
    /// other page. A box that was left empty is absent from a post: see [`Self::typed_flag`].
    pub fn typed(self, name: &str) -> Option<String> {
        self.typed.with_value(|typed| {
            typed.iter().find(|(field, _)| inner_name(field) == name || field == name).map(|(_, value)| value.clone())
        })
    }

    /// As [`Self::typed`] for a box, which a post names only when it is ticked.
    pub fn typed_flag(self, name: &str) -> Option<bool> {
        let posted = self.typed.with_value(|typed| !typed.is_empty());
        posted.then(|| self.typed(name).is_some_and(|value| value != "false"))
    }
}

/// `seats` of `form[seats]`.
fn inner_name(field: &str) -> &str {
    field.strip_suffix(']').and_then(|rest| rest.rsplit('[').next()).unwrap_or(field)
}

/// The state of a form that posts to `F`.
pub struct FormState<F: FormFn> {
    post: Post,
    /// An answer is awaited.
    pub pending: Signal<bool>,
    /// The answer to the last post, be it sent by script or by the browser alone.
    pub outcome: Signal<Option<Result<F::Answer, Failure>>>,
    pub status: FormStatus,
}

impl<F: FormFn> Clone for FormState<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: FormFn> Copy for FormState<F> {}

/// Makes the state of a form that posts to `F`.
pub fn use_form<F: FormFn>() -> FormState<F> {
    form_of(replayed::<F>())
}

/// As [`use_form`], for one of several forms on a page that post to `F`: that whose `field` holds `value`.
pub fn use_form_of<F: FormFn>(field: &str, value: &str) -> FormState<F> {
    form_of(replayed::<F>().filter(|replay| replay.field(field).as_deref() == Some(value)))
}

fn form_of<F: FormFn>(replay: Option<Replay>) -> FormState<F> {
    let (post, status) = Post::new(F::PATH, replay);
    let outcome = Signal::derive(move || {
        post.answer.with(|answer| {
            answer.as_ref().map(|answer| answer.as_ref().map_err(Failure::clone).and_then(|text| wire::read(text)))
        })
    });
    FormState { post, pending: status.pending, outcome, status }
}

impl<F: FormFn> FormState<F> {
    /// See [`FormStatus::field_error`].
    pub fn field_error(self, name: &'static str) -> Signal<Option<String>> {
        self.status.field_error(name)
    }

    /// See [`FormStatus::typed`].
    pub fn typed(self, name: &str) -> Option<String> {
        self.status.typed(name)
    }

    /// The answer, if the last post succeeded.
    pub fn answer(self) -> Option<F::Answer> {
        self.outcome.get().and_then(Result::ok)
    }

    /// Posts without a form. The answer to what was posted before is no longer waited for: coming later than this one's,
    /// it would be taken for it.
    pub fn send(self, arguments: &F)
    where
        F: serde::Serialize,
    {
        if let Some(body) = wire::encode(arguments) {
            let newest = self.post.action.dispatch(body);
            if let Some(older) = self.post.sent.try_update_value(|sent| sent.replace(newest)).flatten() {
                older.abort();
            }
        }
    }

    /// Sends the form of a submit event instead of the browser. While an answer is awaited it sends nothing.
    pub(super) fn submitter(self) -> Callback<SubmitEvent> {
        self.post.submitter(self.pending)
    }
}

/// A form's state without its server function, so that it is compiled once: text goes out, text comes back.
#[derive(Clone, Copy)]
struct Post {
    action: Action<String, Result<String, Failure>>,
    /// The last answer's JSON.
    answer: Signal<Option<Result<String, Failure>>>,
    /// What was sent last without a form.
    sent: StoredValue<Option<ActionAbortHandle>>,
}

impl Post {
    fn new(path: &'static str, replay: Option<Replay>) -> (Self, FormStatus) {
        let action = Action::new(move |body: &String| wire::post(path, body.clone()));
        let (typed, before) = match replay {
            Some(replay) => (replay.fields, Some(replay.outcome.map_err(Failure))),
            None => (Vec::new(), None),
        };
        let answer = Signal::derive(move || action.value().get().or_else(|| before.clone()));
        let pending: Signal<bool> = action.pending().into();
        let fault = Signal::derive(move || {
            answer.with(|answer| answer.as_ref()?.as_ref().err().map(|failure| failure.0.clone()))
        });
        let sent = StoredValue::new(None);
        (Self { action, answer, sent }, FormStatus { pending, fault, typed: StoredValue::new(typed) })
    }

    fn submitter(self, pending: Signal<bool>) -> Callback<SubmitEvent> {
        Callback::new(move |event: SubmitEvent| {
            event.prevent_default();
            if pending.get_untracked() {
                return;
            }
            match posted_body(&event) {
                Some(body) => {
                    self.action.dispatch(body);
                }
                None => {
                    let fault = Fault::invalid("", "The form could not be read.");
                    self.action.value().set(Some(Err(Failure(fault))));
                }
            }
        })
    }
}

/// What the browser itself would post, the pressed button included.
fn posted_body(event: &SubmitEvent) -> Option<String> {
    let fields = form_data_from_event(event).ok()?;
    let fields = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    Some(String::from(fields.to_string()))
}

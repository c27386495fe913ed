//! A form's state: what was posted last, what came of it, and whether an answer is still to come.

use domain::Fault;
use leptos::ev::SubmitEvent;
use leptos::form::FromFormData;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;

use super::replay::replayed;
use crate::api::Failure;

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
    pub action: ServerAction<F>,
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
    let action = ServerAction::<F>::new();
    let replay = replayed::<F>();
    let typed = StoredValue::new(replay.as_ref().map(|replay| replay.fields.clone()).unwrap_or_default());
    let before = StoredValue::new(replay.and_then(|replay| replay.result::<F::Answer>()));
    let pending: Signal<bool> = action.pending().into();
    let outcome = Signal::derive(move || action.value().get().or_else(|| before.get_value()));
    let fault = Signal::derive(move || {
        outcome.with(|outcome| outcome.as_ref()?.as_ref().err().map(|failure| failure.0.clone()))
    });
    FormState { action, pending, outcome, status: FormStatus { pending, fault, typed } }
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
        self.outcome.with(|outcome| outcome.as_ref()?.as_ref().ok().cloned())
    }

    /// Sends the form of a submit event instead of the browser. While an answer is awaited it sends nothing.
    pub(super) fn submitter(self) -> Callback<SubmitEvent> {
        Callback::new(move |event: SubmitEvent| {
            event.prevent_default();
            if self.pending.get_untracked() {
                return;
            }
            match F::from_event(&event) {
                Ok(input) => {
                    self.action.dispatch(input);
                }
                Err(error) => {
                    leptos::logging::error!("the form doesn't fit its server function: {error:?}");
                    let fault = Fault::invalid("", "The form was filled in a way the server can't read.");
                    self.action.value().set(Some(Err(Failure(fault))));
                }
            }
        })
    }
}

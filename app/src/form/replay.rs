//! A form posted without JavaScript is answered in the same request: its own page again, with what was typed and
//! what came of it. The server hands that to the page as a [`Replay`]; hydration sees the same value.

use domain::Fault;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use server_fn::ServerFn;

use crate::api::Failure;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replay {
    /// The server function's path, or another address that takes forms.
    pub action: String,
    /// What was typed, decoded, without secrets.
    pub fields: Vec<(String, String)>,
    /// The server function's answer as JSON, or why it refused.
    pub outcome: Result<String, Fault>,
}

/// Call once at the root of the app: takes the server's replay along to the browser.
pub fn provide_replay() {
    let replay = SharedValue::new(use_context::<Replay>).into_inner();
    provide_context(Replayed(replay));
}

#[derive(Debug, Clone)]
struct Replayed(Option<Replay>);

/// What the page's load already knows of the last post to `F`.
pub fn replayed<F: ServerFn>() -> Option<Replay> {
    replayed_at(F::PATH)
}

/// As [`replayed`], for an address that is no server function's.
pub fn replayed_at(action: &str) -> Option<Replay> {
    use_context::<Replayed>().and_then(|Replayed(replay)| replay).filter(|replay| replay.action == action)
}

impl Replay {
    /// The field as typed.
    pub fn field(&self, name: &str) -> Option<String> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone())
    }

    pub fn result<T: DeserializeOwned>(&self) -> Option<Result<T, Failure>> {
        match &self.outcome {
            Ok(json) => serde_json::from_str(json).ok().map(Ok),
            Err(fault) => Some(Err(Failure(fault.clone()))),
        }
    }
}

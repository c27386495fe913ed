//! Providers in memory, as receivers that honour keys: what is asked for twice under one key is done once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::cloud::{RemoteResource, Termination};
use service::ports::{Connection, ConnectorError, Connectors, Receiver};

/// Accounts are told apart by their address.
#[derive(Debug, Default)]
pub struct Providers(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    resources: BTreeMap<String, Vec<RemoteResource>>,
    /// Each effect by its key: what was done, and how often it was asked for.
    effects: BTreeMap<String, (String, usize)>,
    down: BTreeMap<String, String>,
    /// Resources that take this many looks to go.
    slow: BTreeMap<String, usize>,
    events: Vec<String>,
    deliveries: Vec<Delivered>,
}

/// What a receiver was sent, copies included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    pub url: String,
    pub key: String,
    pub secret: String,
    pub body: String,
}

impl Providers {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has a resource run at the account of this address.
    pub fn run(&self, url: &str, id: &str) {
        let resource =
            RemoteResource { id: id.to_owned(), name: format!("the {id}"), kind: "vm".into(), state: "running".into() };
        self.state().resources.entry(url.to_owned()).or_default().push(resource);
    }

    /// Has a resource take `looks` more requests to go.
    pub fn slow(&self, id: &str, looks: usize) {
        self.state().slow.insert(id.to_owned(), looks);
    }

    /// Has the account fail with these words; `None` brings it back.
    pub fn fail(&self, url: &str, words: Option<&str>) {
        match words {
            Some(words) => self.state().down.insert(url.to_owned(), words.to_owned()),
            None => self.state().down.remove(url),
        };
    }

    /// What runs at an address.
    pub fn running(&self, url: &str) -> Vec<String> {
        let state = self.state();
        state.resources.get(url).into_iter().flatten().map(|resource| resource.id.clone()).collect()
    }

    /// What was done, each effect once, with how often it was asked for.
    pub fn effects(&self) -> Vec<(String, usize)> {
        self.state().effects.values().cloned().collect()
    }

    /// The `type` of every event that arrived, in order, those that came again left out.
    pub fn events(&self) -> Vec<String> {
        self.state().events.iter().map(|event| text(event, "type")).collect()
    }

    /// Everything that receivers were sent, in order.
    pub fn deliveries(&self) -> Vec<Delivered> {
        self.state().deliveries.clone()
    }

    /// The events themselves.
    pub fn event_bodies(&self) -> Vec<String> {
        self.state().events.clone()
    }
}

/// The first text under `name` in a JSON text.
fn text(json: &str, name: &str) -> String {
    let after = json.split(&format!("\"{name}\":\"")).nth(1).unwrap_or_default();
    after.split('"').next().unwrap_or_default().to_owned()
}

impl State {
    fn reach(&self, url: &str) -> Result<(), ConnectorError> {
        match self.down.get(url) {
            Some(words) => Err(ConnectorError::Unreachable(words.clone())),
            None => Ok(()),
        }
    }

    /// Whether the effect is new under its key.
    fn perform(&mut self, key: &str, effect: String) -> bool {
        let entry = self.effects.entry(key.to_owned()).or_insert((effect, 0));
        entry.1 += 1;
        entry.1 == 1
    }
}

pub struct ProvidersPort(pub Arc<Providers>);

#[async_trait::async_trait]
impl Connectors for ProvidersPort {
    async fn list(&self, at: &Connection) -> Result<Vec<RemoteResource>, ConnectorError> {
        let state = self.0.state();
        state.reach(&at.url)?;
        Ok(state.resources.get(&at.url).cloned().unwrap_or_default())
    }

    async fn terminate(&self, at: &Connection, resource: &str, key: &str) -> Result<Termination, ConnectorError> {
        let mut state = self.0.state();
        state.reach(&at.url)?;
        state.perform(key, format!("end {resource}"));
        if let Some(looks) = state.slow.get_mut(resource).filter(|looks| **looks > 0) {
            *looks -= 1;
            return Ok(Termination::Going);
        }
        if let Some(running) = state.resources.get_mut(&at.url) {
            running.retain(|running| running.id != resource);
        }
        Ok(Termination::Gone)
    }

    async fn notify(&self, at: &Connection, event: &str, key: &str) -> Result<(), ConnectorError> {
        let mut state = self.0.state();
        state.reach(&at.url)?;
        let id = event.split("\"workspace\":{\"id\":\"").nth(1).and_then(|rest| rest.split('"').next());
        let effect = format!("{} {}", text(event, "type"), id.unwrap_or_default());
        if state.perform(key, effect) {
            state.events.push(event.to_owned());
        }
        Ok(())
    }

    async fn deliver(&self, to: &Receiver, body: &str, key: &str) -> Result<(), ConnectorError> {
        let mut state = self.0.state();
        let (url, secret) = (to.url.clone(), to.secret.expose().to_owned());
        state.deliveries.push(Delivered { url, key: key.to_owned(), secret, body: body.to_owned() });
        state.reach(&to.url)
    }
}

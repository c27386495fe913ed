//! What lists and ends an organization's resources at a provider.

mod kubernetes;
#[cfg(test)]
mod tests;
mod webhook;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::cloud::{ConnectorKind, RemoteResource, Termination};
use reqwest::StatusCode;
use service::ports::{Clock, Connection, ConnectorError, Connectors, Receiver, Rng};

use crate::outbound::{Outbound, OutboundError};

/// Resources that one connector may tell of.
const RESOURCES_MAX: usize = 10_000;
/// The longest id, name, kind or state, in characters.
const TEXT_MAX: usize = 256;
/// The longest answer that lists resources: so many of them don't fit into the guard's usual bound.
const LIST_MAX: usize = 8 * 1024 * 1024;

/// Both kinds of connectors, reached through the guard.
pub struct GuardedConnectors {
    outbound: Arc<Outbound>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
}

impl GuardedConnectors {
    /// The clock stamps and checks what is signed, and the random source names requests that have no key.
    pub fn new(outbound: Arc<Outbound>, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self { outbound, clock, rng }
    }
}

#[async_trait::async_trait]
impl Connectors for GuardedConnectors {
    async fn list(&self, at: &Connection) -> Result<Vec<RemoteResource>, ConnectorError> {
        let resources = match at.kind {
            ConnectorKind::Webhook => webhook::list(self, at).await?,
            ConnectorKind::Kubernetes => kubernetes::list(&self.outbound, at).await?,
        };
        check(&resources)?;
        Ok(resources)
    }

    async fn terminate(&self, at: &Connection, resource: &str, key: &str) -> Result<Termination, ConnectorError> {
        match at.kind {
            ConnectorKind::Webhook => webhook::terminate(self, at, resource, key).await,
            ConnectorKind::Kubernetes => kubernetes::terminate(&self.outbound, at, resource).await,
        }
    }

    async fn notify(&self, at: &Connection, event: &str, key: &str) -> Result<(), ConnectorError> {
        match at.kind {
            ConnectorKind::Webhook => webhook::notify(self, at, event, key).await,
            ConnectorKind::Kubernetes => Ok(()),
        }
    }

    async fn deliver(&self, to: &Receiver, body: &str, key: &str) -> Result<(), ConnectorError> {
        webhook::deliver(self, to, body, key).await
    }
}

/// One bad entry spoils the list: left out, it would be left running.
fn check(resources: &[RemoteResource]) -> Result<(), ConnectorError> {
    if resources.len() > RESOURCES_MAX {
        return Err(bad(format!("The connector tells of more than {RESOURCES_MAX} resources.")));
    }
    let fits = |text: &str| text.chars().count() <= TEXT_MAX && !text.chars().any(char::is_control);
    let mut ids = BTreeSet::new();
    for resource in resources {
        let RemoteResource { id, name, kind, state } = resource;
        if id.is_empty() || ![id, name, kind, state].into_iter().all(|text| fits(text)) {
            return Err(bad(format!(
                "The connector tells of a resource with an empty id, control characters, or more than {TEXT_MAX} characters."
            )));
        }
        if !ids.insert(id) {
            return Err(bad("The connector tells of two resources with one id."));
        }
    }
    Ok(())
}

fn bad(words: impl Into<String>) -> ConnectorError {
    ConnectorError::BadAnswer(words.into())
}

/// A sentence of what the guard says; `who` wasn't reached.
fn failed(who: &str, error: OutboundError) -> ConnectorError {
    let words = format!("The {who} can't be used: {error}.");
    match error {
        OutboundError::BadAddress
        | OutboundError::Closed(_)
        | OutboundError::Unencrypted(_)
        | OutboundError::BadAuthorities => ConnectorError::Forbidden(words),
        OutboundError::Unreachable(_) => ConnectorError::Unreachable(words),
        OutboundError::Redirected(_) | OutboundError::TooLong(..) => ConnectorError::BadAnswer(words),
    }
}

/// A status that isn't the one hoped for.
fn refused(who: &str, status: StatusCode) -> ConnectorError {
    let words = format!("The {who} answered with HTTP status {}.", status.as_u16());
    // These pass; the others are for somebody to mend.
    let passes = status.is_server_error()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS);
    if passes { ConnectorError::Unreachable(words) } else { ConnectorError::BadAnswer(words) }
}

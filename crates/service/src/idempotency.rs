//! Idempotency keys: a create that is sent twice is done once.

use data_encoding::HEXLOWER;
use domain::Fault;
use sha2::{Digest, Sha256};
use storage::WriteTx;
use storage::authz::Proof;
use storage::idempotency::{Claim, Key, claim};

use crate::error::Error;

/// Longest key, in characters.
const KEY_MAX: usize = 255;

/// A client's key, and what it asked under it.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    route: &'static str,
    key: String,
    request_hash: String,
}

impl IdempotencyKey {
    /// A key for requests to `route`; `request` is the body as sent.
    pub fn new(route: &'static str, key: &str, request: &[u8]) -> Result<Self, Fault> {
        if key.is_empty() || key.chars().count() > KEY_MAX {
            let message = format!("An idempotency key has 1 to {KEY_MAX} characters.");
            return Err(Fault::invalid("Idempotency-Key", message));
        }
        Ok(Self { route, key: key.to_owned(), request_hash: HEXLOWER.encode(&Sha256::digest(request)) })
    }

    /// Remembers that `resource` is being made; answers what the same request made before.
    pub(crate) async fn claim(
        &self,
        tx: &mut WriteTx,
        grant: &impl Proof,
        resource: &str,
    ) -> Result<Option<String>, Error> {
        let about = grant.about();
        let about = Some(about.as_str()).filter(|about| !about.is_empty());
        let credential = grant.credential();
        let parts: Vec<&str> = [credential.as_str()].into_iter().chain(about).chain([self.route, &self.key]).collect();
        let scope = parts.join("\n");
        let scope = HEXLOWER.encode(&Sha256::digest(scope.as_bytes()));
        let key = Key { scope, request_hash: self.request_hash.clone() };
        match claim(tx, grant, &key, resource).await? {
            Claim::New => Ok(None),
            Claim::Replay(resource) => Ok(Some(resource)),
            Claim::Reused => {
                let message = "This key was used for another request. Use a new one for each.";
                Err(Fault::invalid("Idempotency-Key", message).into())
            }
        }
    }
}

//! What a create under an idempotency key made, so that a repeated request makes nothing more.

use domain::time::Span;

use crate::authz::Proof;
use crate::error::Error;
use crate::macros::{on, queries};
use crate::tx::WriteTx;

/// A key is remembered this long.
const LIFETIME: Span = Span::hours(24);

queries! {
    FORGET_EXPIRED = "DELETE FROM idempotency WHERE expires_at <= $1";
    CLAIM = "INSERT INTO idempotency (scope, request_hash, resource, expires_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING RETURNING scope";
    FIND = "SELECT request_hash, resource FROM idempotency WHERE scope = $1";
}

/// A key within its actor and route, and what was asked under it.
#[derive(Debug, Clone)]
pub struct Key {
    /// A hash of actor, route and key.
    pub scope: String,
    pub request_hash: String,
}

/// What a key was used for before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nothing: the caller goes on, and `resource` is remembered with its commit.
    New,
    /// The same request; this is what it made.
    Replay(String),
    /// Another request.
    Reused,
}

/// Claims a key for `resource`. Of two that try at once, the second waits for the first.
pub async fn claim(tx: &mut WriteTx, grant: &impl Proof, key: &Key, resource: &str) -> Result<Claim, Error> {
    grant.check(tx)?;
    let now = tx.now();
    on!(tx, c => sqlx::query(FORGET_EXPIRED).bind(now.micros()).execute(c).await.map(drop))?;
    let claimed: Option<String> = on!(tx, c => sqlx::query_scalar(CLAIM)
        .bind(&key.scope)
        .bind(&key.request_hash)
        .bind(resource)
        .bind(now.plus(LIFETIME).micros())
        .fetch_optional(c).await)?;
    if claimed.is_some() {
        return Ok(Claim::New);
    }
    let (request_hash, resource): (String, String) =
        on!(tx, c => sqlx::query_as(FIND).bind(&key.scope).fetch_one(c).await)?;
    Ok(if request_hash == key.request_hash { Claim::Replay(resource) } else { Claim::Reused })
}

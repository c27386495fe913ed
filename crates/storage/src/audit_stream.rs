//! Where audit logs are delivered to, and how far that has come. A delivery is claimed under a lease and a fence, so that of
//! several processes one delivers, and each batch follows the one before it.

use domain::Timestamp;
use domain::audit::Chain;
use domain::audit_stream::{BATCH_MAX, StreamView, Trouble};
use domain::authz::Capability;
use domain::authz::cap::{OrgStreamRead, OrgStreamWrite};
use domain::id::OrgId;
use domain::time::Span;

use crate::audit::{self, Read};
use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

/// Longer than a delivery may take: whoever says nothing for this long has lost it.
pub const LEASE: Span = Span::from_seconds(40);

queries! {
    FIND = "SELECT s.url, s.sealed_secret, s.paused, s.version, s.created_at, s.seq, s.delivered_at, s.attempts, s.next_at, s.failed_at,
            s.last_error, COALESCE(h.seq, s.seq) - s.seq AS waiting
        FROM audit_stream s LEFT JOIN audit_head h ON h.chain = $2 WHERE s.org_id = $1";
    INSERT = "INSERT INTO audit_stream (org_id, url, sealed_secret, paused, version, created_at, seq, attempts, next_at, fence, lease_until)
        VALUES ($1, $2, $3, $4, 1, $5, COALESCE((SELECT h.seq FROM audit_head h WHERE h.chain = $6), 0), 0, $5, 0, 0)";
    /// A delivery that is under way no longer counts: what it carries goes to the new address.
    MOVE = "UPDATE audit_stream SET url = $2, version = version + 1, attempts = 0, next_at = $3, failed_at = NULL, last_error = NULL,
        fence = fence + 1, lease_until = 0 WHERE org_id = $1";
    SET_SECRET = "UPDATE audit_stream SET sealed_secret = $2, version = version + 1, attempts = 0, next_at = $3 WHERE org_id = $1";
    PAUSE = "UPDATE audit_stream SET paused = $2, version = version + 1 WHERE org_id = $1";
    HURRY = "UPDATE audit_stream SET attempts = 0, next_at = $2 WHERE org_id = $1";
    DELETE = "DELETE FROM audit_stream WHERE org_id = $1";
    DUE = "SELECT s.org_id FROM audit_stream s JOIN audit_head h ON h.chain = 'org:' || s.org_id
        WHERE NOT s.paused AND s.next_at <= $1 AND s.lease_until <= $1 AND h.seq > s.seq
        ORDER BY s.next_at, s.org_id LIMIT $2";
    CLAIM = "UPDATE audit_stream SET fence = fence + 1, attempts = attempts + 1, lease_until = $3
        WHERE org_id = $1 AND NOT paused AND next_at <= $2 AND lease_until <= $2
        RETURNING url, sealed_secret, seq, batch_end, fence";
    SET_BATCH = "UPDATE audit_stream SET batch_end = $3 WHERE org_id = $1 AND fence = $2";
    DELIVERED = "UPDATE audit_stream SET seq = $3, delivered_at = $4, next_at = $4, batch_end = NULL, attempts = 0,
            failed_at = NULL, last_error = NULL, lease_until = 0
        WHERE org_id = $1 AND fence = $2 RETURNING org_id";
    ATTEMPTS = "SELECT attempts FROM audit_stream WHERE org_id = $1 AND fence = $2";
    FAILED = "UPDATE audit_stream SET last_error = $3, failed_at = $4, next_at = $5, lease_until = 0
        WHERE org_id = $1 AND fence = $2 RETURNING org_id";
}

/// What may see a stream.
pub trait ReadsStreams: Capability {}
impl ReadsStreams for OrgStreamRead {}
impl ReadsStreams for OrgStreamWrite {}

/// A stream, its sealed secret included, which doesn't leave the service.
#[derive(Debug, Clone)]
pub struct Stored {
    pub view: StreamView,
    pub sealed_secret: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    url: String,
    sealed_secret: String,
    paused: bool,
    version: i64,
    created_at: i64,
    seq: i64,
    delivered_at: Option<i64>,
    attempts: i64,
    next_at: i64,
    failed_at: Option<i64>,
    last_error: Option<String>,
    waiting: i64,
}

impl From<Row> for Stored {
    fn from(row: Row) -> Self {
        let trouble = row.last_error.zip(row.failed_at).map(|(error, failed_at)| Trouble {
            error,
            failed_at: Timestamp::from_micros(failed_at),
            attempts: count(row.attempts),
            next_at: Timestamp::from_micros(row.next_at),
        });
        let view = StreamView {
            url: row.url,
            paused: row.paused,
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
            delivered: row.seq,
            delivered_at: row.delivered_at.map(Timestamp::from_micros),
            waiting: row.waiting,
            trouble,
        };
        Self { view, sealed_secret: row.sealed_secret }
    }
}

fn count(attempts: i64) -> u32 {
    u32::try_from(attempts).unwrap_or(u32::MAX)
}

pub async fn find<P: ReadsStreams>(tx: &mut Tx, grant: &Granted<P>) -> Result<Option<Stored>, Error> {
    let org = grant.org(tx)?.id;
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND)
        .bind(org.to_string()).bind(Chain::Org(org).name()).fetch_optional(c).await)?;
    Ok(row.map(Stored::from))
}

/// Begins a stream with what is logged from here on; the caller has found that there is none.
pub async fn insert(
    tx: &mut WriteTx,
    grant: &Granted<OrgStreamWrite>,
    url: &str,
    sealed_secret: &str,
) -> Result<(), Error> {
    let (org, now) = (grant.org(tx)?.id, tx.now().micros());
    on!(tx, c => sqlx::query(INSERT)
        .bind(org.to_string()).bind(url).bind(sealed_secret).bind(false).bind(now).bind(Chain::Org(org).name())
        .execute(c).await.map(drop))
}

/// Sends what hasn't arrived to another address, at once.
pub async fn set_url(tx: &mut WriteTx, grant: &Granted<OrgStreamWrite>, url: &str) -> Result<(), Error> {
    let (org, now) = (grant.org(tx)?.id.to_string(), tx.now().micros());
    on!(tx, c => sqlx::query(MOVE).bind(org).bind(url).bind(now).execute(c).await.map(drop))
}

/// Signs with another secret, and tries at once.
pub async fn set_secret(tx: &mut WriteTx, grant: &Granted<OrgStreamWrite>, sealed_secret: &str) -> Result<(), Error> {
    let (org, now) = (grant.org(tx)?.id.to_string(), tx.now().micros());
    on!(tx, c => sqlx::query(SET_SECRET).bind(org).bind(sealed_secret).bind(now).execute(c).await.map(drop))
}

pub async fn set_paused(tx: &mut WriteTx, grant: &Granted<OrgStreamWrite>, paused: bool) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query(PAUSE).bind(org).bind(paused).execute(c).await.map(drop))
}

/// Makes the next attempt due at once.
pub async fn hurry(tx: &mut WriteTx, grant: &Granted<OrgStreamWrite>) -> Result<(), Error> {
    let (org, now) = (grant.org(tx)?.id.to_string(), tx.now().micros());
    on!(tx, c => sqlx::query(HURRY).bind(org).bind(now).execute(c).await.map(drop))
}

pub async fn delete(tx: &mut WriteTx, grant: &Granted<OrgStreamWrite>) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query(DELETE).bind(org).execute(c).await.map(drop))
}

/// Organizations with entries to deliver, at most `limit`; a plain read, so that idle processes write nothing, and a change
/// costs nothing more for being streamed.
pub async fn due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<OrgId>, Error> {
    let ids: Vec<String> = on!(tx, c => sqlx::query_scalar(DUE).bind(now.micros()).bind(limit).fetch_all(c).await)?;
    ids.iter().map(|id| read(id.parse().ok(), "audit_stream", "org_id", id)).collect()
}

/// A claimed delivery.
#[derive(Debug)]
pub struct Delivery {
    pub org: OrgId,
    pub url: String,
    pub sealed_secret: String,
    /// The next ones of the chain, at least one, oldest first.
    pub entries: Vec<Read>,
    /// After it somebody else may deliver the same.
    pub until: Timestamp,
    fence: i64,
}

/// Claims a stream's next batch: the one that was tried before, as it was, or a new one of at most `bytes`. `None` when
/// another process was faster, or nothing waits; the caller then rolls back.
pub async fn claim(tx: &mut WriteTx, org: OrgId, bytes: usize) -> Result<Option<Delivery>, Error> {
    let (id, now) = (org.to_string(), tx.now());
    let until = now.plus(LEASE);
    let row: Option<(String, String, i64, Option<i64>, i64)> = on!(tx, c => sqlx::query_as(CLAIM)
        .bind(&id).bind(now.micros()).bind(until.micros()).fetch_optional(c).await)?;
    let Some((url, sealed_secret, seq, batch_end, fence)) = row else { return Ok(None) };
    let last = batch_end.unwrap_or(i64::MAX);
    let mut entries = audit::after(tx, Chain::Org(org), seq, last, BATCH_MAX).await?;
    if batch_end.is_none() {
        let mut room = bytes;
        let fits = entries.iter().take_while(|entry| take(&mut room, entry.body.len())).count();
        // One that is too long on its own goes alone.
        entries.truncate(fits.max(1));
        let Some(last) = entries.last() else { return Ok(None) };
        on!(tx, c => sqlx::query(SET_BATCH).bind(&id).bind(fence).bind(last.row.seq).execute(c).await.map(drop))?;
    }
    Ok(Some(Delivery { org, url, sealed_secret, entries, until, fence }))
}

fn take(room: &mut usize, bytes: usize) -> bool {
    match room.checked_sub(bytes) {
        Some(left) => {
            *room = left;
            true
        }
        None => false,
    }
}

/// Notes that a batch arrived; the next one may go.
pub async fn delivered(tx: &mut WriteTx, delivery: &Delivery) -> Result<(), Error> {
    let Some(last) = delivery.entries.last() else { return Ok(()) };
    let now = tx.now().micros();
    let row: Option<String> = on!(tx, c => sqlx::query_scalar(DELIVERED)
        .bind(delivery.org.to_string()).bind(delivery.fence).bind(last.row.seq).bind(now)
        .fetch_optional(c).await)?;
    row.map(drop).ok_or(Error::LeaseLost)
}

/// Notes why a batch didn't arrive; `pause` says how long to wait after so many attempts.
pub async fn failed(tx: &mut WriteTx, delivery: &Delivery, error: &str, pause: fn(u32) -> Span) -> Result<(), Error> {
    let (org, now) = (delivery.org.to_string(), tx.now());
    let attempts: Option<i64> = on!(tx, c => sqlx::query_scalar(ATTEMPTS)
        .bind(&org).bind(delivery.fence).fetch_optional(c).await)?;
    // Counted from whatever somebody changed meanwhile.
    let attempts = attempts.ok_or(Error::LeaseLost)?;
    let next_at = if attempts == 0 { now } else { now.plus(pause(count(attempts))) };
    let row: Option<String> = on!(tx, c => sqlx::query_scalar(FAILED)
        .bind(org).bind(delivery.fence).bind(error).bind(now.micros()).bind(next_at.micros())
        .fetch_optional(c).await)?;
    row.map(drop).ok_or(Error::LeaseLost)
}

//! Jobs: claimed under a lease, every effect guarded by the fence that the claim raised.

use domain::Timestamp;
use domain::authz::cap::ProcessWrite;
use domain::id::{JobId, ProcessId};
use domain::time::Span;

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

/// A worker that says nothing for this long has lost its job.
pub const LEASE: Span = Span::from_seconds(60);

/// A claimed job.
#[derive(Debug, Clone)]
pub struct Lease {
    pub job: JobId,
    pub kind: String,
    /// The process whose work it is; none for work that nobody watches.
    pub process: Option<ProcessId>,
    /// What it works on, in its kind's own words.
    pub payload: String,
    pub attempts: u32,
    fence: i64,
}

queries! {
    INSERT = "INSERT INTO job (id, kind, process_id, payload, state, run_at, attempts, fence, lease_until, created_at)
        VALUES ($1, $2, $3, $4, 'ready', $5, 0, 0, 0, $6)";
    DUE = "SELECT id, fence FROM job
        WHERE (state = 'ready' AND run_at <= $1) OR (state = 'running' AND lease_until <= $1)
        ORDER BY run_at, id LIMIT 1";
    CLAIM = "UPDATE job SET state = 'running', fence = fence + 1, attempts = attempts + 1, lease_until = $3
        WHERE id = $1 AND fence = $2 AND (state = 'ready' OR lease_until <= $4)
        RETURNING kind, process_id, payload, attempts, fence";
    HOLD = "UPDATE job SET lease_until = $3 WHERE id = $1 AND fence = $2 AND state = 'running' RETURNING id";
    PUT_BACK = "UPDATE job SET state = 'ready', run_at = $3 WHERE id = $1 AND fence = $2 AND state = 'running' RETURNING id";
    FAILED = "UPDATE job SET state = $4, run_at = $3, last_error = $5
        WHERE id = $1 AND fence = $2 AND state = 'running' RETURNING id";
    GO_ON = "UPDATE job SET payload = $3 WHERE id = $1 AND fence = $2 AND state = 'running' RETURNING id";
    FINISH = "UPDATE job SET state = 'done' WHERE id = $1 AND fence = $2 AND state = 'running' RETURNING id";
    HURRY = "UPDATE job SET run_at = $2 WHERE process_id = $1 AND state = 'ready'";
    NEXT_RUN = "SELECT run_at FROM job WHERE process_id = $1 AND state = 'ready'";
}

/// Enqueues the work of a process in the transaction that made it necessary.
pub async fn insert(
    tx: &mut WriteTx,
    id: JobId,
    kind: &str,
    process: ProcessId,
    run_at: Timestamp,
) -> Result<(), Error> {
    enqueue(tx, id, kind, &process.to_string(), "", run_at).await
}

/// Enqueues work that nobody watches; `payload` says what on.
pub async fn insert_plain(tx: &mut WriteTx, id: JobId, kind: &str, payload: &str) -> Result<(), Error> {
    let now = tx.now();
    enqueue(tx, id, kind, NO_PROCESS, payload, now).await
}

const NO_PROCESS: &str = "";

async fn enqueue(
    tx: &mut WriteTx,
    id: JobId,
    kind: &str,
    process: &str,
    payload: &str,
    run_at: Timestamp,
) -> Result<(), Error> {
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(INSERT)
        .bind(id.to_string())
        .bind(kind)
        .bind(process)
        .bind(payload)
        .bind(run_at.micros())
        .bind(now)
        .execute(c).await.map(drop))
}

/// Whether some job could be claimed; a plain read, so that idle workers write nothing.
pub async fn is_due(tx: &mut Tx, now: Timestamp) -> Result<bool, Error> {
    let row: Option<(String, i64)> = on!(tx, c => sqlx::query_as(DUE).bind(now.micros()).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Claims the next due job, if another worker isn't faster.
pub async fn claim(tx: &mut WriteTx) -> Result<Option<Lease>, Error> {
    let now = tx.now();
    let due: Option<(String, i64)> = on!(tx, c => sqlx::query_as(DUE).bind(now.micros()).fetch_optional(c).await)?;
    let Some((id, fence)) = due else { return Ok(None) };
    let row: Option<(String, String, Option<String>, i64, i64)> = on!(tx, c => sqlx::query_as(CLAIM)
        .bind(&id).bind(fence).bind(now.plus(LEASE).micros()).bind(now.micros()).fetch_optional(c).await)?;
    row.map(|(kind, process, payload, attempts, fence)| {
        let process = (process != NO_PROCESS).then(|| read(process.parse().ok(), "job", "process_id", &id));
        Ok(Lease {
            job: read(id.parse().ok(), "job", "id", &id)?,
            kind,
            process: process.transpose()?,
            payload: payload.unwrap_or_default(),
            attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
            fence,
        })
    })
    .transpose()
}

async fn guarded(tx: &mut WriteTx, sql: &'static str, lease: &Lease, time: Timestamp) -> Result<(), Error> {
    let id = lease.job.to_string();
    let row: Option<String> = on!(tx, c => sqlx::query_scalar(sql)
        .bind(&id).bind(lease.fence).bind(time.micros()).fetch_optional(c).await)?;
    row.map(drop).ok_or(Error::LeaseLost)
}

/// First statement of every transaction a worker writes: it still has the job, and keeps it for another while.
pub async fn hold(tx: &mut WriteTx, lease: &Lease) -> Result<(), Error> {
    let until = tx.now().plus(LEASE);
    guarded(tx, HOLD, lease, until).await
}

/// Gives the job back until `run_at`.
pub async fn put_back(tx: &mut WriteTx, lease: &Lease, run_at: Timestamp) -> Result<(), Error> {
    guarded(tx, PUT_BACK, lease, run_at).await
}

/// Notes why an attempt failed: the job is tried again at `run_at`, or with `None` never by itself.
pub async fn failed(tx: &mut WriteTx, lease: &Lease, error: &str, run_at: Option<Timestamp>) -> Result<(), Error> {
    let state = if run_at.is_some() { "ready" } else { "dead" };
    let run_at = run_at.unwrap_or_else(|| tx.now()).micros();
    let row: Option<String> = on!(tx, c => sqlx::query_scalar(FAILED)
        .bind(lease.job.to_string())
        .bind(lease.fence)
        .bind(run_at)
        .bind(state)
        .bind(error)
        .fetch_optional(c).await)?;
    row.map(drop).ok_or(Error::LeaseLost)
}

/// Replaces what the job works on by what is left of it.
pub async fn go_on_with(tx: &mut WriteTx, lease: &Lease, payload: &str) -> Result<(), Error> {
    let row: Option<String> = on!(tx, c => sqlx::query_scalar(GO_ON)
        .bind(lease.job.to_string()).bind(lease.fence).bind(payload).fetch_optional(c).await)?;
    row.map(drop).ok_or(Error::LeaseLost)
}

/// Ends the job; commits together with its last effect.
pub async fn finish(tx: &mut WriteTx, lease: &Lease) -> Result<(), Error> {
    let id = lease.job.to_string();
    let row: Option<String> =
        on!(tx, c => sqlx::query_scalar(FINISH).bind(&id).bind(lease.fence).fetch_optional(c).await)?;
    row.map(drop).ok_or(Error::LeaseLost)
}

/// Makes a waiting process's job due at once.
pub async fn hurry(tx: &mut WriteTx, grant: &Granted<ProcessWrite>, process: ProcessId) -> Result<(), Error> {
    grant.check(tx)?;
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(HURRY).bind(process.to_string()).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// When the process's job runs next, while it waits.
pub(crate) async fn next_run(tx: &mut Tx, process: ProcessId) -> Result<Option<Timestamp>, Error> {
    let at: Option<i64> = on!(tx, c => sqlx::query_scalar(NEXT_RUN).bind(process.to_string()).fetch_optional(c).await)?;
    Ok(at.map(Timestamp::from_micros))
}

//! Processes, their steps and their logs. What the steps of a deletion do stands in [`deletion`](crate::deletion).

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{OrgDelete, OrgProcessesRead, OrgRestore, ProcessRead, ProcessWrite};
use domain::id::{OrgId, ProcessId};
use domain::job::{
    Abandoned, DeletionStep, LOG_SHOWN, LogLine, ProcessRow, ProcessState, ProcessView, ProcessesQuery, StepRow,
    StepState,
};

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::job::{self, Lease};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

queries! {
    INSERT = "INSERT INTO process (id, kind, org_id, handle, display_name, state, started_by, started_at, due_at)
        VALUES ($1, 'delete_org', $2, $3, $4, $5, $6, $7, $8)";
    INSERT_STEP = "INSERT INTO process_step (process_id, position, name, subject, label, state, attempts, done)
        VALUES ($1, $2, $3, $4, $5, 'pending', 0, 0)";
    HAS_STEP = "SELECT position FROM process_step WHERE process_id = $1 AND name = $2 AND subject = $3";
    LAST_POSITION = "SELECT MAX(position) FROM process_step WHERE process_id = $1 AND name = $2";
    FIND = "SELECT id, org_id, handle, display_name, state, version, started_by, started_at, due_at, finished_at, held_until
        FROM process WHERE id = $1";
    STEPS = "SELECT position, name, subject, label, state, attempts, done, last_error, abandoned_by, abandon_reason
        FROM process_step WHERE process_id = $1 ORDER BY position";
    LOG = "SELECT at, text FROM process_log WHERE process_id = $1 AND seq >
        (SELECT COALESCE(MAX(seq), 0) FROM process_log WHERE process_id = $1) - $2 ORDER BY seq";
    LIST = "SELECT p.id, p.handle, p.display_name, p.state, p.started_by, p.started_at, p.finished_at,
            (SELECT COUNT(*) FROM process_step s WHERE s.process_id = p.id) AS steps,
            (SELECT COUNT(*) FROM process_step s WHERE s.process_id = p.id AND s.state <> 'pending') AS steps_over
        FROM process p
        WHERE (CAST($1 AS TEXT) IS NULL OR p.org_id = $1) AND (CAST($2 AS TEXT) IS NULL OR p.state = $2)
            AND (CAST($3 AS TEXT) IS NULL OR (p.started_at, p.id) < ((SELECT b.started_at FROM process b WHERE b.id = $3), $3))
        ORDER BY p.started_at DESC, p.id DESC LIMIT $4";
    ORG_OF = "SELECT org_id FROM process WHERE id = $1";
    VERSION = "SELECT version, state FROM process WHERE id = $1";
    SET_STATE = "UPDATE process SET state = $2, version = version + 1 WHERE id = $1";
    TOUCH = "UPDATE process SET version = version + 1 WHERE id = $1";
    FINISH = "UPDATE process SET state = $2, finished_at = $3, held_until = $4, version = version + 1 WHERE id = $1";
    STEP_TRIED = "UPDATE process_step SET attempts = attempts + 1 WHERE process_id = $1 AND position = $2";
    STEP_FAILED = "UPDATE process_step SET last_error = $3 WHERE process_id = $1 AND position = $2";
    STEP_ADVANCED = "UPDATE process_step SET done = done + $3 WHERE process_id = $1 AND position = $2";
    STEP_DONE = "UPDATE process_step SET state = 'done', last_error = NULL
        WHERE process_id = $1 AND position = $2 AND state = 'pending'";
    ABANDON = "UPDATE process_step SET state = 'abandoned', abandoned_by = $3, abandon_reason = $4
        WHERE process_id = $1 AND position = $2 AND state = 'pending' RETURNING label";
    APPEND = "INSERT INTO process_log (process_id, seq, at, text)
        SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3 FROM process_log WHERE process_id = $1";
    SCHEDULED_OF = "SELECT id FROM process WHERE org_id = $1 AND state = 'scheduled' ORDER BY started_at DESC LIMIT 1";
    DROP_JOB = "DELETE FROM job WHERE process_id = $1 AND state = 'ready'";
}

/// Steps of one kind have this many places, so that the order of kinds stays whatever is added.
const PLACES: i64 = 1_000_000;

/// A thing that has a step of its own: its id, and what the step is called.
pub type Subject = (String, String);

fn first_place(step: DeletionStep) -> i64 {
    let kind = DeletionStep::ALL.iter().position(|known| *known == step).unwrap_or_default();
    i64::try_from(kind).unwrap_or_default() * PLACES
}

/// Records a deletion, with the steps that are known from the start. The caller closes the organization and enqueues the
/// job in the same transaction. With `due_at` it waits until then.
pub async fn insert_deletion(
    tx: &mut WriteTx,
    grant: &Granted<OrgDelete>,
    id: ProcessId,
    due_at: Option<Timestamp>,
    resources: &[Subject],
    accounts: &[Subject],
) -> Result<(), Error> {
    let org = grant.org(tx)?.clone();
    let now = tx.now().micros();
    let state = if due_at.is_some() { ProcessState::Scheduled } else { ProcessState::Queued };
    on!(tx, c => sqlx::query(INSERT)
        .bind(id.to_string())
        .bind(org.id.to_string())
        .bind(org.handle.as_str())
        .bind(org.display_name.as_str())
        .bind(state.name())
        .bind(grant.actor_name())
        .bind(now)
        .bind(due_at.map(Timestamp::micros))
        .execute(c).await.map(drop))?;
    for step in DeletionStep::ALL {
        match step {
            DeletionStep::Resource => add_steps(tx, id, step, resources).await?,
            DeletionStep::Account => add_steps(tx, id, step, accounts).await?,
            _ => add_steps(tx, id, step, &[(String::new(), step.label().to_owned())]).await?,
        }
    }
    Ok(())
}

async fn add_steps(
    tx: &mut WriteTx,
    process: ProcessId,
    step: DeletionStep,
    subjects: &[Subject],
) -> Result<(), Error> {
    let id = process.to_string();
    let last: Option<i64> =
        on!(tx, c => sqlx::query_scalar(LAST_POSITION).bind(&id).bind(step.name()).fetch_one(c).await)?;
    let mut position = last.map_or_else(|| first_place(step), |last| last + 1);
    for (subject, label) in subjects {
        let known: Option<i64> = on!(tx, c => sqlx::query_scalar(HAS_STEP)
            .bind(&id).bind(step.name()).bind(subject).fetch_optional(c).await)?;
        if known.is_none() {
            on!(tx, c => sqlx::query(INSERT_STEP)
                .bind(&id).bind(position).bind(step.name()).bind(subject).bind(label)
                .execute(c).await.map(drop))?;
            position += 1;
        }
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    org_id: String,
    handle: String,
    display_name: String,
    state: String,
    version: i64,
    started_by: String,
    started_at: i64,
    due_at: Option<i64>,
    finished_at: Option<i64>,
    held_until: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct StoredStep {
    position: i64,
    name: String,
    subject: String,
    label: String,
    state: String,
    attempts: i64,
    done: i64,
    last_error: Option<String>,
    abandoned_by: Option<String>,
    abandon_reason: Option<String>,
}

impl TryFrom<StoredStep> for StepRow {
    type Error = Error;

    fn try_from(row: StoredStep) -> Result<Self, Error> {
        const TABLE: &str = "process_step";
        let step = read(DeletionStep::from_name(&row.name), TABLE, "name", &row.name)?;
        Ok(Self {
            position: row.position,
            step,
            subject: row.subject,
            // An earlier version kept none.
            label: if row.label.is_empty() { step.label().to_owned() } else { row.label },
            state: read(StepState::from_name(&row.state), TABLE, "state", &row.state)?,
            attempts: row.attempts,
            done: row.done,
            last_error: row.last_error,
            abandoned: row.abandoned_by.zip(row.abandon_reason).map(|(by, reason)| Abandoned { by, reason }),
        })
    }
}

async fn find_any(tx: &mut Tx, id: ProcessId) -> Result<Option<ProcessView>, Error> {
    const TABLE: &str = "process";
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id.to_string()).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(None) };
    let steps: Vec<StoredStep> = on!(tx, c => sqlx::query_as(STEPS).bind(&row.id).fetch_all(c).await)?;
    let log: Vec<(i64, String)> = on!(tx, c => sqlx::query_as(LOG).bind(&row.id).bind(LOG_SHOWN).fetch_all(c).await)?;
    let state = read(ProcessState::from_name(&row.state), TABLE, "state", &row.id)?;
    let next_attempt_at = match state {
        ProcessState::Waiting => job::next_run(tx, id).await?,
        _ => None,
    };
    Ok(Some(ProcessView {
        id,
        org: read(row.org_id.parse().ok(), TABLE, "org_id", &row.id)?,
        handle: row.handle,
        display_name: row.display_name,
        state,
        version: row.version,
        steps: steps.into_iter().map(StepRow::try_from).collect::<Result<_, _>>()?,
        log: log.into_iter().map(|(at, text)| LogLine { at: Timestamp::from_micros(at), text }).collect(),
        started_by: row.started_by,
        started_at: Timestamp::from_micros(row.started_at),
        due_at: row.due_at.map(Timestamp::from_micros),
        finished_at: row.finished_at.map(Timestamp::from_micros),
        held_until: row.held_until.map(Timestamp::from_micros),
        next_attempt_at,
    }))
}

/// What may see a process: the instance's right sees all, an organization's those about it.
pub trait SeesProcesses: Capability {
    const OF_ONE_ORG: bool;
}

impl SeesProcesses for ProcessRead {
    const OF_ONE_ORG: bool = false;
}

impl SeesProcesses for ProcessWrite {
    const OF_ONE_ORG: bool = false;
}

impl SeesProcesses for OrgProcessesRead {
    const OF_ONE_ORG: bool = true;
}

/// The organization whose processes the proof shows; `None` for all.
fn only<P: SeesProcesses>(tx: &Tx, grant: &Granted<P>) -> Result<Option<OrgId>, Error> {
    grant.check(tx)?;
    if P::OF_ONE_ORG { Ok(Some(grant.org(tx)?.id)) } else { Ok(None) }
}

pub async fn find<P: SeesProcesses>(
    tx: &mut Tx,
    grant: &Granted<P>,
    id: ProcessId,
) -> Result<Option<ProcessView>, Error> {
    let only = only(tx, grant)?;
    Ok(find_any(tx, id).await?.filter(|found| only.is_none_or(|org| found.org == org)))
}

/// Which organization a process is about; says nothing else, so that it can be asked before a proof is.
pub async fn org_of(tx: &mut Tx, id: ProcessId) -> Result<Option<OrgId>, Error> {
    let org: Option<String> = on!(tx, c => sqlx::query_scalar(ORG_OF).bind(id.to_string()).fetch_optional(c).await)?;
    org.map(|org| read(org.parse().ok(), "process", "org_id", id)).transpose()
}

/// What moves with every change, and the state; for those who watch.
pub async fn version<P: SeesProcesses>(
    tx: &mut Tx,
    grant: &Granted<P>,
    id: ProcessId,
) -> Result<Option<(i64, ProcessState)>, Error> {
    let only = only(tx, grant)?;
    if only.is_some() && org_of(tx, id).await? != only {
        return Ok(None);
    }
    let row: Option<(i64, String)> =
        on!(tx, c => sqlx::query_as(VERSION).bind(id.to_string()).fetch_optional(c).await)?;
    row.map(|(version, state)| Ok((version, read(ProcessState::from_name(&state), "process", "state", id)?)))
        .transpose()
}

#[derive(sqlx::FromRow)]
struct Listed {
    id: String,
    handle: String,
    display_name: String,
    state: String,
    started_by: String,
    started_at: i64,
    finished_at: Option<i64>,
    steps: i64,
    steps_over: i64,
}

/// At most `limit` processes that `query` asks for, newest first.
pub async fn list<P: SeesProcesses>(
    tx: &mut Tx,
    grant: &Granted<P>,
    query: &ProcessesQuery,
    limit: i64,
) -> Result<Vec<ProcessRow>, Error> {
    const TABLE: &str = "process";
    let only = only(tx, grant)?;
    let rows: Vec<Listed> = on!(tx, c => sqlx::query_as(LIST)
        .bind(only.map(|org| org.to_string()))
        .bind(query.state.map(ProcessState::name))
        .bind(query.before.map(|id| id.to_string()))
        .bind(limit)
        .fetch_all(c).await)?;
    let rows = rows.into_iter().map(|row| {
        Ok(ProcessRow {
            id: read(row.id.parse().ok(), TABLE, "id", &row.id)?,
            handle: row.handle,
            display_name: row.display_name,
            state: read(ProcessState::from_name(&row.state), TABLE, "state", &row.id)?,
            steps: row.steps,
            steps_over: row.steps_over,
            started_by: row.started_by,
            started_at: Timestamp::from_micros(row.started_at),
            finished_at: row.finished_at.map(Timestamp::from_micros),
        })
    });
    rows.collect()
}

/// The process of a lease's job.
pub(crate) fn process_of(lease: &Lease) -> Result<ProcessId, Error> {
    read(lease.process, "job", "process_id", lease.job)
}

/// The lease's own process.
pub async fn of_lease(tx: &mut Tx, lease: &Lease) -> Result<ProcessView, Error> {
    let found = find_any(tx, process_of(lease)?).await?;
    read(found, "job", "process_id", lease.job)
}

async fn set_state(tx: &mut WriteTx, process: ProcessId, state: ProcessState) -> Result<(), Error> {
    on!(tx, c => sqlx::query(SET_STATE).bind(process.to_string()).bind(state.name()).execute(c).await.map(drop))
}

/// Adds a line to the process's log.
pub async fn log(tx: &mut WriteTx, process: ProcessId, text: &str) -> Result<(), Error> {
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(APPEND).bind(process.to_string()).bind(now).bind(text).execute(c).await.map(drop))
}

/// Marks the process as running and the step as tried.
pub async fn step_begins(tx: &mut WriteTx, lease: &Lease, step: &StepRow) -> Result<(), Error> {
    job::hold(tx, lease).await?;
    let process = process_of(lease)?;
    let id = process.to_string();
    set_state(tx, process, ProcessState::Running).await?;
    on!(tx, c => sqlx::query(STEP_TRIED).bind(&id).bind(step.position).execute(c).await.map(drop))
}

/// Records why a step isn't done yet.
pub async fn step_failed(tx: &mut WriteTx, lease: &Lease, step: &StepRow, error: &str) -> Result<(), Error> {
    job::hold(tx, lease).await?;
    let process = process_of(lease)?;
    let id = process.to_string();
    if step.last_error.as_deref() != Some(error) {
        log(tx, process, &format!("{}: {error}", step.label)).await?;
    }
    on!(tx, c => sqlx::query(STEP_FAILED).bind(&id).bind(step.position).bind(error).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(TOUCH).bind(&id).execute(c).await.map(drop))
}

/// Records that a step did something, and with `done` that nothing of it is left.
pub async fn step_advanced(
    tx: &mut WriteTx,
    lease: &Lease,
    step: &StepRow,
    rows: u64,
    done: bool,
) -> Result<(), Error> {
    let process = process_of(lease)?;
    let id = process.to_string();
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    on!(tx, c => sqlx::query(STEP_ADVANCED).bind(&id).bind(step.position).bind(rows).execute(c).await.map(drop))?;
    if done {
        on!(tx, c => sqlx::query(STEP_DONE).bind(&id).bind(step.position).execute(c).await.map(drop))?;
        log(tx, process, &format!("{}: done", step.label)).await?;
    }
    on!(tx, c => sqlx::query(TOUCH).bind(&id).execute(c).await.map(drop))
}

/// Adds steps for resources that turned up only now.
pub async fn add_resources(tx: &mut WriteTx, lease: &Lease, resources: &[Subject]) -> Result<(), Error> {
    let process = process_of(lease)?;
    add_steps(tx, process, DeletionStep::Resource, resources).await
}

/// Puts the process's job back until `run_at`.
pub async fn wait(tx: &mut WriteTx, lease: &Lease, run_at: Timestamp) -> Result<(), Error> {
    job::put_back(tx, lease, run_at).await?;
    set_state(tx, process_of(lease)?, ProcessState::Waiting).await
}

/// Ends the process together with its job.
pub async fn finish(tx: &mut WriteTx, lease: &Lease, held_until: Timestamp) -> Result<(), Error> {
    let (id, now) = (process_of(lease)?.to_string(), tx.now().micros());
    on!(tx, c => sqlx::query(FINISH)
        .bind(id)
        .bind(ProcessState::Succeeded.name())
        .bind(now)
        .bind(held_until.micros())
        .execute(c).await.map(drop))?;
    job::finish(tx, lease).await
}

/// Gives up a step and answers what it is called; `None` when it is over already.
pub async fn abandon(
    tx: &mut WriteTx,
    grant: &Granted<ProcessWrite>,
    id: ProcessId,
    position: i64,
    reason: &str,
) -> Result<Option<String>, Error> {
    let by = grant.actor_name();
    let label: Option<String> = on!(tx, c => sqlx::query_scalar(ABANDON)
        .bind(id.to_string()).bind(position).bind(&by).bind(reason).fetch_optional(c).await)?;
    if let Some(label) = &label {
        log(tx, id, &format!("{label}: given up by {by}: {reason}")).await?;
        on!(tx, c => sqlx::query(TOUCH).bind(id.to_string()).execute(c).await.map(drop))?;
    }
    Ok(label)
}

/// Calls off the organization's scheduled deletion, and answers which it was.
pub async fn cancel(tx: &mut WriteTx, grant: &Granted<OrgRestore>) -> Result<Option<ProcessId>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let now = tx.now().micros();
    let found: Option<String> = on!(tx, c => sqlx::query_scalar(SCHEDULED_OF).bind(&org).fetch_optional(c).await)?;
    let Some(id) = found else { return Ok(None) };
    on!(tx, c => sqlx::query(DROP_JOB).bind(&id).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(FINISH)
        .bind(&id)
        .bind(ProcessState::Cancelled.name())
        .bind(now)
        .bind(None::<i64>)
        .execute(c).await.map(drop))?;
    let process = read(id.parse().ok(), "process", "id", &id)?;
    log(tx, process, &format!("Called off by {}", grant.actor_name())).await?;
    Ok(Some(process))
}

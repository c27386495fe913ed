//! Processes and their steps; and the steps of deleting an organization.

use domain::Timestamp;
use domain::audit::{Action, Chain, Who};
use domain::authz::Via;
use domain::authz::cap::{OrgDelete, ProcessRead};
use domain::id::{OrgId, PersonId, ProcessId};
use domain::job::{DeletionStep, ProcessState, StepRow, StepState};
use domain::profile::HANDLE_HELD;

use crate::audit::{self, Entry};
use crate::authz::Granted;
use crate::error::{Error, read};
use crate::job::{self, Lease};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

/// Rows a step removes in one transaction, so that other tenants never wait for long.
pub const BATCH: i64 = 200;

queries! {
    INSERT = "INSERT INTO process (id, kind, org_id, handle, display_name, state, started_by, started_at)
        VALUES ($1, 'delete_org', $2, $3, $4, 'queued', $5, $6)";
    INSERT_STEP = "INSERT INTO process_step (process_id, position, name, state, attempts, done)
        VALUES ($1, $2, $3, 'pending', 0, 0)";
    CLOSE_ORG = "UPDATE organization SET state = 'deleting' WHERE id = $1";
    FIND = "SELECT org_id, handle, display_name, state, started_by, started_at, finished_at, held_until
        FROM process WHERE id = $1";
    STEPS = "SELECT name, state, attempts, done, last_error FROM process_step WHERE process_id = $1 ORDER BY position";
    SET_STATE = "UPDATE process SET state = $2 WHERE id = $1";
    FINISH = "UPDATE process SET state = 'succeeded', finished_at = $2, held_until = $3 WHERE id = $1";
    STEP_TRIED = "UPDATE process_step SET attempts = attempts + 1 WHERE process_id = $1 AND name = $2";
    STEP_FAILED = "UPDATE process_step SET last_error = $3 WHERE process_id = $1 AND name = $2";
    STEP_ADVANCED = "UPDATE process_step SET done = done + $3 WHERE process_id = $1 AND name = $2";
    STEP_DONE = "UPDATE process_step SET state = 'done', last_error = NULL WHERE process_id = $1 AND name = $2";
    DELETE_LINKS = "DELETE FROM one_time_link WHERE id IN (SELECT id FROM one_time_link WHERE org_id = $1 LIMIT $2)";
    DELETE_PLANS = "DELETE FROM plan WHERE org_id = $1";
    SOME_MEMBERS = "SELECT id, person_id FROM member WHERE org_id = $1 ORDER BY id LIMIT $2";
    DELETE_MEMBER = "DELETE FROM member WHERE id = $1";
    LEAVES = "SELECT p.id FROM person p WHERE p.id = $1 AND NOT p.platform_admin AND NOT EXISTS
        (SELECT 1 FROM member m WHERE m.person_id = p.id AND m.state <> 'revoked')";
    DELETE_REVOKED = "DELETE FROM member WHERE person_id = $1 AND state = 'revoked'";
    DELETE_PERSON = "DELETE FROM person WHERE id = $1";
    DELETE_REVISIONS = "DELETE FROM revision WHERE org_id = $1 AND version IN
        (SELECT version FROM revision WHERE org_id = $1 ORDER BY version LIMIT $2)";
    HOLD_NAMES = "UPDATE name_claim SET kind = 'held', held_until = $2 WHERE org_id = $1";
    DELETE_ORG = "DELETE FROM organization WHERE id = $1";
}

/// A process as it stands.
#[derive(Debug, Clone)]
pub struct Found {
    pub org: OrgId,
    pub handle: String,
    pub display_name: String,
    pub state: ProcessState,
    pub started_by: String,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub held_until: Option<Timestamp>,
    pub steps: Vec<(DeletionStep, StepRow)>,
}

/// Closes the organization to everything and records the process that deletes it. The caller enqueues the job in
/// the same transaction.
pub async fn start_deletion(tx: &mut WriteTx, grant: &Granted<OrgDelete>, id: ProcessId) -> Result<(), Error> {
    let org = grant.org(tx)?.clone();
    let started_by = grant.viewer().map_or_else(|_| NOBODY.to_owned(), |viewer| viewer.name.clone());
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(CLOSE_ORG).bind(org.id.to_string()).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(INSERT)
        .bind(id.to_string())
        .bind(org.id.to_string())
        .bind(org.handle.as_str())
        .bind(org.display_name.as_str())
        .bind(&started_by)
        .bind(now)
        .execute(c).await.map(drop))?;
    for (position, step) in (0_i64..).zip(DeletionStep::ALL) {
        on!(tx, c => sqlx::query(INSERT_STEP)
            .bind(id.to_string()).bind(position).bind(step.name()).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Who stands for a token of the instance.
const NOBODY: &str = "A token of the instance";

#[derive(sqlx::FromRow)]
struct Row {
    org_id: String,
    handle: String,
    display_name: String,
    state: String,
    started_by: String,
    started_at: i64,
    finished_at: Option<i64>,
    held_until: Option<i64>,
}

async fn find_any(tx: &mut Tx, id: ProcessId) -> Result<Option<Found>, Error> {
    const TABLE: &str = "process";
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id.to_string()).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(None) };
    let steps: Vec<(String, String, i64, i64, Option<String>)> =
        on!(tx, c => sqlx::query_as(STEPS).bind(id.to_string()).fetch_all(c).await)?;
    let steps = steps
        .into_iter()
        .map(|(name, state, attempts, done, last_error)| {
            let step = read(DeletionStep::from_name(&name), "process_step", "name", id)?;
            let state = read(StepState::from_name(&state), "process_step", "state", id)?;
            Ok((step, StepRow { label: step.label().to_owned(), state, attempts, done, last_error }))
        })
        .collect::<Result<_, Error>>()?;
    Ok(Some(Found {
        org: read(row.org_id.parse().ok(), TABLE, "org_id", id)?,
        handle: row.handle,
        display_name: row.display_name,
        state: read(ProcessState::from_name(&row.state), TABLE, "state", id)?,
        started_by: row.started_by,
        started_at: Timestamp::from_micros(row.started_at),
        finished_at: row.finished_at.map(Timestamp::from_micros),
        held_until: row.held_until.map(Timestamp::from_micros),
        steps,
    }))
}

pub async fn find(tx: &mut Tx, grant: &Granted<ProcessRead>, id: ProcessId) -> Result<Option<Found>, Error> {
    grant.check(tx)?;
    find_any(tx, id).await
}

/// The lease's own process.
pub async fn of_lease(tx: &mut Tx, lease: &Lease) -> Result<Found, Error> {
    let found = find_any(tx, lease.process).await?;
    read(found, "job", "process_id", lease.job)
}

/// Marks the process as running and the step as tried.
pub async fn step_begins(tx: &mut WriteTx, lease: &Lease, step: DeletionStep) -> Result<(), Error> {
    job::hold(tx, lease).await?;
    let id = lease.process.to_string();
    on!(tx, c => sqlx::query(SET_STATE).bind(&id).bind(ProcessState::Running.name()).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(STEP_TRIED).bind(&id).bind(step.name()).execute(c).await.map(drop))?;
    Ok(())
}

/// Records why a step failed; the process waits until `run_at`.
pub async fn step_failed(
    tx: &mut WriteTx,
    lease: &Lease,
    step: DeletionStep,
    error: &str,
    run_at: Timestamp,
) -> Result<(), Error> {
    job::put_back(tx, lease, run_at).await?;
    let id = lease.process.to_string();
    on!(tx, c => sqlx::query(SET_STATE).bind(&id).bind(ProcessState::Waiting.name()).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(STEP_FAILED).bind(&id).bind(step.name()).bind(error).execute(c).await.map(drop))?;
    Ok(())
}

async fn advanced(tx: &mut WriteTx, lease: &Lease, step: DeletionStep, rows: u64, done: bool) -> Result<(), Error> {
    let id = lease.process.to_string();
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    on!(tx, c => sqlx::query(STEP_ADVANCED).bind(&id).bind(step.name()).bind(rows).execute(c).await.map(drop))?;
    if done {
        on!(tx, c => sqlx::query(STEP_DONE).bind(&id).bind(step.name()).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// What one batch of a step did.
#[derive(Debug)]
pub struct Batch {
    /// Nothing of this step is left.
    pub done: bool,
    pub entries: Vec<Entry>,
}

/// Does one batch of a step, progress and all, in the lease holder's transaction.
pub async fn run_batch(tx: &mut WriteTx, lease: &Lease, found: &Found, step: DeletionStep) -> Result<Batch, Error> {
    job::hold(tx, lease).await?;
    let org = found.org.to_string();
    let batch_size = u64::try_from(BATCH).unwrap_or(u64::MAX);
    match step {
        DeletionStep::Links => {
            let rows = on!(tx, c => sqlx::query(DELETE_LINKS).bind(&org).bind(BATCH).execute(c).await
                .map(|result| result.rows_affected()))?;
            on!(tx, c => sqlx::query(DELETE_PLANS).bind(&org).execute(c).await.map(drop))?;
            let done = rows < batch_size;
            advanced(tx, lease, step, rows, done).await?;
            Ok(Batch { done, entries: Vec::new() })
        }
        DeletionStep::People => remove_people(tx, lease, found.org).await,
        DeletionStep::Revisions => {
            let rows = on!(tx, c => sqlx::query(DELETE_REVISIONS).bind(&org).bind(BATCH).execute(c).await
                .map(|result| result.rows_affected()))?;
            let done = rows < batch_size;
            advanced(tx, lease, step, rows, done).await?;
            Ok(Batch { done, entries: Vec::new() })
        }
        DeletionStep::Organization => remove_organization(tx, lease, found).await,
    }
}

async fn remove_people(tx: &mut WriteTx, lease: &Lease, org: OrgId) -> Result<Batch, Error> {
    let members: Vec<(String, String)> =
        on!(tx, c => sqlx::query_as(SOME_MEMBERS).bind(org.to_string()).bind(BATCH).fetch_all(c).await)?;
    let done = members.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
    let rows = members.len() as u64;
    let mut entries = Vec::new();
    for (member, person) in members {
        on!(tx, c => sqlx::query(DELETE_MEMBER).bind(&member).execute(c).await.map(drop))?;
        let leaves: Option<String> = on!(tx, c => sqlx::query_scalar(LEAVES).bind(&person).fetch_optional(c).await)?;
        if leaves.is_some() {
            on!(tx, c => sqlx::query(DELETE_REVOKED).bind(&person).execute(c).await.map(drop))?;
            on!(tx, c => sqlx::query(DELETE_PERSON).bind(&person).execute(c).await.map(drop))?;
            let id: PersonId = read(person.parse().ok(), "person", "id", &person)?;
            let action = Action::PersonRemoved { person: id };
            entries.push(Entry::new(Chain::Org(org), Who::System, Some(Via::System), action));
        }
    }
    advanced(tx, lease, DeletionStep::People, rows, done).await?;
    Ok(Batch { done, entries })
}

async fn remove_organization(tx: &mut WriteTx, lease: &Lease, found: &Found) -> Result<Batch, Error> {
    let org = found.org.to_string();
    let now = tx.now();
    let held_until = now.plus(HANDLE_HELD);
    on!(tx, c => sqlx::query(HOLD_NAMES).bind(&org).bind(held_until.micros()).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(DELETE_ORG).bind(&org).execute(c).await.map(drop))?;
    advanced(tx, lease, DeletionStep::Organization, 1, true).await?;
    let id = lease.process.to_string();
    on!(tx, c => sqlx::query(FINISH)
        .bind(&id).bind(now.micros()).bind(held_until.micros()).execute(c).await.map(drop))?;
    job::finish(tx, lease).await?;
    let (chain_seq, chain_hash) = audit::close_chain(tx, Chain::Org(found.org)).await?;
    let action = Action::OrgDeleted {
        process: lease.process,
        org: found.org,
        handle: found.handle.clone(),
        chain_seq,
        chain_hash,
    };
    Ok(Batch { done: true, entries: vec![Entry::new(Chain::Instance, Who::System, Some(Via::System), action)] })
}

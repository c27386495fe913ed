//! Taking an organization away: closing it, and what each step removes, a batch a transaction.

use domain::Timestamp;
use domain::audit::{Action, Chain, Who};
use domain::authz::Via;
use domain::authz::cap::{OrgDelete, OrgRestore};
use domain::id::{OrgId, PersonId, WorkspaceId};
use domain::job::{DeletionStep, ProcessView, StepRow};
use domain::org::OrgState;
use domain::profile::HANDLE_HELD;

use crate::audit::{self, Entry};
use crate::authz::Granted;
use crate::error::{Error, read};
use crate::job::{self, Lease};
use crate::macros::{on, queries};
use crate::people;
use crate::process;
use crate::tx::WriteTx;

/// Rows a step removes in one transaction, so that other tenants never wait for long.
pub const BATCH: i64 = 200;

/// The same of what was used, whose rows are small and many.
const USAGE_BATCH: i64 = 2_000;

queries! {
    CLOSE_ORG = "UPDATE organization SET state = $2, state_before = state WHERE id = $1";
    BEGIN = "UPDATE organization SET state = 'deleting' WHERE id = $1";
    REOPEN = "UPDATE organization SET state = COALESCE(state_before, 'active'), state_before = NULL WHERE id = $1";
    REST_WORKSPACES = "UPDATE workspace SET state = 'asleep', version = version + 1
        WHERE org_id = $1 AND state = 'active' RETURNING id, name, version";
    DELETE_LINKS = "DELETE FROM one_time_link WHERE id IN (SELECT id FROM one_time_link WHERE org_id = $1 LIMIT $2)";
    DELETE_PLANS = "DELETE FROM plan WHERE org_id = $1";
    DELETE_WORKSPACE = "DELETE FROM workspace WHERE org_id = $1 AND id = $2";
    DELETE_WORKSPACES = "DELETE FROM workspace WHERE id IN (SELECT id FROM workspace WHERE org_id = $1 LIMIT $2)";
    DELETE_ACCOUNTS = "DELETE FROM cloud_account WHERE id IN (SELECT id FROM cloud_account WHERE org_id = $1 LIMIT $2)";
    SOME_MEMBERS = "SELECT id, person_id FROM member WHERE org_id = $1 ORDER BY id LIMIT $2";
    DELETE_MEMBER = "DELETE FROM member WHERE id = $1";
    DELETE_DAYS = "DELETE FROM member_day WHERE org_id = $1 AND person_id = $2";
    LEAVES = "SELECT p.id FROM person p WHERE p.id = $1 AND NOT p.platform_admin AND NOT EXISTS
        (SELECT 1 FROM member m WHERE m.person_id = p.id AND m.state <> 'revoked')";
    DELETE_REVISIONS = "DELETE FROM revision WHERE org_id = $1 AND version IN
        (SELECT version FROM revision WHERE org_id = $1 ORDER BY version LIMIT $2)";
    DELETE_SECRETS = "DELETE FROM organization_secret WHERE org_id = $1";
    DELETE_MAILS = "DELETE FROM mail WHERE org_id = $1";
    DELETE_EVENTS = "DELETE FROM usage_event WHERE (source, id) IN
        (SELECT source, id FROM usage_event WHERE org_id = $1 LIMIT $2)";
    DELETE_USE = "DELETE FROM usage_day WHERE org_id = $1 AND (workspace_id, meter, day) IN
        (SELECT workspace_id, meter, day FROM usage_day WHERE org_id = $1 LIMIT $2)";
    DELETE_KEYS = "DELETE FROM usage_key WHERE org_id = $1 AND (workspace_id, meter, day, key) IN
        (SELECT workspace_id, meter, day, key FROM usage_key WHERE org_id = $1 LIMIT $2)";
    DELETE_TOTALS = "DELETE FROM usage_total WHERE org_id = $1 AND (meter, day) IN
        (SELECT meter, day FROM usage_total WHERE org_id = $1 LIMIT $2)";
    DELETE_BILLED = "DELETE FROM billed_day WHERE org_id = $1 AND (starts_on, metered, day) IN
        (SELECT starts_on, metered, day FROM billed_day WHERE org_id = $1 LIMIT $2)";
    DELETE_CYCLES = "DELETE FROM billed_cycle WHERE org_id = $1";
    DELETE_CHANGE = "DELETE FROM usage_change WHERE org_id = $1";
    HOLD_NAMES = "UPDATE name_claim SET kind = 'held', held_until = $2 WHERE org_id = $1";
    DELETE_ORG = "DELETE FROM organization WHERE id = $1";
}

/// Closes the organization to everything; `state` is where it is then.
pub async fn close(tx: &mut WriteTx, grant: &Granted<OrgDelete>, state: OrgState) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query(CLOSE_ORG).bind(org).bind(state.name()).execute(c).await.map(drop))
}

/// Lets every workspace sleep for a time of grace, and answers id, name and version of each that was awake.
pub async fn rest_workspaces(
    tx: &mut WriteTx,
    grant: &Granted<OrgDelete>,
) -> Result<Vec<(WorkspaceId, String, i64)>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, String, i64)> = on!(tx, c => sqlx::query_as(REST_WORKSPACES).bind(org).fetch_all(c).await)?;
    rows.into_iter()
        .map(|(id, name, version)| Ok((read(id.parse().ok(), "workspace", "id", &id)?, name, version)))
        .collect()
}

/// Opens an organization again whose deletion was called off.
pub async fn reopen(tx: &mut WriteTx, grant: &Granted<OrgRestore>) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query(REOPEN).bind(org).execute(c).await.map(drop))
}

/// The time of grace is over: from here on there is no way back.
pub async fn begin(tx: &mut WriteTx, lease: &Lease, org: OrgId) -> Result<(), Error> {
    job::hold(tx, lease).await?;
    on!(tx, c => sqlx::query(BEGIN).bind(org.to_string()).execute(c).await.map(drop))
}

/// What one batch of a step did.
#[derive(Debug)]
pub struct Batch {
    /// Nothing of this step is left.
    pub done: bool,
    pub entries: Vec<Entry>,
}

/// Does one batch of a step that works in the database alone, progress and all, in the lease holder's transaction.
pub async fn run_batch(tx: &mut WriteTx, lease: &Lease, found: &ProcessView, step: &StepRow) -> Result<Batch, Error> {
    job::hold(tx, lease).await?;
    let org = found.org.to_string();
    let rows = match step.step {
        DeletionStep::Links => {
            on!(tx, c => sqlx::query(DELETE_PLANS).bind(&org).execute(c).await.map(drop))?;
            delete_some(tx, DELETE_LINKS, &org).await?
        }
        DeletionStep::CloudAccounts => {
            // Those that nobody could be told of.
            let left = delete_some(tx, DELETE_WORKSPACES, &org).await?;
            left.max(delete_some(tx, DELETE_ACCOUNTS, &org).await?)
        }
        DeletionStep::Revisions => {
            on!(tx, c => sqlx::query(DELETE_MAILS).bind(&org).execute(c).await.map(drop))?;
            on!(tx, c => sqlx::query(DELETE_SECRETS).bind(&org).execute(c).await.map(drop))?;
            delete_some(tx, DELETE_REVISIONS, &org).await?
        }
        DeletionStep::Usage => return remove_usage(tx, lease, &org, step).await,
        DeletionStep::People => return remove_people(tx, lease, found.org, step).await,
        DeletionStep::Organization => return remove_organization(tx, lease, found, step).await,
        // These bill, or ask connectors and the object store, and are the service's.
        DeletionStep::Subscription
        | DeletionStep::FinalInvoice
        | DeletionStep::Resource
        | DeletionStep::Account
        | DeletionStep::Workspaces
        | DeletionStep::Objects => 0,
    };
    let done = rows < BATCH.unsigned_abs();
    process::step_advanced(tx, lease, step, rows, done).await?;
    Ok(Batch { done, entries: Vec::new() })
}

/// Events and what they came to. There can be millions, which nobody else has to wait for.
async fn remove_usage(tx: &mut WriteTx, lease: &Lease, org: &str, step: &StepRow) -> Result<Batch, Error> {
    let mut rows = 0;
    let mut done = true;
    for sql in [DELETE_EVENTS, DELETE_USE, DELETE_KEYS, DELETE_TOTALS, DELETE_BILLED] {
        let gone: u64 = on!(tx, c => sqlx::query(sql).bind(org).bind(USAGE_BATCH).execute(c).await
            .map(|result| result.rows_affected()))?;
        rows += gone;
        done &= gone < USAGE_BATCH.unsigned_abs();
        if !done {
            break;
        }
    }
    for sql in [DELETE_CYCLES, DELETE_CHANGE] {
        on!(tx, c => sqlx::query(sql).bind(org).execute(c).await.map(drop))?;
    }
    process::step_advanced(tx, lease, step, rows, done).await?;
    Ok(Batch { done, entries: Vec::new() })
}

async fn delete_some(tx: &mut WriteTx, sql: &'static str, org: &str) -> Result<u64, Error> {
    on!(tx, c => sqlx::query(sql).bind(org).bind(BATCH).execute(c).await.map(|result| result.rows_affected()))
}

/// Removes workspaces that connectors were told of.
pub async fn remove_workspaces(
    tx: &mut WriteTx,
    lease: &Lease,
    org: OrgId,
    workspaces: &[WorkspaceId],
) -> Result<(), Error> {
    job::hold(tx, lease).await?;
    for workspace in workspaces {
        on!(tx, c => sqlx::query(DELETE_WORKSPACE)
            .bind(org.to_string()).bind(workspace.to_string()).execute(c).await.map(drop))?;
    }
    Ok(())
}

async fn remove_people(tx: &mut WriteTx, lease: &Lease, org: OrgId, step: &StepRow) -> Result<Batch, Error> {
    let members: Vec<(String, String)> =
        on!(tx, c => sqlx::query_as(SOME_MEMBERS).bind(org.to_string()).bind(BATCH).fetch_all(c).await)?;
    let done = members.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
    let rows = members.len() as u64;
    let mut entries = Vec::new();
    for (member, person) in members {
        on!(tx, c => sqlx::query(DELETE_MEMBER).bind(&member).execute(c).await.map(drop))?;
        on!(tx, c => sqlx::query(DELETE_DAYS).bind(org.to_string()).bind(&person).execute(c).await.map(drop))?;
        let leaves: Option<String> = on!(tx, c => sqlx::query_scalar(LEAVES).bind(&person).fetch_optional(c).await)?;
        if leaves.is_some() {
            people::delete(tx, &person).await?;
            let id: PersonId = read(person.parse().ok(), "person", "id", &person)?;
            let action = Action::PersonRemoved { person: id };
            entries.push(Entry::new(Chain::Org(org), Who::System, Some(Via::System), action));
        }
    }
    process::step_advanced(tx, lease, step, rows, done).await?;
    Ok(Batch { done, entries })
}

async fn remove_organization(
    tx: &mut WriteTx,
    lease: &Lease,
    found: &ProcessView,
    step: &StepRow,
) -> Result<Batch, Error> {
    let org = found.org.to_string();
    let held_until: Timestamp = tx.now().plus(HANDLE_HELD);
    on!(tx, c => sqlx::query(HOLD_NAMES).bind(&org).bind(held_until.micros()).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(DELETE_ORG).bind(&org).execute(c).await.map(drop))?;
    process::step_advanced(tx, lease, step, 1, true).await?;
    process::finish(tx, lease, held_until).await?;
    let (chain_seq, chain_hash) = audit::close_chain(tx, Chain::Org(found.org)).await?;
    let action =
        Action::OrgDeleted { process: found.id, org: found.org, handle: found.handle.clone(), chain_seq, chain_hash };
    Ok(Batch { done: true, entries: vec![Entry::new(Chain::Instance, Who::System, Some(Via::System), action)] })
}

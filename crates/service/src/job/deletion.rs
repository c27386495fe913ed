//! Deleting an organization, a step after the other and a batch a transaction: a crash anywhere loses at most one batch's
//! work. What lies elsewhere is asked for outside of transactions, under a key that stays the same: the id of the process
//! and of what is to go.

use std::collections::BTreeSet;

use domain::id::CloudAccountId;
use domain::job::{DeletionStep, ProcessState, ProcessView, STILL_GOING, StepRow, StepState, backoff};
use domain::org::OrgState;
use domain::time::Span;
use domain::workspace::{EventData, EventOrg, EventWorkspace, WorkspaceEvent};
use storage::Audit;
use storage::avatar::{self, LetGo};
use storage::deletion;
use storage::job::Lease;
use storage::process;

use crate::cloud::{connection, list_all};
use crate::ctx::Ctx;
use crate::error::Error;

/// Workspaces that connectors are told of between two transactions.
const WORKSPACES: i64 = 20;
/// What goes on elsewhere is looked at at least this often.
const LOOK_AGAIN: Span = Span::from_seconds(30);

pub(super) async fn run(ctx: &Ctx, lease: &Lease) -> Result<(), Error> {
    let first = process::of_lease(&mut *ctx.read().await?, lease).await?;
    if first.state == ProcessState::Scheduled {
        let mut tx = ctx.write().await?;
        deletion::begin(&mut tx, lease, first.org).await?;
        process::log(&mut tx, first.id, "The time of grace is over").await?;
        tx.commit(Audit::none("the start of the deletion is logged")).await?;
    }
    for kind in DeletionStep::ALL {
        // Anew for each kind: looking into an account may add steps.
        loop {
            let found = process::of_lease(&mut *ctx.read().await?, lease).await?;
            let pending: Vec<&StepRow> =
                found.steps.iter().filter(|step| step.step == kind && step.state == StepState::Pending).collect();
            if pending.is_empty() {
                break;
            }
            if !run_all(ctx, lease, &found, &pending).await? {
                return wait(ctx, lease).await;
            }
            let after = process::of_lease(&mut *ctx.read().await?, lease).await?;
            if kind == DeletionStep::Account && has_new_resources(&after) {
                return again(ctx, lease).await;
            }
        }
    }
    Ok(())
}

fn has_new_resources(found: &ProcessView) -> bool {
    found.steps.iter().any(|step| step.step == DeletionStep::Resource && step.state == StepState::Pending)
}

/// Does what it can of these steps; `false` when some have to be tried again later.
async fn run_all(ctx: &Ctx, lease: &Lease, found: &ProcessView, steps: &[&StepRow]) -> Result<bool, Error> {
    let mut all_over = true;
    // An account that doesn't answer isn't asked for each of its resources.
    let mut silent: BTreeSet<CloudAccountId> = BTreeSet::new();
    for step in steps {
        let outcome = match step.step {
            DeletionStep::Subscription => cancel_subscription(ctx, lease, found, step).await,
            DeletionStep::FinalInvoice => close_invoice(ctx, lease, found, step).await,
            DeletionStep::Resource => end_resource(ctx, lease, found, step, &mut silent).await,
            DeletionStep::Account => look_into(ctx, lease, found, step).await,
            DeletionStep::Workspaces => remove_workspaces(ctx, lease, found, step).await,
            DeletionStep::Objects => remove_avatar(ctx, lease, found, step).await,
            _ => remove_rows(ctx, lease, found, step).await,
        };
        match outcome {
            Ok(Outcome::Over) => {}
            Ok(Outcome::Skipped) => all_over = false,
            Ok(Outcome::Again(words)) => {
                all_over = false;
                fail(ctx, lease, step, &words).await?;
            }
            Err(error @ Error::Storage(storage::Error::LeaseLost)) => return Err(error),
            Err(error) => {
                all_over = false;
                tracing::warn!(job = %lease.job, step = step.step.name(), %error, "a step of a deletion failed");
                let words = match &error {
                    Error::Storage(storage::Error::Busy) => "The database was busy.",
                    Error::Storage(_) => "The database refused. The server's log has the details.",
                    _ => "It failed on our side. The server's log has the details.",
                };
                fail(ctx, lease, step, words).await?;
            }
        }
    }
    Ok(all_over)
}

enum Outcome {
    /// Nothing is left to do.
    Over,
    /// Not tried this time.
    Skipped,
    /// Not done yet, in words for people.
    Again(String),
}

async fn begin(ctx: &Ctx, lease: &Lease, step: &StepRow) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    process::step_begins(&mut tx, lease, step).await?;
    tx.commit(Audit::none("progress of a deletion, whose start and end are logged")).await?;
    Ok(())
}

async fn advance(ctx: &Ctx, lease: &Lease, step: &StepRow, rows: u64, done: bool) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    storage::job::hold(&mut tx, lease).await?;
    process::step_advanced(&mut tx, lease, step, rows, done).await?;
    tx.commit(Audit::none("progress of a deletion, whose start and end are logged")).await?;
    Ok(())
}

async fn fail(ctx: &Ctx, lease: &Lease, step: &StepRow, words: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    process::step_failed(&mut tx, lease, step, words).await?;
    tx.commit(Audit::none("a failed attempt, which the process shows")).await?;
    Ok(())
}

/// Has no further cycle begin.
async fn cancel_subscription(ctx: &Ctx, lease: &Lease, found: &ProcessView, step: &StepRow) -> Result<Outcome, Error> {
    begin(ctx, lease, step).await?;
    let mut tx = ctx.write().await?;
    storage::job::hold(&mut tx, lease).await?;
    let entry = crate::billing::cancel_for_deletion(ctx, &mut tx, found.org).await?;
    process::step_advanced(&mut tx, lease, step, u64::from(entry.is_some()), true).await?;
    tx.commit(Audit::all(entry, "progress of a deletion, whose start and end are logged")).await?;
    Ok(Outcome::Over)
}

/// Bills what was used until now, and has a card pay what is open. What can't be paid stays an open invoice.
async fn close_invoice(ctx: &Ctx, lease: &Lease, found: &ProcessView, step: &StepRow) -> Result<Outcome, Error> {
    begin(ctx, lease, step).await?;
    let mut tx = ctx.write().await?;
    storage::job::hold(&mut tx, lease).await?;
    let entries = crate::billing::close_for_deletion(ctx, &mut tx, found.org).await?;
    tx.commit(Audit::all(entries, "progress of a deletion, whose start and end are logged")).await?;
    if let Err(error) = crate::billing::charge_for_deletion(ctx, found.org).await? {
        return Ok(Outcome::Again(error.to_string()));
    }
    advance(ctx, lease, step, 0, true).await?;
    Ok(Outcome::Over)
}

/// Asks for the end of one resource. The step's subject is `{account}/{id there}`.
async fn end_resource(
    ctx: &Ctx,
    lease: &Lease,
    found: &ProcessView,
    step: &StepRow,
    silent: &mut BTreeSet<CloudAccountId>,
) -> Result<Outcome, Error> {
    use crate::ports::ConnectorError;
    use domain::cloud::Termination;

    let Some((account, resource)) = subject(&step.subject) else { return Ok(Outcome::Over) };
    if silent.contains(&account) {
        return Ok(Outcome::Skipped);
    }
    begin(ctx, lease, step).await?;
    let stored = storage::cloud::one_for_job(&mut *ctx.read().await?, lease, found.org, account).await?;
    let Some(stored) = stored else {
        advance(ctx, lease, step, 0, true).await?;
        return Ok(Outcome::Over);
    };
    let key = format!("{}:{}", found.id, step.subject);
    let at = connection(ctx, &stored)?;
    match ctx.services().connectors().terminate(&at, resource, &key).await {
        Ok(Termination::Gone) => {
            advance(ctx, lease, step, 1, true).await?;
            Ok(Outcome::Over)
        }
        Ok(Termination::Going) => Ok(Outcome::Again(STILL_GOING.to_owned())),
        Err(error) => {
            if !matches!(error, ConnectorError::BadAnswer(_)) {
                silent.insert(account);
            }
            Ok(Outcome::Again(error.to_string()))
        }
    }
}

fn subject(text: &str) -> Option<(CloudAccountId, &str)> {
    let (account, resource) = text.split_once('/')?;
    Some((account.parse().ok()?, resource))
}

/// Lists an account once more: what turns up now gets a step of its own, and the account is clear when nothing does.
async fn look_into(ctx: &Ctx, lease: &Lease, found: &ProcessView, step: &StepRow) -> Result<Outcome, Error> {
    begin(ctx, lease, step).await?;
    let account: Option<CloudAccountId> = step.subject.parse().ok();
    let stored = match account {
        Some(id) => storage::cloud::one_for_job(&mut *ctx.read().await?, lease, found.org, id).await?,
        None => None,
    };
    let Some(stored) = stored else {
        advance(ctx, lease, step, 0, true).await?;
        return Ok(Outcome::Over);
    };
    let name = stored.name.clone();
    let account = stored.id;
    let Some(listed) = list_all(ctx, vec![stored]).await?.into_iter().next() else { return Ok(Outcome::Over) };
    let left = match listed.answer {
        Ok(left) => left,
        Err(error) => return Ok(Outcome::Again(error.to_string())),
    };
    let known = |subject: &str, state: StepState| {
        found
            .steps
            .iter()
            .any(|step| step.step == DeletionStep::Resource && step.subject == subject && step.state == state)
    };
    let subjects = left
        .into_iter()
        .map(|resource| (format!("{account}/{}", resource.id), label(&resource.name, &resource.kind, &name)));
    let subjects: Vec<(String, String)> =
        subjects.filter(|(subject, _)| !known(subject, StepState::Abandoned)).collect();
    if subjects.is_empty() {
        advance(ctx, lease, step, 0, true).await?;
        return Ok(Outcome::Over);
    }
    let again = subjects.iter().any(|(subject, _)| known(subject, StepState::Done));
    let mut tx = ctx.write().await?;
    storage::job::hold(&mut tx, lease).await?;
    process::add_resources(&mut tx, lease, &subjects).await?;
    tx.commit(Audit::none("progress of a deletion, whose start and end are logged")).await?;
    match again {
        // It was said to be gone, and is listed all the same.
        true => Ok(Outcome::Again("Resources that were reported as gone are still listed.".to_owned())),
        false => Ok(Outcome::Skipped),
    }
}

/// What the step of a resource is called.
pub(crate) fn label(resource: &str, kind: &str, account: &str) -> String {
    let kind = if kind.is_empty() { String::new() } else { format!(" ({kind})") };
    format!("End {resource}{kind} in {account}")
}

/// Tells every listening connector of each workspace's end, then removes it. An account without answer stops the step,
/// which can be given up: what is left then goes untold.
async fn remove_workspaces(ctx: &Ctx, lease: &Lease, found: &ProcessView, step: &StepRow) -> Result<Outcome, Error> {
    begin(ctx, lease, step).await?;
    loop {
        let mut tx = ctx.read().await?;
        let rows = storage::workspace::batch(&mut tx, lease, found.org, "", WORKSPACES).await?;
        let accounts = storage::cloud::for_job(&mut tx, lease, found.org).await?;
        drop(tx);
        if rows.is_empty() {
            advance(ctx, lease, step, 0, true).await?;
            return Ok(Outcome::Over);
        }
        for row in &rows {
            let workspace = EventWorkspace {
                id: row.id,
                name: row.name.as_str(),
                state: "deleted",
                version: row.version + 1,
                dns_name: None,
                dns_name_before: None,
            };
            let data = EventData { organization: EventOrg { id: found.org, handle: &found.handle }, workspace };
            let timestamp = found.started_at.to_string();
            let event = WorkspaceEvent { kind: "workspace.deleted", timestamp, data }.to_json();
            for account in accounts.iter().filter(|account| account.events) {
                let key = format!("{}:{}:{}", found.id, account.id, row.id);
                let at = connection(ctx, account)?;
                if let Err(error) = ctx.services().connectors().notify(&at, &event, &key).await {
                    return Ok(Outcome::Again(format!("{}: {error}", account.name)));
                }
            }
        }
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let mut tx = ctx.write().await?;
        deletion::remove_workspaces(&mut tx, lease, found.org, &ids).await?;
        process::step_advanced(&mut tx, lease, step, ids.len() as u64, false).await?;
        tx.commit(Audit::none("rows of a deletion, whose start and end are logged")).await?;
    }
}

/// Removes the files of its avatar, unless another organization has them as well. Those that somebody else is putting
/// there this moment are left to the job that looks after them.
async fn remove_avatar(ctx: &Ctx, lease: &Lease, found: &ProcessView, step: &StepRow) -> Result<Outcome, Error> {
    begin(ctx, lease, step).await?;
    let hash = avatar::of_lease(&mut *ctx.read().await?, lease, found.org).await?;
    let Some(hash) = hash else {
        advance(ctx, lease, step, 0, true).await?;
        return Ok(Outcome::Over);
    };
    let mut tx = ctx.write().await?;
    let answer = avatar::let_go(&mut tx, lease, &hash, Some(found.org)).await?;
    tx.commit(Audit::none("progress of a deletion, whose start and end are logged")).await?;
    if answer == LetGo::Go
        && let Err(error) = crate::profile::remove_files(ctx, &hash).await
    {
        tracing::warn!(job = %lease.job, %error, "an avatar's files could not be removed");
        let mut tx = ctx.write().await?;
        storage::job::hold(&mut tx, lease).await?;
        avatar::keep(&mut tx, lease, &hash).await?;
        tx.commit(Audit::none("progress of a deletion, whose start and end are logged")).await?;
        return Ok(Outcome::Again("The object store didn't remove the avatar's files.".to_owned()));
    }
    let mut tx = ctx.write().await?;
    storage::job::hold(&mut tx, lease).await?;
    if answer == LetGo::Go {
        avatar::gone(&mut tx, lease, &hash).await?;
    }
    avatar::clear(&mut tx, lease, found.org).await?;
    process::step_advanced(&mut tx, lease, step, u64::from(answer == LetGo::Go), true).await?;
    tx.commit(Audit::none("progress of a deletion, whose start and end are logged")).await?;
    Ok(Outcome::Over)
}

async fn remove_rows(ctx: &Ctx, lease: &Lease, found: &ProcessView, step: &StepRow) -> Result<Outcome, Error> {
    begin(ctx, lease, step).await?;
    loop {
        let mut tx = ctx.write().await?;
        let batch = deletion::run_batch(&mut tx, lease, found, step).await?;
        tx.commit(Audit::all(batch.entries, "rows of a deletion, whose start and end are logged")).await?;
        if batch.done {
            return Ok(Outcome::Over);
        }
    }
}

/// Puts the job back: with a growing delay after failures, soon where something only takes its time.
async fn wait(ctx: &Ctx, lease: &Lease) -> Result<(), Error> {
    let found = process::of_lease(&mut *ctx.read().await?, lease).await?;
    let open = found.steps.iter().filter(|step| step.state == StepState::Pending && step.last_error.is_some());
    let delays = open.map(|step| {
        let delay = backoff(u32::try_from(step.attempts).unwrap_or(u32::MAX));
        if step.last_error.as_deref() == Some(STILL_GOING) { delay.min(LOOK_AGAIN) } else { delay }
    });
    put_back(ctx, lease, delays.min().unwrap_or_else(|| backoff(1))).await
}

async fn again(ctx: &Ctx, lease: &Lease) -> Result<(), Error> {
    put_back(ctx, lease, Span::from_seconds(0)).await
}

async fn put_back(ctx: &Ctx, lease: &Lease, delay: Span) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    process::wait(&mut tx, lease, ctx.now().plus(delay)).await?;
    tx.commit(Audit::none("a process that waits")).await?;
    Ok(())
}

/// The state in which an organization waits for its end.
pub(crate) const fn state_during(grace_days: u32) -> OrgState {
    if grace_days == 0 { OrgState::Deleting } else { OrgState::PendingDeletion }
}

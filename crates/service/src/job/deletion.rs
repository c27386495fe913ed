//! Deleting an organization, a batch a transaction: a crash anywhere loses at most one batch's work.

use domain::job::{DeletionStep, StepState, backoff};
use storage::Audit;
use storage::job::Lease;
use storage::process::{self, Found};

use crate::ctx::Ctx;
use crate::error::Error;

pub(super) async fn run(ctx: &Ctx, lease: &Lease) -> Result<(), Error> {
    let found = process::of_lease(&mut *ctx.read().await?, lease).await?;
    let pending = found.steps.iter().filter(|(_, row)| row.state == StepState::Pending).map(|(step, _)| *step);
    for step in pending {
        if let Err(error) = run_step(ctx, lease, &found, step).await {
            return wait(ctx, lease, step, error).await;
        }
    }
    Ok(())
}

async fn run_step(ctx: &Ctx, lease: &Lease, found: &Found, step: DeletionStep) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    process::step_begins(&mut tx, lease, step).await?;
    tx.commit(Audit::none("progress of a deletion, whose start and end are logged")).await?;
    loop {
        let mut tx = ctx.write().await?;
        let batch = process::run_batch(&mut tx, lease, found, step).await?;
        tx.commit(Audit::all(batch.entries, "rows of a deletion, whose start and end are logged")).await?;
        if batch.done {
            return Ok(());
        }
    }
}

/// Puts the job back with a growing delay and shows the error beside the step.
async fn wait(ctx: &Ctx, lease: &Lease, step: DeletionStep, error: Error) -> Result<(), Error> {
    if matches!(error, Error::Storage(storage::Error::LeaseLost)) {
        return Err(error);
    }
    tracing::warn!(job = %lease.job, step = step.name(), error = %error, "a step of a deletion failed");
    let words = match &error {
        Error::Storage(storage::Error::Busy) => "The database was busy.",
        _ => "The database refused. The server's log has the details.",
    };
    let mut tx = ctx.write().await?;
    let run_at = ctx.now().plus(backoff(lease.attempts));
    process::step_failed(&mut tx, lease, step, words, run_at).await?;
    tx.commit(Audit::none("a failed attempt, which the process shows")).await?;
    Ok(())
}

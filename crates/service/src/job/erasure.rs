//! Clearing the audit log of a person, a batch a transaction: nobody else waits, and a crash loses one batch's work.

use domain::job::backoff;
use storage::Audit;
use storage::job::Lease;

use crate::ctx::Ctx;
use crate::error::Error;

pub(super) async fn run(ctx: &Ctx, lease: &Lease) -> Result<(), Error> {
    match clear(ctx, lease).await {
        Ok(()) => Ok(()),
        Err(error @ Error::Storage(storage::Error::LeaseLost)) => Err(error),
        Err(error) => {
            tracing::warn!(job = %lease.job, error = %error, "clearing the audit log of a person failed");
            let mut tx = ctx.write().await?;
            let run_at = ctx.now().plus(backoff(lease.attempts));
            storage::job::put_back(&mut tx, lease, run_at).await?;
            tx.commit(Audit::none("a failed attempt; it is tried again")).await?;
            Ok(())
        }
    }
}

async fn clear(ctx: &Ctx, lease: &Lease) -> Result<(), Error> {
    loop {
        let mut tx = ctx.write().await?;
        let done = storage::erase::run_batch(&mut tx, lease).await?;
        tx.commit(Audit::none("clears what stands beside entries; the act itself is logged")).await?;
        if done {
            return Ok(());
        }
    }
}

use std::sync::Arc;

use storage::Audit;
use storage::job::Lease;

use super::{
    CAP_WORKSPACES, CHARGE, DELETE_ORG, ERASE_PERSON, FORGET_OBJECT, MAIL, MOVE_DNS, NOTIFY, SYNC_PAYMENT,
    VOID_PAYMENT, deletion, erasure, forget_object, mail, notify,
};
use crate::ctx::{Ctx, Services};
use crate::error::Error;

/// Runs every job that is due and answers how many it claimed. Tests turn this crank; the worker does too.
pub async fn run_due(services: &Arc<Services>) -> Result<usize, Error> {
    let ctx = Ctx::system(Arc::clone(services));
    let mut claimed = 0;
    while let Some(lease) = claim(&ctx).await? {
        claimed += 1;
        run(&ctx, &lease).await?;
    }
    Ok(claimed)
}

async fn claim(ctx: &Ctx) -> Result<Option<Lease>, Error> {
    // Looking costs no write; only a claim does.
    if !storage::job::is_due(&mut *ctx.read().await?, ctx.now()).await? {
        return Ok(None);
    }
    let mut tx = ctx.write().await?;
    let lease = storage::job::claim(&mut tx).await?;
    tx.commit(Audit::none("claiming a job changes nothing but who works on it")).await?;
    Ok(lease)
}

async fn run(ctx: &Ctx, lease: &Lease) -> Result<(), Error> {
    let result = match lease.kind.as_str() {
        DELETE_ORG => deletion::run(ctx, lease).await,
        NOTIFY => notify::run(ctx, lease).await,
        MOVE_DNS => notify::move_dns(ctx, lease).await,
        ERASE_PERSON => erasure::run(ctx, lease).await,
        CAP_WORKSPACES => crate::usage::apply_cap(ctx, lease).await,
        CHARGE | SYNC_PAYMENT | VOID_PAYMENT => crate::billing::run_payment(ctx, lease).await,
        MAIL => mail::run(ctx, lease).await,
        FORGET_OBJECT => forget_object::run(ctx, lease).await,
        unknown => {
            tracing::error!(kind = unknown, job = %lease.job, "unknown kind of job; a newer version may know it");
            Ok(())
        }
    };
    match result {
        Err(Error::Storage(storage::Error::LeaseLost)) => {
            tracing::warn!(job = %lease.job, "another worker took the job over");
            Ok(())
        }
        other => other,
    }
}

//! Telling connectors what happened.

use domain::job::{DnsMove, Notification, backoff};
use storage::Audit;
use storage::job::Lease;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::workspace::announce;

/// After this many attempts, about three hours, a person has to look.
const ATTEMPTS_MAX: u32 = 25;

/// Sends one event; the job's id is the key that the receiver tells repetitions by.
pub(super) async fn run(ctx: &Ctx, lease: &Lease) -> Result<(), Error> {
    let account = match Notification::from_text(&lease.payload) {
        Some(told) => {
            let mut tx = ctx.read().await?;
            storage::cloud::one_for_job(&mut tx, lease, told.org, told.account).await?.map(|found| (found, told))
        }
        None => None,
    };
    let outcome = match &account {
        Some((found, told)) => {
            let at = crate::cloud::connection(ctx, found)?;
            ctx.services().connectors().notify(&at, &told.event, &lease.job.to_string()).await
        }
        // The account was disconnected meanwhile, and with it the wish to be told.
        None => Ok(()),
    };
    let mut tx = ctx.write().await?;
    match outcome {
        Ok(()) => storage::job::finish(&mut tx, lease).await?,
        Err(error) => {
            tracing::warn!(job = %lease.job, %error, "a connector could not be told of an event");
            let again = (lease.attempts < ATTEMPTS_MAX).then(|| ctx.now().plus(backoff(lease.attempts)));
            storage::job::failed(&mut tx, lease, &error.to_string(), again).await?;
        }
    }
    tx.commit(Audit::none("an event about what is logged already")).await?;
    Ok(())
}

/// Enqueues an event for each workspace whose DNS name changed.
pub(super) async fn move_dns(ctx: &Ctx, lease: &Lease) -> Result<(), Error> {
    let Some(mut moved) = DnsMove::from_text(&lease.payload) else {
        tracing::error!(job = %lease.job, "a job's payload can't be read");
        return Ok(());
    };
    loop {
        let mut tx = ctx.write().await?;
        storage::job::hold(&mut tx, lease).await?;
        let more = announce::move_some(ctx, &mut tx, lease, &mut moved).await?;
        if !more {
            storage::job::finish(&mut tx, lease).await?;
        }
        tx.commit(Audit::none("events about a change that is logged already")).await?;
        if !more {
            return Ok(());
        }
    }
}

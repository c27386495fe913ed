use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::OrgStreamWrite;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Pauses a stream, or resumes it: what was logged meanwhile is delivered then.
pub async fn set_paused(ctx: &Ctx, handle: &str, paused: bool) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgStreamWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let before = storage::audit_stream::find(&mut tx, &grant).await?.ok_or(Fault::NotFound)?;
    if before.view.paused == paused {
        return Ok(());
    }
    storage::audit_stream::set_paused(&mut tx, &grant, paused).await?;
    if !paused {
        storage::audit_stream::hurry(&mut tx, &grant).await?;
    }
    let action = if paused { Action::StreamPaused } else { Action::StreamResumed };
    let chain = Chain::Org(grant.org(&tx)?.id);
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(())
}

use domain::Fault;
use domain::authz::cap::ProcessRead;
use domain::job::{DeletionPage, ProcessState};
use storage::authz::{Granted, Target};
use storage::process::Found;

use crate::ctx::Ctx;
use crate::error::Error;

/// A deletion as it stands, or its report.
pub async fn load_deletion(ctx: &Ctx, process: &str) -> Result<DeletionPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<ProcessRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let id = process.parse().map_err(|_| Fault::NotFound)?;
    let found = storage::process::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let next_attempt_at = match found.state {
        ProcessState::Waiting => storage::job::next_run(&mut tx, &grant, id).await?,
        _ => None,
    };
    Ok(DeletionPage {
        viewer: grant.viewer()?.clone(),
        id,
        handle: found.handle,
        display_name: found.display_name,
        state: found.state,
        steps: found.steps.into_iter().map(|(_, row)| row).collect(),
        started_by: found.started_by,
        started_at: found.started_at,
        finished_at: found.finished_at,
        held_until: found.held_until,
        next_attempt_at,
        now: ctx.now(),
    })
}

/// A deletion as it stands, for programs.
pub async fn read_deletion(ctx: &Ctx, process: &str) -> Result<Found, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<ProcessRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let id = process.parse().map_err(|_| Fault::NotFound)?;
    Ok(storage::process::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?)
}

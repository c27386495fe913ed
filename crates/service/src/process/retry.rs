use domain::Fault;
use domain::authz::cap::ProcessWrite;
use domain::job::ProcessState;
use storage::Audit;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// Makes a waiting process try again at once.
pub async fn retry(ctx: &Ctx, process: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<ProcessWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let id = process.parse().map_err(|_| Fault::NotFound)?;
    let found = storage::process::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    // What is scheduled has its time; what runs needs no hurry.
    if found.state == ProcessState::Waiting {
        storage::job::hurry(&mut tx, &grant, id).await?;
    }
    tx.commit(Audit::none("an attempt earlier than planned; the act itself is logged")).await?;
    ctx.services().jobs.notify_one();
    Ok(())
}

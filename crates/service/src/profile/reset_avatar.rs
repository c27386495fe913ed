use domain::audit::{Action, Chain};
use domain::authz::cap::OrgProfileWrite;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use super::avatar::look_at_later;
use crate::ctx::Ctx;
use crate::error::Error;

/// Returns to the generated avatar.
pub async fn reset_avatar(ctx: &Ctx, handle: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgProfileWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let org = grant.org(&tx)?.clone();
    let Some(before) = &org.avatar else { return Ok(()) };
    storage::avatar::set(&mut tx, &grant, None).await?;
    look_at_later(ctx, &mut tx, before).await?;
    let action = Action::AvatarReset;
    tx.commit(Audit::one(Entry::new(Chain::Org(org.id), grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(())
}

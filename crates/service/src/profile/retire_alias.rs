use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::{OrgProfileRead, OrgProfileWrite};
use domain::profile::Alias;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Ends an alias: it leads nowhere any more, and is held for the organization. Answers the aliases that are left.
pub async fn retire_alias(ctx: &Ctx, handle: &str, alias: &str) -> Result<Vec<Alias>, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgProfileWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let (retired, held_until) = storage::name::retire(&mut tx, &grant, alias).await?.ok_or(Fault::NotFound)?;
    let read: Granted<OrgProfileRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let left = storage::name::aliases(&mut tx, &read).await?;
    let action = Action::AliasRetired { handle: retired, held_until };
    let chain = Chain::Org(grant.org(&tx)?.id);
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(left)
}

use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::BootstrapWrite;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Kills the live bootstrap link.
pub async fn revoke(ctx: &Ctx, handle: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BootstrapWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let link = storage::link::revoke(&mut tx, &grant)
        .await?
        .ok_or_else(|| Fault::conflict("There is no live link to revoke. Reload the page to see its state."))?;
    let chain = Chain::Org(grant.org(&tx)?.id);
    let action = Action::BootstrapLinkRevoked { link };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(())
}

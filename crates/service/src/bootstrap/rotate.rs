use domain::audit::{Action, Chain};
use domain::authz::cap::BootstrapWrite;
use domain::link::{LinkLifetime, NewLink};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::link::Made;

/// Makes a new bootstrap link and kills the old one; only while the organization waits for its first owner.
pub async fn rotate(ctx: &Ctx, handle: &str, lifetime: &str) -> Result<NewLink, Error> {
    let lifetime = LinkLifetime::parse("lifetime", lifetime)?;
    let mut tx = ctx.write().await?;
    let grant: Granted<BootstrapWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    super::pending(&tx, &grant)?;
    let link = Made::new(ctx, super::PATH, lifetime.span().map(|span| ctx.now().plus(span)));
    storage::link::rotate(&mut tx, &grant, &link.row()).await?;
    let chain = Chain::Org(grant.org(&tx)?.id);
    let action = Action::BootstrapLinkRotated { link: link.id };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(link.shown)
}

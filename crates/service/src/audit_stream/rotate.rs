use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::OrgStreamWrite;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Signs with a new secret from here on, and answers it; a receiver that doesn't know it yet gets what it refused again.
pub async fn rotate(ctx: &Ctx, handle: &str) -> Result<String, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgStreamWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    storage::audit_stream::find(&mut tx, &grant).await?.ok_or(Fault::NotFound)?;
    let org = grant.org(&tx)?.id;
    let (secret, sealed) = super::new_secret(ctx, org)?;
    storage::audit_stream::set_secret(&mut tx, &grant, &sealed).await?;
    let entry = Entry::new(Chain::Org(org), grant.who(), Some(grant.via()), Action::StreamSecretRotated);
    tx.commit(Audit::one(entry)).await?;
    Ok(secret)
}

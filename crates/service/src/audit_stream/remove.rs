use domain::Fault;
use domain::audit::{Action, Chain};
use domain::audit_stream::origin;
use domain::authz::cap::OrgStreamWrite;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Turns a stream off; what hasn't arrived stays in the log alone.
pub async fn remove(ctx: &Ctx, handle: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgStreamWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let before = storage::audit_stream::find(&mut tx, &grant).await?.ok_or(Fault::NotFound)?.view;
    storage::audit_stream::delete(&mut tx, &grant).await?;
    let action = Action::StreamRemoved { origin: origin(&before.url).to_owned(), delivered: before.delivered };
    let chain = Chain::Org(grant.org(&tx)?.id);
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(())
}

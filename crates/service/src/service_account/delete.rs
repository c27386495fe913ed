use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::ServiceAccountsWrite;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Deletes a service account with its tokens, for good. It has to be off: whatever still needs it shows then, and can
/// have it back.
pub async fn delete(ctx: &Ctx, handle: &str, account: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<ServiceAccountsWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let id = account.parse().map_err(|_| Fault::NotFound)?;
    let row = storage::service_account::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    if row.active {
        return Err(Fault::conflict("Turn the service account off first, and see that nothing misses it.").into());
    }
    if !storage::service_account::delete(&mut tx, &grant, id).await? {
        return Err(Fault::NotFound.into());
    }
    let chain = Chain::Org(grant.org(&tx)?.id);
    let action = Action::ServiceAccountDeleted { account: id, name: row.name };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(())
}

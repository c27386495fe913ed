use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::ServiceAccountsWrite;
use domain::service_account::ServiceAccountRow;
use domain::token::Scopes;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Turns a service account off, which refuses its tokens at once, or on again; doing it twice is doing it once.
pub async fn set_active(ctx: &Ctx, handle: &str, account: &str, active: bool) -> Result<ServiceAccountRow, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<ServiceAccountsWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let id = account.parse().map_err(|_| Fault::NotFound)?;
    // Its tokens would do what the acting one may not.
    if active && !grant.scopes().includes(&Scopes::Full) {
        return Err(Fault::conflict("A token that may not do everything can't turn an account on.").into());
    }
    let changed = storage::service_account::set_active(&mut tx, &grant, id, active).await?;
    let row = storage::service_account::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let chain = Chain::Org(grant.org(&tx)?.id);
    let action = Action::ServiceAccountSwitched { account: id, name: row.name.clone(), active };
    let entry = changed.then(|| Entry::new(chain, grant.who(), Some(grant.via()), action));
    tx.commit(Audit::all(entry, "it was so already")).await?;
    Ok(row)
}

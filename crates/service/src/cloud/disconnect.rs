use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::CloudWrite;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Disconnects a cloud account that has no resources: what runs there would be out of reach. It is listed anew first.
pub async fn disconnect(ctx: &Ctx, handle: &str, account: &str) -> Result<(), Error> {
    let found = super::refresh(ctx, handle, account).await?;
    if let Some(error) = found.list_error {
        let message =
            format!("The account could not be checked, so nobody knows whether something runs there: {error}");
        return Err(Fault::conflict(message).into());
    }
    let mut tx = ctx.write().await?;
    let grant: Granted<CloudWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let resources = storage::cloud::resources(&mut tx, &grant).await?;
    let left: Vec<&str> = resources
        .iter()
        .filter(|(account, _)| *account == found.id)
        .map(|(_, resource)| resource.remote.name.as_str())
        .collect();
    if !left.is_empty() {
        let some = left.iter().take(10).copied().collect::<Vec<_>>().join(", ");
        let message = format!("{} resources still run there: {some}. End them first.", left.len());
        return Err(Fault::conflict(message).into());
    }
    let name = storage::cloud::delete(&mut tx, &grant, found.id).await?.ok_or(Fault::NotFound)?;
    let chain = Chain::Org(grant.org(&tx)?.id);
    let action = Action::CloudAccountDisconnected { account: found.id, name };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(())
}

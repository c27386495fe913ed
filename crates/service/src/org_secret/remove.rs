use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::OrgSecretsWrite;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Removes a secret for good; one that the workspace settings name stays.
pub async fn remove(ctx: &Ctx, handle: &str, name: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgSecretsWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    if super::load::is_used(ctx, &mut tx, &grant, name).await? {
        let message = format!("The workspace settings use the secret “{name}”. Take it out there first.");
        return Err(Fault::conflict(message).into());
    }
    let id = storage::org_secret::delete(&mut tx, &grant, name).await?.ok_or(Fault::NotFound)?;
    let chain = Chain::Org(grant.org(&tx)?.id);
    let action = Action::SecretRemoved { secret: id, name: name.to_owned() };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(())
}

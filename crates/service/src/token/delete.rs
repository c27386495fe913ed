use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::AccountTokens;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Deletes one of the person's tokens, for good.
pub async fn delete(ctx: &Ctx, token: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<AccountTokens> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let id = token.parse().map_err(|_| Fault::NotFound)?;
    let name = storage::token::delete(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let chain = Chain::Account(grant.viewer()?.id);
    let action = Action::TokenDeleted { token: id, name };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(())
}

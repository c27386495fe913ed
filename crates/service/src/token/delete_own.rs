use domain::Fault;
use domain::audit::{Action, Chain, Who};
use domain::authz::cap::AccountTokens;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Deletes the token that acts: how a program signs out.
pub async fn delete_own(ctx: &Ctx) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<AccountTokens> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let Who::Person { token: Some(id), .. } = grant.who() else { return Err(Fault::NotFound.into()) };
    let name = storage::token::delete(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let chain = Chain::Account(grant.viewer()?.id);
    let action = Action::TokenDeleted { token: id, name };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(())
}

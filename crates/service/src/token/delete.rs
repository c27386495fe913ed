use domain::Fault;
use domain::audit::Action;
use domain::token::TokenHolder;
use storage::Audit;

use super::holder::manage;
use crate::ctx::Ctx;
use crate::error::Error;

/// Deletes one of the holder's tokens, for good.
pub async fn delete(ctx: &Ctx, holder: &TokenHolder, token: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let managed = manage(ctx, &mut tx, holder).await?;
    let id = token.parse().map_err(|_| Fault::NotFound)?;
    let name = storage::token::delete(&mut tx, &managed, id).await?.ok_or(Fault::NotFound)?;
    let action = Action::TokenDeleted { token: id, name, of: managed.name() };
    tx.commit(Audit::one(managed.entry(action))).await?;
    Ok(())
}

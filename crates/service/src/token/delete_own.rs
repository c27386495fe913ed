use domain::Fault;
use domain::audit::{Action, Who};
use domain::token::TokenHolder;
use storage::Audit;

use super::holder::manage;
use crate::ctx::Ctx;
use crate::error::Error;

/// Deletes the token that acts: how a program signs out.
pub async fn delete_own(ctx: &Ctx) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let managed = manage(ctx, &mut tx, &TokenHolder::Own).await?;
    let Who::Person { token: Some(id), .. } = managed.who() else { return Err(Fault::NotFound.into()) };
    let name = storage::token::delete(&mut tx, &managed, id).await?.ok_or(Fault::NotFound)?;
    tx.commit(Audit::one(managed.entry(Action::TokenDeleted { token: id, name, of: None }))).await?;
    Ok(())
}

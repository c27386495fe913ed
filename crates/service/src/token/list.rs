use domain::authz::cap::AccountRead;
use domain::token::TokenRow;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// The person's tokens, newest first.
pub async fn list(ctx: &Ctx) -> Result<Vec<TokenRow>, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<AccountRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    Ok(storage::token::of_person(&mut tx, &grant).await?)
}

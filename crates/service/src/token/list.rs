use domain::token::{TokenHolder, TokenRow};

use super::holder::see;
use crate::ctx::Ctx;
use crate::error::Error;

/// The holder's tokens, newest first.
pub async fn list(ctx: &Ctx, holder: &TokenHolder) -> Result<Vec<TokenRow>, Error> {
    let mut tx = ctx.read().await?;
    let seen = see(ctx, &mut tx, holder).await?;
    Ok(storage::token::list(&mut tx, &seen).await?)
}

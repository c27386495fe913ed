use domain::authz::cap::AccountRead;
use domain::token::TokensPage;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// The page of the person's own tokens.
pub async fn load(ctx: &Ctx) -> Result<TokensPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<AccountRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let tokens = storage::token::of_person(&mut tx, &grant).await?;
    Ok(TokensPage { viewer, tokens, now: ctx.now() })
}

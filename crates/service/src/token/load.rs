use domain::authz::cap::{AccountRead, InstanceTokensRead};
use domain::token::TokensPage;
use storage::authz::{Granted, Target};
use storage::token::Seen;

use crate::ctx::Ctx;
use crate::error::Error;

/// The page of the person's own tokens.
pub async fn load(ctx: &Ctx) -> Result<TokensPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<AccountRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let seen = Seen::own(&tx, &grant)?;
    let tokens = storage::token::list(&mut tx, &seen).await?;
    Ok(TokensPage { viewer, tokens, now: ctx.now() })
}

/// The page of the instance's tokens.
pub async fn load_instance(ctx: &Ctx) -> Result<TokensPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<InstanceTokensRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let seen = Seen::of_instance(&tx, &grant)?;
    let tokens = storage::token::list(&mut tx, &seen).await?;
    Ok(TokensPage { viewer, tokens, now: ctx.now() })
}

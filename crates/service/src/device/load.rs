use domain::authz::cap::AccountTokens;
use domain::people::Viewer;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// Who would decide. The page shows nothing of what waits until a code was typed and sent.
pub async fn load(ctx: &Ctx) -> Result<Viewer, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<AccountTokens> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    Ok(grant.viewer()?.clone())
}

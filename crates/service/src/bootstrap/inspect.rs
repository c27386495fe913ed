use domain::Fault;
use domain::link::BootstrapPage;

use crate::ctx::Ctx;
use crate::error::Error;

/// What the link in the link cookie leads to; `NotFound` when it is unknown, used, revoked or expired.
pub async fn inspect(ctx: &Ctx) -> Result<BootstrapPage, Error> {
    let token = super::token(ctx)?;
    let mut tx = ctx.read().await?;
    let found = storage::link::inspect_bootstrap(&mut tx, &token.token_hash(), ctx.now()).await?;
    let (org, expires_at) = found.ok_or(Fault::NotFound)?;
    let viewer = crate::auth::viewer(ctx, &mut tx).await?;
    Ok(BootstrapPage { organization: org.display_name.to_string(), handle: org.handle.to_string(), expires_at, viewer })
}

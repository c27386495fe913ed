use domain::auth_policy::{AuthPage, AuthView};
use domain::authz::cap::AuthRead;
use storage::Tx;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// Tokens listed on the page.
const OUTLIVING: usize = 100;

/// The Authentication page.
pub async fn load(ctx: &Ctx, handle: &str) -> Result<AuthPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<AuthRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    Ok(AuthPage { viewer, view: view(ctx, &mut tx, &grant).await?, now: ctx.now() })
}

/// The same for programs.
pub async fn read(ctx: &Ctx, handle: &str) -> Result<AuthView, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<AuthRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    view(ctx, &mut tx, &grant).await
}

async fn view(ctx: &Ctx, tx: &mut Tx, grant: &Granted<AuthRead>) -> Result<AuthView, Error> {
    let (version, policy) = storage::auth_policy::policy(tx, grant).await?;
    let outliving = storage::auth_policy::outliving(tx, grant, &policy, ctx.now(), OUTLIVING).await?;
    let service_tokens = storage::auth_policy::service_tokens(tx, grant, ctx.now()).await?;
    Ok(AuthView { org: grant.header(tx)?, version, policy, outliving, service_tokens })
}

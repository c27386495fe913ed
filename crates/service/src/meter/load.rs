use domain::authz::cap::MetersRead;
use domain::usage::{CustomMeter, MetersPage};
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// The page of what can be measured.
pub async fn load(ctx: &Ctx) -> Result<MetersPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<MetersRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let meters = storage::meter::custom(&mut tx, &grant).await?;
    Ok(MetersPage { viewer: grant.viewer()?.clone(), meters, now: ctx.now() })
}

/// Every meter by key, archived ones too; for programs.
pub async fn list(ctx: &Ctx) -> Result<Vec<CustomMeter>, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<MetersRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    Ok(storage::meter::custom(&mut tx, &grant).await?)
}

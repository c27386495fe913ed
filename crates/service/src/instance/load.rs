use domain::authz::cap::InstanceSettingsRead;
use domain::instance::{InstancePage, InstanceSettings};
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// The page of the instance's settings.
pub async fn load(ctx: &Ctx) -> Result<InstancePage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<InstanceSettingsRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    Ok(InstancePage { viewer, settings: storage::instance::read(&mut tx, &grant).await? })
}

/// The same for programs.
pub async fn read(ctx: &Ctx) -> Result<InstanceSettings, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<InstanceSettingsRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    Ok(storage::instance::read(&mut tx, &grant).await?)
}

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::authz::cap::{OrgAdminRead, StatsRead};
use domain::stats::OrgStats;
use storage::authz::{Granted, Target};

use super::authorize;
use crate::ctx::Ctx;
use crate::error::Error;

/// One organization's counts, as of now.
pub async fn stats(ctx: &Ctx, name: &str) -> Result<OrgStats, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgAdminRead> = authorize(ctx, &mut tx, name).await?;
    Ok(storage::stats::of_org(&mut tx, &grant, ctx.now()).await?)
}

/// Every organization's counts as of `at` (now, when `None`), by handle in the order of its bytes.
pub async fn stats_of_all(ctx: &Ctx, at: Option<Timestamp>) -> Result<BTreeMap<String, OrgStats>, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<StatsRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    Ok(storage::stats::of_all(&mut tx, &grant, at.unwrap_or_else(|| ctx.now())).await?)
}

use domain::Fault;
use domain::authz::cap::PlansRead;
use domain::billing::{PlanPage, PlanRow, PlansPage};
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// The page of the instance's plans.
pub async fn load(ctx: &Ctx) -> Result<PlansPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<PlansRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let plans = storage::billing_plan::all(&mut tx, &grant).await?;
    Ok(PlansPage { viewer: grant.viewer()?.clone(), plans, now: ctx.now() })
}

/// The page of one plan.
pub async fn load_one(ctx: &Ctx, plan: &str) -> Result<PlanPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<PlansRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let row = storage::billing_plan::find(&mut tx, &grant, plan).await?.ok_or(Fault::NotFound)?;
    Ok(PlanPage { viewer: grant.viewer()?.clone(), row, now: ctx.now() })
}

/// Every plan by name, archived ones last; for programs.
pub async fn list(ctx: &Ctx) -> Result<Vec<PlanRow>, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<PlansRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    Ok(storage::billing_plan::all(&mut tx, &grant).await?)
}

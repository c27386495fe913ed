use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::PlansWrite;
use domain::billing::{Plan, PlanForm};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::idempotency::IdempotencyKey;

/// Adds a plan.
pub async fn create(ctx: &Ctx, form: &PlanForm) -> Result<Plan, Error> {
    create_once(ctx, form, None).await
}

/// As [`create`], once for each key.
pub async fn create_once(ctx: &Ctx, form: &PlanForm, key: Option<&IdempotencyKey>) -> Result<Plan, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<PlansWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let checked = form.check().map_err(|fields| Fault::Invalid { fields })?;
    if let Some(key) = key
        && let Some(before) = key.claim(&mut tx, &grant, checked.key.as_str()).await?
    {
        return Ok(storage::billing_plan::find(&mut tx, &grant, &before).await?.ok_or(Fault::NotFound)?.plan);
    }
    let plan = Plan { archived: false, ..checked.into_plan(tx.now()) };
    if !storage::billing_plan::insert(&mut tx, &grant, &plan).await? {
        let message = format!("There is a plan “{}” already, perhaps an archived one.", plan.key);
        return Err(Fault::invalid("key", message).into());
    }
    let action = Action::PlanCreated { plan: plan.key.clone() };
    tx.commit(Audit::one(Entry::new(Chain::Instance, grant.who(), Some(grant.via()), action))).await?;
    Ok(plan)
}

use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::PlansWrite;
use domain::billing::{Plan, PlanForm};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Base;

/// Changes a plan, archives it or takes it back. What it costs and includes counts from each organization's next cycle on.
pub async fn update(ctx: &Ctx, plan: &str, base: Base, form: &PlanForm) -> Result<Plan, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<PlansWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let before = storage::billing_plan::find(&mut tx, &grant, plan).await?.ok_or(Fault::NotFound)?.plan;
    base.check(before.version)?;
    let form = PlanForm { key: plan.to_owned(), ..form.clone() };
    let form = form.check().map_err(|fields| Fault::Invalid { fields })?;
    if form.currency != before.currency {
        let message = "A plan's currency never changes, since organizations are on it. Add another plan.";
        return Err(Fault::invalid("currency", message).into());
    }
    let fields = [
        ("name", before.name != form.name),
        ("price", before.price != form.price),
        ("included", before.included != form.included),
        ("overage", before.overage != form.overage),
        ("trial_days", before.trial_days != form.trial_days),
        ("buyer", before.buyer != form.buyer),
        ("archived", before.archived != form.archived),
    ];
    let changed: Vec<String> =
        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect();
    if changed.is_empty() {
        return Ok(before);
    }
    let mut after = Plan {
        name: form.name,
        price: form.price,
        included: form.included,
        overage: form.overage,
        trial_days: form.trial_days,
        buyer: form.buyer,
        archived: form.archived,
        ..before
    };
    after.version = storage::billing_plan::update(&mut tx, &grant, &after).await?.ok_or(Fault::NotFound)?;
    let action = Action::PlanChanged { plan: after.key.clone(), changed };
    tx.commit(Audit::one(Entry::new(Chain::Instance, grant.who(), Some(grant.via()), action))).await?;
    Ok(after)
}

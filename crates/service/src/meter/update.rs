use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::MetersWrite;
use domain::usage::{CustomMeter, MeterForm};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Base;

/// Changes a meter's name, unit and prices, archives it or takes it back. Prices count from each organization's next
/// cycle on.
pub async fn update(ctx: &Ctx, meter: &str, base: Base, form: &MeterForm) -> Result<CustomMeter, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<MetersWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let known = storage::meter::custom(&mut tx, &grant).await?;
    let before = known.into_iter().find(|one| one.key.as_str() == meter).ok_or(Fault::NotFound)?;
    base.check(before.version)?;
    let form = MeterForm { key: meter.to_owned(), ..form.clone() };
    let form = form.check().map_err(|fields| Fault::Invalid { fields })?;
    if form.aggregation != before.aggregation {
        let message = "How a meter aggregates never changes: its days would be counted in two ways. Add another meter.";
        return Err(Fault::invalid("aggregation", message).into());
    }
    let fields = [
        ("label", before.label != form.label),
        ("unit", before.unit != form.unit),
        ("prices", before.prices != form.prices),
        ("archived", before.archived != form.archived),
    ];
    let changed: Vec<String> =
        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect();
    if changed.is_empty() {
        return Ok(before);
    }
    let mut after =
        CustomMeter { label: form.label, unit: form.unit, prices: form.prices, archived: form.archived, ..before };
    after.version = storage::meter::update(&mut tx, &grant, &after).await?.ok_or(Fault::NotFound)?;
    let action = Action::MeterChanged { meter: after.key.clone(), changed };
    tx.commit(Audit::one(Entry::new(Chain::Instance, grant.who(), Some(grant.via()), action))).await?;
    Ok(after)
}

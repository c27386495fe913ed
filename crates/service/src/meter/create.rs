use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::MetersWrite;
use domain::usage::{CheckedMeter, CustomMeter, MeterForm};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::idempotency::IdempotencyKey;

/// Adds a meter; from now on events of its key are taken.
pub async fn create(ctx: &Ctx, form: &MeterForm) -> Result<CustomMeter, Error> {
    create_once(ctx, form, None).await
}

/// As [`create`], once for each key.
pub async fn create_once(ctx: &Ctx, form: &MeterForm, key: Option<&IdempotencyKey>) -> Result<CustomMeter, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<MetersWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let CheckedMeter { key: meter, label, unit, aggregation, prices, .. } =
        form.check().map_err(|fields| Fault::Invalid { fields })?;
    if let Some(key) = key
        && let Some(before) = key.claim(&mut tx, &grant, meter.as_str()).await?
    {
        let known = storage::meter::custom(&mut tx, &grant).await?;
        return Ok(known.into_iter().find(|one| one.key.as_str() == before).ok_or(Fault::NotFound)?);
    }
    let made =
        CustomMeter { key: meter, label, unit, aggregation, prices, archived: false, version: 1, created_at: tx.now() };
    if !storage::meter::insert(&mut tx, &grant, &made).await? {
        let message = format!("There is a meter “{}” already, perhaps an archived one.", made.key);
        return Err(Fault::invalid("key", message).into());
    }
    let action = Action::MeterCreated { meter: made.key.clone() };
    tx.commit(Audit::one(Entry::new(Chain::Instance, grant.who(), Some(grant.via()), action))).await?;
    Ok(made)
}

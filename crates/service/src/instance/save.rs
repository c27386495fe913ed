use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::InstanceSettingsWrite;
use domain::instance::{InstanceForm, InstanceSettings};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Saves the instance's settings.
pub async fn save(ctx: &Ctx, form: &InstanceForm) -> Result<InstanceSettings, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<InstanceSettingsWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let after = form.check().map_err(|fields| Fault::Invalid { fields })?;
    let before = storage::instance::settings(&mut tx).await?;
    storage::instance::write(&mut tx, &grant, &after).await?;
    let pairs = before.to_pairs().into_iter().zip(after.to_pairs());
    let entries = pairs.filter(|((_, old), (_, new))| old != new).map(|((name, old), (_, new))| {
        let action = Action::InstanceSettingChanged { name: name.to_owned(), before: old, after: new };
        Entry::new(Chain::Instance, grant.who(), Some(grant.via()), action)
    });
    let entries: Vec<Entry> = entries.collect();
    tx.commit(Audit::all(entries, "nothing was changed")).await?;
    Ok(after)
}

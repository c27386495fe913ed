use domain::Fault;
use domain::audit::{Action, Chain, Who};
use domain::authz::Via;
use domain::authz::cap::InstanceSettingsWrite;
use domain::instance::{InstanceForm, InstanceSettings};
use storage::authz::{Granted, Target};
use storage::instance::SetsInstance;
use storage::{Audit, Entry, WriteTx};

use crate::ctx::Ctx;
use crate::error::Error;

/// Saves the instance's settings.
pub async fn save(ctx: &Ctx, form: &InstanceForm) -> Result<InstanceSettings, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<InstanceSettingsWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let after = form.check().map_err(|fields| Fault::Invalid { fields })?;
    let entries = set(&mut tx, &grant, &after, grant.who(), Some(grant.via())).await?;
    tx.commit(Audit::all(entries, "nothing was changed")).await?;
    Ok(after)
}

/// Writes what differs, and answers an entry for each setting that does.
pub(crate) async fn set(
    tx: &mut WriteTx,
    proof: &impl SetsInstance,
    after: &InstanceSettings,
    who: Who,
    via: Option<Via>,
) -> Result<Vec<Entry>, Error> {
    let before = storage::instance::settings(tx).await?;
    storage::instance::write(tx, proof, after).await?;
    let pairs = before.to_pairs().into_iter().zip(after.to_pairs());
    let changed = pairs.filter(|((_, old), (_, new))| old != new);
    let entries = changed.map(|((name, old), (_, new))| {
        let action = Action::InstanceSettingChanged { name: name.to_owned(), before: old, after: new };
        Entry::new(Chain::Instance, who, via, action)
    });
    Ok(entries.collect())
}

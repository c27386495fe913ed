use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::CloudWrite;
use domain::cloud::{CloudAccountForm, CloudAccountValues};
use storage::authz::{Granted, Target};
use storage::cloud::{Refused, Stored, Values};
use storage::sealed::CLOUD_SECRET;
use storage::{Audit, Entry};

use super::connect::taken;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Base;
use crate::secret::Secret;

/// Changes a cloud account and answers its version; an empty secret keeps the one before, unless the address changes:
/// what was meant for one receiver goes to no other.
pub async fn update(ctx: &Ctx, handle: &str, account: &str, base: Base, form: &CloudAccountForm) -> Result<i64, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<CloudWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let id = account.parse().map_err(|_| Fault::NotFound)?;
    let before = storage::cloud::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    base.check(before.version)?;
    let checked = form.check(Some(before.connector)).map_err(|fields| Fault::Invalid { fields })?;
    if checked.url != before.url && checked.secret.is_none() {
        let message = "Enter the secret for the new address; the one before isn't sent there.";
        return Err(Fault::invalid("secret", message).into());
    }
    let sealed_secret = match &checked.secret {
        Some(secret) => ctx.services().vault().seal(&CLOUD_SECRET.place(id), &Secret::from(secret.clone()))?,
        None => before.sealed_secret.clone(),
    };
    let changed = changed(&before, &checked);
    if changed.is_empty() {
        return Ok(before.version);
    }
    let values = Values {
        name: &checked.name,
        provider: &checked.provider,
        url: &checked.url,
        selector: &checked.selector,
        ca: checked.ca.as_deref(),
        sealed_secret: &sealed_secret,
        events: checked.events,
    };
    let saved = storage::cloud::update(&mut tx, &grant, id, before.version, &values).await?;
    let version = saved.map_err(|refused| match refused {
        Refused::NameTaken => taken(&checked.name),
        Refused::Stale => Fault::Busy { retry_after: 1 },
    })?;
    let chain = Chain::Org(grant.org(&tx)?.id);
    let action = Action::CloudAccountChanged { account: id, name: checked.name.clone(), changed };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(version)
}

/// Names of the fields that differ.
fn changed(before: &Stored, after: &CloudAccountValues) -> Vec<String> {
    let fields = [
        ("name", before.name != after.name),
        ("provider", before.provider != after.provider),
        ("url", before.url != after.url),
        ("selector", before.selector != after.selector),
        ("ca", before.ca != after.ca),
        ("secret", after.secret.is_some()),
        ("events", before.events != after.events),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect()
}

use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::ServiceAccountsWrite;
use domain::id::ServiceAccountId;
use domain::service_account::{ServiceAccountForm, ServiceAccountRow};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use super::refused;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::idempotency::IdempotencyKey;

/// Adds a service account, which has no token yet.
pub async fn create(ctx: &Ctx, handle: &str, form: &ServiceAccountForm) -> Result<ServiceAccountRow, Error> {
    create_once(ctx, handle, form, None).await
}

/// As [`create`], once for each key.
pub async fn create_once(
    ctx: &Ctx,
    handle: &str,
    form: &ServiceAccountForm,
    key: Option<&IdempotencyKey>,
) -> Result<ServiceAccountRow, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<ServiceAccountsWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let account = form.check()?;
    let id = ctx.new_id(ServiceAccountId::new);
    if let Some(key) = key
        && let Some(before) = key.claim(&mut tx, &grant, &id.to_string()).await?
    {
        let before = before.parse().map_err(|_| Fault::NotFound)?;
        return Ok(storage::service_account::find(&mut tx, &grant, before).await?.ok_or(Fault::NotFound)?);
    }
    let kept = storage::service_account::insert(&mut tx, &grant, id, &account).await?;
    kept.map_err(|not_kept| refused(not_kept, &account))?;
    let row = storage::service_account::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let chain = Chain::Org(grant.org(&tx)?.id);
    let action = Action::ServiceAccountCreated { account: id, name: account.name, role: account.role };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(row)
}

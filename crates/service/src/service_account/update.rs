use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::ServiceAccountsWrite;
use domain::service_account::ServiceAccountForm;
use domain::token::Scopes;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use super::refused;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Base;

/// Changes a service account's name, description and role, and answers its version. Its tokens may do what the role may
/// from the next request on.
pub async fn update(
    ctx: &Ctx,
    handle: &str,
    account: &str,
    base: Base,
    form: &ServiceAccountForm,
) -> Result<i64, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<ServiceAccountsWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let id = account.parse().map_err(|_| Fault::NotFound)?;
    let before = storage::service_account::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    base.check(before.version)?;
    let after = form.check()?;
    // The account's tokens would do more than the one that acts.
    if before.role != after.role && !grant.scopes().includes(&Scopes::Full) {
        return Err(Fault::invalid("role", "A token that may not do everything can't change a role.").into());
    }
    let fields = [
        ("name", before.name != after.name),
        ("description", before.description != after.description),
        ("role", before.role != after.role),
    ];
    let changed: Vec<String> =
        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect();
    if changed.is_empty() {
        return Ok(before.version);
    }
    let kept = storage::service_account::update(&mut tx, &grant, id, &after).await?;
    let version = kept.map_err(|not_kept| refused(not_kept, &after))?;
    let chain = Chain::Org(grant.org(&tx)?.id);
    let role = (before.role != after.role).then_some((before.role, after.role));
    let action = Action::ServiceAccountChanged { account: id, name: after.name, changed, role };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(version)
}

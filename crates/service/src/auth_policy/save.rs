use domain::Fault;
use domain::audit::{Action, Chain};
use domain::auth_policy::AuthForm;
use domain::authz::cap::AuthWrite;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Base;

/// Saves how people sign in, and answers the version. It counts from the very next request on.
pub async fn save(ctx: &Ctx, handle: &str, base: Base, form: &AuthForm) -> Result<i64, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<AuthWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let (version, before) = storage::auth_policy::policy(&mut tx, &grant).await?;
    base.check(version)?;
    let after = form.check(&crate::org::to_ascii).map_err(|fields| Fault::Invalid { fields })?;
    if after == before {
        return Ok(version);
    }
    let saved = storage::auth_policy::save(&mut tx, &grant, version, &after).await?;
    let saved = saved.ok_or(Fault::Busy { retry_after: 1 })?;
    let chain = Chain::Org(grant.org(&tx)?.id);
    let action = Action::AuthChanged { version: saved, before, after };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(saved)
}

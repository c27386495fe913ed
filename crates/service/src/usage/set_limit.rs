use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::UsageLimitsWrite;
use domain::usage::{Dimension, LimitAction, LimitForm};
use storage::authz::{Granted, Target};
use storage::usage_limit as limits;
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Base;

/// Sets an organization's limit, or takes it away, and answers its version. What follows from it, follows within seconds.
pub async fn set_limit(
    ctx: &Ctx,
    handle: &str,
    dimension: Dimension,
    base: Base,
    form: &LimitForm,
) -> Result<i64, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<UsageLimitsWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let before = limits::limits(&mut tx, &grant).await?[dimension as usize];
    base.check(before.version)?;
    let after = form.check(dimension).map_err(|fields| Fault::Invalid { fields })?;
    if after == before.limit.map(|limit| (limit.value, limit.action)) {
        return Ok(before.version);
    }
    let version = limits::set(&mut tx, &grant, dimension, after).await?;
    let words = |(value, action): (i64, LimitAction)| {
        let action = if action == LimitAction::Cap { "cap and warn" } else { "warn" };
        format!("{} ({action})", dimension.show(value))
    };
    let before = before.limit.map(|limit| words((limit.value, limit.action)));
    let action = Action::UsageLimitChanged { dimension, before, after: after.map(words) };
    let chain = Chain::Org(grant.org(&tx)?.id);
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(version)
}

use domain::Fault;
use domain::audit::{Action, Chain};
use domain::auth_policy::ResetDone;
use domain::authz::cap::AuthReset;
use domain::plan::{Act, grew};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use super::preview_reset::{arguments, record};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;

/// Applies a plan: everything that was issued up to now is refused in the organization from the very next request on, on
/// every server. When somebody else than was shown would be locked out, nothing happens and the fault holds a new preview.
pub async fn reset(ctx: &Ctx, handle: &str, token: &str, service_tokens: bool) -> Result<ResetDone, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<AuthReset> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let token_hash = Secret::from(token.to_owned()).token_hash();
    let shown = storage::plan::take(&mut tx, &grant, &token_hash, Act::ResetAuth, arguments(service_tokens))
        .await?
        .ok_or_else(|| {
            Fault::conflict("The preview has expired or was used already. Nothing was reset. Open it again.")
        })?;
    let sets = storage::auth_policy::reset_sets(&mut tx, &grant, ctx.now(), service_tokens).await?;
    if grew(&shown, &sets) {
        let preview = Box::new(record(ctx, &mut tx, &grant, &sets, service_tokens).await?);
        tx.commit(Audit::none("the plan was refused and replaced by a new preview")).await?;
        return Err(Fault::PlanGrew { preview }.into());
    }
    let done = storage::auth_policy::reset(&mut tx, &grant, service_tokens).await?;
    let chain = Chain::Org(grant.org(&tx)?.id);
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), Action::AuthReset { done }))).await?;
    Ok(done)
}

use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::RevisionRedact;
use domain::settings::workspace;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Blanks the `envs` values of a past revision, which can't be restored from then on.
pub async fn redact_revision(ctx: &Ctx, handle: &str, revision: i64, reason: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<RevisionRedact> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let reason = super::reason(reason)?.ok_or_else(|| Fault::invalid("reason", "Say why, for the audit log."))?;
    let current = storage::org::settings(&mut tx, &grant).await?;
    if current.version == revision {
        return Err(Fault::conflict(
            "This is the current configuration. Change the value there and save, then redact this revision.",
        )
        .into());
    }
    let mut old = storage::revision::find(&mut tx, &grant, revision).await?.ok_or(Fault::NotFound)?;
    let (text, redacted) = workspace::redact_envs(&old.settings.workspace);
    if !redacted {
        return Err(Fault::conflict("This revision holds no value that could be redacted.").into());
    }
    old.settings.workspace = text;
    storage::revision::redact(&mut tx, &grant, revision, &old.settings).await?;
    let chain = Chain::Org(grant.org(&tx)?.id);
    let action = Action::RevisionRedacted { version: revision, reason: reason.to_owned() };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(())
}

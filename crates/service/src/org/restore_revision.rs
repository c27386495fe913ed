use domain::Fault;
use domain::authz::cap::OrgAdminWrite;
use domain::org::SavedSettings;
use storage::authz::{Granted, Target};

use super::save_settings::Save;
use crate::ctx::Ctx;
use crate::error::Error;

/// Saves an old revision's values anew, checked by today's rules. `version` is the current one as the page knew it.
pub async fn restore_revision(
    ctx: &Ctx,
    handle: &str,
    version: i64,
    revision: i64,
    reason: &str,
) -> Result<SavedSettings, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgAdminWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let stored = storage::org::settings(&mut tx, &grant).await?;
    if stored.version != version {
        return Err(Fault::conflict(
            "Someone saved the configuration meanwhile. Reload the page to compare with the newest version.",
        )
        .into());
    }
    let reason = super::reason(reason)?;
    let old = storage::revision::find(&mut tx, &grant, revision).await?.ok_or(Fault::NotFound)?;
    if old.row.redacted_at.is_some() {
        return Err(Fault::conflict("A value of this revision was redacted, so it can't be restored.").into());
    }
    let settings = old.settings.to_form().check(&old.settings, &super::to_ascii).map_err(|fields| {
        let problems: Vec<String> = fields.into_iter().map(|field| field.message).collect();
        Fault::conflict(format!("This revision breaks a rule of today and can't be restored: {}", problems.join(" ")))
    })?;
    Save { settings, reason, restored_from: Some(revision) }.commit(ctx, tx, &grant, &stored).await
}

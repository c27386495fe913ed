use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::OrgProfileWrite;
use domain::name::DisplayName;
use domain::revision::FieldConflict;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Base;

/// Saves the display name under the version the form was loaded with, and answers the new version.
pub async fn save_display_name(ctx: &Ctx, handle: &str, base: Base, name: &str) -> Result<i64, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgProfileWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let name = DisplayName::parse(name).map_err(|error| Fault::invalid("display_name", error.to_string()))?;
    let before = grant.org(&tx)?.display_name.clone();
    let chain = Chain::Org(grant.org(&tx)?.id);
    let version = match base {
        Base::Version(version) => version,
        Base::Current => storage::name::profile_version(&mut tx, &grant).await?,
    };
    let saved = storage::name::save_display_name(&mut tx, &grant, version, &name).await?;
    let Some(saved) = saved else {
        let version = storage::name::profile_version(&mut tx, &grant).await?;
        let conflict = FieldConflict {
            field: "display_name".to_owned(),
            label: "Display name".to_owned(),
            // Earlier names aren't kept apart from the audit log.
            base: String::new(),
            theirs: before.to_string(),
            yours: name.to_string(),
            touched: name != before,
        };
        return Err(Fault::Stale { version, fields: vec![conflict] }.into());
    };
    if name == before {
        return Ok(version);
    }
    let action = Action::DisplayNameChanged { before: before.to_string(), after: name.to_string() };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(saved)
}

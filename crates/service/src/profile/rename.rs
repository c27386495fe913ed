use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::OrgProfileWrite;
use domain::name::Handle;
use domain::plan::Act;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use super::{arguments, is_limited, parse, refuse_more};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::taken;
use crate::secret::Secret;

/// Applies a plan of renaming; the old handle becomes an alias. Of two organizations that take one handle at once, one
/// gets it and the other is told.
pub async fn rename(ctx: &Ctx, handle: &str, new_handle: &str, token: &str) -> Result<Handle, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgProfileWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let new = parse(new_handle)?;
    let org = grant.org(&tx)?.clone();
    let token_hash = Secret::from(token.to_owned()).token_hash();
    let plan = storage::plan::take(&mut tx, &grant, &token_hash, Act::RenameOrg, &arguments(&new)).await?;
    plan.ok_or_else(|| {
        Fault::conflict("The preview has expired or was used already. Nothing was changed. Open it again.")
    })?;
    if is_limited(grant.via()) {
        refuse_more(storage::name::renames(&mut tx, &grant, ctx.now()).await?)?;
    }
    storage::name::rename(&mut tx, &grant, &new).await?.map_err(|name| match taken(name) {
        Fault::Invalid { fields } => Fault::Invalid {
            fields: fields
                .into_iter()
                .map(|error| domain::FieldError { field: "new_handle".into(), ..error })
                .collect(),
        },
        other => other,
    })?;
    let action = Action::HandleChanged { before: org.handle.to_string(), after: new.to_string() };
    tx.commit(Audit::one(Entry::new(Chain::Org(org.id), grant.who(), Some(grant.via()), action))).await?;
    Ok(new)
}

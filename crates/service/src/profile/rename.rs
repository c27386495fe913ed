use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::OrgProfileWrite;
use domain::name::Handle;
use domain::plan::{Act, grew};
use domain::profile::dns_suffix;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use super::{is_limited, parse, plan, refuse_more, taken};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;
use crate::workspace::announce;

/// Applies a plan of renaming; the old handle becomes an alias. When other names would change than were shown, nothing
/// happens and the fault holds a new preview. Of two organizations that take one handle at once, one gets it and the other
/// is told.
pub async fn rename(ctx: &Ctx, handle: &str, new_handle: &str, token: &str) -> Result<Handle, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgProfileWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let new = parse(new_handle)?;
    let org = grant.org(&tx)?.clone();
    let token_hash = Secret::from(token.to_owned()).token_hash();
    let shown = storage::plan::take(&mut tx, &grant, &token_hash, Act::RenameOrg, &plan::arguments(&new)).await?;
    let shown = shown.ok_or_else(|| {
        Fault::conflict("The preview has expired or was used already. Nothing was changed. Open it again.")
    })?;
    let limited = is_limited(grant.via());
    if limited {
        refuse_more(storage::name::renames(&mut tx, &grant, ctx.now()).await?)?;
    }
    let changes = plan::changes(ctx, &mut tx, &grant, &new).await?;
    if grew(&shown, &plan::sets(&changes)) {
        let preview = Box::new(plan::record(ctx, &mut tx, &grant, &new, changes).await?);
        tx.commit(Audit::none("the plan was refused and replaced by a new preview")).await?;
        return Err(Fault::PlanGrew { preview }.into());
    }
    storage::name::rename(&mut tx, &grant, &new, limited).await?.map_err(taken)?;
    let settings = storage::org::settings(&mut tx, &grant).await?.settings;
    let domain = settings.platform_domain.as_ref().map(|host| host.as_str());
    let (before, after) = (dns_suffix(&org.handle, domain), dns_suffix(&new, domain));
    announce::moved(ctx, &mut tx, &grant, new.as_str(), before, after).await?;
    let action = Action::HandleChanged { before: org.handle.to_string(), after: new.to_string() };
    tx.commit(Audit::one(Entry::new(Chain::Org(org.id), grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(new)
}

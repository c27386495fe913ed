use domain::Fault;
use domain::authz::cap::OrgProfileWrite;
use domain::name::Handle;
use domain::plan::{Act, PlanPreview};
use domain::profile::{NameChange, dns_suffix};
use storage::authz::{Granted, Target};
use storage::{Audit, WriteTx};

use super::{arguments, is_limited, parse, refuse_more};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Draft;

/// What changing the handle would change: addresses and DNS names, before and after.
pub async fn preview_rename(ctx: &Ctx, handle: &str, new_handle: &str) -> Result<PlanPreview, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgProfileWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let new = parse(new_handle)?;
    let old = grant.org(&tx)?.handle.clone();
    if new == old {
        return Err(Fault::invalid("new_handle", "This is the handle already.").into());
    }
    if is_limited(grant.via()) {
        refuse_more(storage::name::renames(&mut tx, &grant, ctx.now()).await?)?;
    }
    let changes = changes(ctx, &mut tx, &grant, &new).await?;
    let stays = match new.folded() == old.folded() {
        true => vec!["Every address goes on working: handles don't differ by case.".to_owned()],
        false => vec![
            format!("“{old}” goes on leading here as an alias, in the browser and for programs, until you retire it."),
            "What is in the organization, its id, its tokens and sessions.".to_owned(),
        ],
    };
    let arguments = arguments(&new);
    let act = Act::RenameOrg;
    let draft = Draft { act, arguments: &arguments, sets: &[], goes: Vec::new(), changes, stays };
    let preview = draft.record(ctx, &mut tx, &grant).await?;
    tx.commit(Audit::none("a preview changes nothing")).await?;
    Ok(preview)
}

async fn changes(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<OrgProfileWrite>,
    new: &Handle,
) -> Result<Vec<NameChange>, Error> {
    let old = grant.org(tx)?.handle.clone();
    let address = |handle: &Handle| format!("{}/organizations/{handle}", ctx.services().public_url());
    let mut changes = vec![NameChange { before: address(&old), after: address(new) }];
    let settings = storage::org::settings(tx, grant).await?.settings;
    let domain = settings.platform_domain.as_ref().map(|host| host.as_str());
    if let (Some(before), Some(after)) = (dns_suffix(&old, domain), dns_suffix(new, domain))
        && before != after
    {
        changes.push(NameChange { before: format!("*.{before}"), after: format!("*.{after}") });
    }
    Ok(changes)
}

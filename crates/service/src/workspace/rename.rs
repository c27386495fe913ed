use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::WorkspacesWrite;
use domain::workspace::{WorkspaceName, WorkspaceRow};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use super::{announce, create::taken, row};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Base;

/// Gives a workspace another name, and with it another DNS name.
pub async fn rename(ctx: &Ctx, handle: &str, workspace: &str, base: Base, name: &str) -> Result<WorkspaceRow, Error> {
    let name = WorkspaceName::parse(name);
    let mut tx = ctx.write().await?;
    let grant: Granted<WorkspacesWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let name = name?;
    let id = workspace.parse().map_err(|_| Fault::NotFound)?;
    let before = storage::workspace::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    base.check(before.version)?;
    let settings = storage::org::settings(&mut tx, &grant).await?.settings;
    let org = grant.header(&tx)?;
    if before.name == name {
        return Ok(row(before, &org, &settings));
    }
    if storage::workspace::rename(&mut tx, &grant, id, &name).await?.is_none() {
        return Err(taken(&name).into());
    }
    let after = storage::workspace::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let (old_name, old, new) = (before.name.clone(), row(before, &org, &settings), row(after, &org, &settings));
    announce::change(ctx, &mut tx, &grant, "workspace.renamed", &new, old.dns_name.as_deref()).await?;
    let action = Action::WorkspaceRenamed { workspace: id, before: old_name.to_string(), after: new.name.to_string() };
    let chain = Chain::Org(org.id);
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(new)
}

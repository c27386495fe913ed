use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::WorkspacesWrite;
use domain::usage::Dimension;
use domain::workspace::{WorkspaceAct, WorkspaceRow};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use super::{announce, row};
use crate::ctx::Ctx;
use crate::error::Error;

/// Lets a workspace sleep, wakes, archives or restores it. Doing it twice is doing it once.
pub async fn change(ctx: &Ctx, handle: &str, workspace: &str, act: WorkspaceAct) -> Result<WorkspaceRow, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<WorkspacesWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let id = workspace.parse().map_err(|_| Fault::NotFound)?;
    let before = storage::workspace::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let settings = storage::org::settings(&mut tx, &grant).await?.settings;
    let org = grant.header(&tx)?;
    let Some(state) = before.state.after(act) else {
        // It got there by somebody else, or by the same button pressed twice.
        let is_there = domain::workspace::WorkspaceState::ALL.iter().any(|from| from.after(act) == Some(before.state));
        if is_there {
            return Ok(row(before, &org, &settings));
        }
        let message = format!("The workspace “{}” is {} and can't do this.", before.name, before.state.name());
        return Err(Fault::conflict(message).into());
    };
    if act == WorkspaceAct::Wake && storage::usage_limit::is_capped(&mut tx, &grant, Dimension::Compute).await? {
        let message = "The organization's compute is capped, so no workspace can be woken. Its owners can raise the limit \
                       on the page Usage.";
        return Err(Fault::conflict(message).into());
    }
    storage::workspace::set_state(&mut tx, &grant, id, state).await?;
    let after = storage::workspace::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let changed = row(after, &org, &settings);
    announce::change(ctx, &mut tx, &grant, act.event(), &changed, None).await?;
    let action = Action::WorkspaceMoved { workspace: id, name: changed.name.to_string(), act };
    tx.commit(Audit::one(Entry::new(Chain::Org(org.id), grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(changed)
}

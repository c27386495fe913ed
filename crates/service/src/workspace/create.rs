use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::WorkspacesWrite;
use domain::id::WorkspaceId;
use domain::usage::Dimension;
use domain::workspace::{WorkspaceName, WorkspaceRow};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use super::{announce, row};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::idempotency::IdempotencyKey;

/// Makes a workspace and tells the connectors.
pub async fn create(ctx: &Ctx, handle: &str, name: &str) -> Result<WorkspaceRow, Error> {
    create_once(ctx, handle, name, None).await
}

/// As [`create`], once for each key.
pub async fn create_once(
    ctx: &Ctx,
    handle: &str,
    name: &str,
    key: Option<&IdempotencyKey>,
) -> Result<WorkspaceRow, Error> {
    let name = WorkspaceName::parse(name);
    let mut tx = ctx.write().await?;
    let grant: Granted<WorkspacesWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let (name, id) = (name?, ctx.new_id(WorkspaceId::new));
    if let Some(key) = key
        && let Some(before) = key.claim(&mut tx, &grant, &id.to_string()).await?
    {
        drop(tx);
        return super::find(ctx, handle, &before).await;
    }
    let caps = storage::usage_limit::caps(&mut tx, &grant).await?;
    let capped = |dimension| caps.iter().any(|(one, _)| *one == dimension);
    if capped(Dimension::Storage) {
        let message = "The organization's storage is capped, so no workspace can be made. Its owners can raise the limit \
                       on the page Usage.";
        return Err(Fault::conflict(message).into());
    }
    // It can't be awake under a cap on compute.
    if !storage::workspace::insert(&mut tx, &grant, id, &name, capped(Dimension::Compute)).await? {
        return Err(taken(&name).into());
    }
    let stored = storage::workspace::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let settings = storage::org::settings(&mut tx, &grant).await?.settings;
    let made = row(stored, &grant.header(&tx)?, &settings);
    announce::change(ctx, &mut tx, &grant, "workspace.created", &made, None).await?;
    let chain = Chain::Org(grant.org(&tx)?.id);
    let action = Action::WorkspaceCreated { workspace: id, name: name.to_string() };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(made)
}

pub(super) fn taken(name: &WorkspaceName) -> Fault {
    let message =
        format!("There is a workspace “{name}” already, perhaps among the archived ones. Choose another name.");
    Fault::invalid("name", message)
}

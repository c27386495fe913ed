use domain::Fault;
use domain::authz::Permission;
use domain::authz::cap::{WorkspaceTokensRead, WorkspacesRead};
use domain::profile::dns_suffix;
use domain::workspace::{WorkspacePage, WorkspaceRow, WorkspacesPage, WorkspacesQuery};
use storage::Tx;
use storage::authz::{Granted, Target};
use storage::token::Seen;

use super::row;
use crate::ctx::Ctx;
use crate::error::Error;

/// Workspaces of a page.
const PAGE_SIZE: usize = 50;

/// The page of an organization's workspaces.
pub async fn load(ctx: &Ctx, handle: &str, query: WorkspacesQuery) -> Result<WorkspacesPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<WorkspacesRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let settings = storage::org::settings(&mut tx, &grant).await?.settings;
    let (rows, more) = page(&mut tx, &grant, &query, PAGE_SIZE).await?;
    let org = grant.header(&tx)?;
    Ok(WorkspacesPage {
        viewer,
        suffix: dns_suffix(&org.handle, settings.platform_domain.as_ref().map(|host| host.as_str())),
        archiving_seconds: settings.limits.archiving_seconds,
        org,
        query,
        rows,
        more,
        now: ctx.now(),
    })
}

/// At most `limit` workspaces by name, and whether more follow; for programs.
pub async fn list(
    ctx: &Ctx,
    handle: &str,
    query: &WorkspacesQuery,
    limit: usize,
) -> Result<(Vec<WorkspaceRow>, bool), Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<WorkspacesRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    page(&mut tx, &grant, query, limit).await
}

/// The page of one workspace.
pub async fn load_one(ctx: &Ctx, handle: &str, workspace: &str) -> Result<WorkspacePage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<WorkspacesRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let id = workspace.parse().map_err(|_| Fault::NotFound)?;
    let stored = storage::workspace::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let settings = storage::org::settings(&mut tx, &grant).await?.settings;
    let org = grant.header(&tx)?;
    let suffix = dns_suffix(&org.handle, settings.platform_domain.as_ref().map(|host| host.as_str()));
    let tokens = match grant.also(Permission::WorkspaceTokensRead) {
        true => {
            let grant: Granted<WorkspaceTokensRead> =
                tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
            let seen = Seen::of_workspace(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
            Some(storage::token::list(&mut tx, &seen).await?)
        }
        false => None,
    };
    Ok(WorkspacePage { viewer, row: row(stored, &org, &settings), org, suffix, tokens, now: ctx.now() })
}

/// One workspace.
pub async fn find(ctx: &Ctx, handle: &str, workspace: &str) -> Result<WorkspaceRow, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<WorkspacesRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let id = workspace.parse().map_err(|_| Fault::NotFound)?;
    let stored = storage::workspace::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let settings = storage::org::settings(&mut tx, &grant).await?.settings;
    Ok(row(stored, &grant.header(&tx)?, &settings))
}

async fn page(
    tx: &mut Tx,
    grant: &Granted<WorkspacesRead>,
    query: &WorkspacesQuery,
    limit: usize,
) -> Result<(Vec<WorkspaceRow>, bool), Error> {
    let settings = storage::org::settings(tx, grant).await?.settings;
    let org = grant.header(tx)?;
    // One more than the page tells whether there are more.
    let found = storage::workspace::page(tx, grant, query, limit as i64 + 1).await?;
    let more = found.len() > limit;
    Ok((found.into_iter().take(limit).map(|stored| row(stored, &org, &settings)).collect(), more))
}

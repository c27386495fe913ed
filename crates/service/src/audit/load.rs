use domain::audit::{AuditPage, AuditQuery, AuditRow};
use domain::authz::Permission;
use domain::authz::cap::OrgAuditRead;
use storage::Tx;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// Entries of a page.
const PAGE_SIZE: usize = 50;

/// A page of an organization's log.
pub async fn load(ctx: &Ctx, handle: &str, query: AuditQuery) -> Result<AuditPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgAuditRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let (rows, more) = page(&mut tx, &grant, &query, PAGE_SIZE).await?;
    let stream = match grant.also(Permission::OrgStreamRead) {
        true => Some(crate::audit_stream::panel(ctx, &mut tx, handle).await?),
        false => None,
    };
    Ok(AuditPage { viewer, org: grant.header(&tx)?, query, rows, more, stream, now: ctx.now() })
}

/// At most `limit` entries, newest first, and whether there are older ones; for programs.
pub async fn list(ctx: &Ctx, handle: &str, query: &AuditQuery, limit: usize) -> Result<(Vec<AuditRow>, bool), Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgAuditRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    page(&mut tx, &grant, query, limit).await
}

async fn page(
    tx: &mut Tx,
    grant: &Granted<OrgAuditRead>,
    query: &AuditQuery,
    limit: usize,
) -> Result<(Vec<AuditRow>, bool), Error> {
    // One more than the page tells whether there are older ones.
    let found = storage::audit::page(tx, grant, query, limit as i64 + 1).await?;
    let more = found.len() > limit;
    Ok((found.into_iter().take(limit).map(|read| read.row).collect(), more))
}

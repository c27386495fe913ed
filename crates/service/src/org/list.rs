use domain::authz::Permission;
use domain::authz::cap::OrgsList;
use domain::org::OrgsPage;
use domain::page::{OrgsQuery, PAGE_SIZE};
use storage::authz::{Granted, Target};
use storage::org_list::OrgsFound;

use crate::ctx::Ctx;
use crate::error::Error;

/// A page of the organizations the actor can see.
pub async fn list(ctx: &Ctx, query: OrgsQuery) -> Result<OrgsPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgsList> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let found = storage::org_list::page(&mut tx, &grant, &query, PAGE_SIZE).await?;
    Ok(OrgsPage {
        viewer: grant.viewer()?.clone(),
        query,
        rows: found.rows,
        previous: found.previous,
        next: found.next,
        can_create: grant.also(Permission::OrgCreate),
        now: ctx.now(),
    })
}

/// At most `limit` of the organizations the actor can see, for programs.
pub async fn page(ctx: &Ctx, query: &OrgsQuery, limit: usize) -> Result<OrgsFound, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgsList> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    Ok(storage::org_list::page(&mut tx, &grant, query, limit).await?)
}

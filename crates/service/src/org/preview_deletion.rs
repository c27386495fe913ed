use domain::authz::cap::OrgDelete;
use domain::plan::PlanPreview;
use storage::Audit;
use storage::authz::{Granted, Target};

use super::plan;
use crate::ctx::Ctx;
use crate::error::Error;

/// What deleting the organization would take with it, its cloud resources as their connectors list them now.
pub async fn preview_deletion(ctx: &Ctx, handle: &str) -> Result<PlanPreview, Error> {
    let looked = plan::look(ctx, handle).await?;
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgDelete> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    plan::refuse_owners(&mut tx, &grant).await?;
    plan::refuse_while_managing(&mut tx, &grant).await?;
    for listed in &looked {
        listed.keep(ctx, &mut tx, &grant).await?;
    }
    let sets = storage::plan::deletion_sets(&mut tx, &grant, ctx.now()).await?;
    let preview = plan::record(ctx, &mut tx, &grant, &sets, &looked).await?;
    tx.commit(Audit::none("a preview changes nothing")).await?;
    Ok(preview)
}

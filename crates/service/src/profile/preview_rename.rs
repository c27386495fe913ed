use domain::authz::cap::OrgProfileWrite;
use domain::plan::PlanPreview;
use storage::Audit;
use storage::authz::{Granted, Target};

use super::{is_limited, parse, plan, refuse_more, taken};
use crate::ctx::Ctx;
use crate::error::Error;

/// What changing the handle would change: addresses and DNS names, before and after. A handle that can't be had is
/// refused here already.
pub async fn preview_rename(ctx: &Ctx, handle: &str, new_handle: &str) -> Result<PlanPreview, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgProfileWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let new = parse(new_handle)?;
    if is_limited(grant.via()) {
        refuse_more(storage::name::renames(&mut tx, &grant, ctx.now()).await?)?;
    }
    let changes = plan::changes(ctx, &mut tx, &grant, &new).await?;
    storage::name::check(&mut tx, &grant, &new, ctx.now()).await?.map_err(taken)?;
    let preview = plan::record(ctx, &mut tx, &grant, &new, changes).await?;
    tx.commit(Audit::none("a preview changes nothing")).await?;
    Ok(preview)
}

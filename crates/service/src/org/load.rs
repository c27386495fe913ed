use domain::authz::Permission;
use domain::authz::cap::OrgRead;
use domain::org::OrgPage;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// An organization's landing page.
pub async fn load(ctx: &Ctx, handle: &str) -> Result<OrgPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let details = storage::org::details(&mut tx, &grant).await?;
    let link = match grant.also(Permission::BootstrapWrite) {
        true => storage::link::status(&mut tx, &grant, ctx.now()).await?,
        false => None,
    };
    let deletion = match grant.org(&tx)?.state.is_open() {
        true => None,
        false => storage::org::deletion(&mut tx, &grant).await?,
    };
    Ok(OrgPage {
        viewer: grant.viewer()?.clone(),
        org: grant.header(&tx)?,
        role: grant.role(),
        owners: storage::member::owners(&mut tx, &grant).await?,
        members: storage::member::count(&mut tx, &grant).await?,
        managed_by: details.managed_by,
        platform_domain: details.platform_domain,
        link,
        created_at: details.created_at,
        deletion,
        now: ctx.now(),
    })
}

use domain::authz::cap::OrgAdminRead;
use domain::org::AdminPage;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// Revisions listed on the page.
const REVISIONS: i64 = 20;

/// The Admin page, in one snapshot.
pub async fn load_admin(ctx: &Ctx, handle: &str) -> Result<AdminPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgAdminRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let stored = storage::org::settings(&mut tx, &grant).await?;
    let deletion = match grant.org(&tx)?.state.is_open() {
        true => None,
        false => storage::org::deletion(&mut tx, &grant).await?,
    };
    let unsubscribed = crate::report::unsubscribed(&mut tx, &grant, &stored.settings.report).await?;
    Ok(AdminPage {
        viewer: grant.viewer()?.clone(),
        org: grant.header(&tx)?,
        version: stored.version,
        form: stored.settings.to_form(),
        unsubscribed,
        plans: storage::billing_plan::all(&mut tx, &grant).await?.into_iter().map(|row| row.plan).collect(),
        subscription: storage::subscription::find(&mut tx, &grant).await?.map(|found| (found.plan, found.by)),
        owners: storage::member::owners(&mut tx, &grant).await?,
        link: storage::link::status(&mut tx, &grant, ctx.now()).await?,
        revisions: storage::revision::newest(&mut tx, &grant, REVISIONS).await?,
        deletion,
        now: ctx.now(),
    })
}

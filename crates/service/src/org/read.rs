use domain::Timestamp;
use domain::authz::Permission;
use domain::authz::cap::{OrgAdminRead, OrgRead};
use domain::id::OrgId;
use domain::org::OrgName;
use storage::authz::{Granted, OrgFacts, Target};
use storage::org::StoredSettings;

use crate::ctx::Ctx;
use crate::error::Error;

/// An organization for programs.
#[derive(Debug)]
pub struct Found {
    pub facts: OrgFacts,
    pub managed_by: Option<OrgName>,
    pub created_at: Timestamp,
    /// For those who may see the Admin page.
    pub settings: Option<StoredSettings>,
}

/// What the actor may see of an organization.
pub async fn read(ctx: &Ctx, handle: &str) -> Result<Found, Error> {
    find(ctx, Target::Handle(handle)).await
}

/// As [`read`], whatever its handle is by now.
pub async fn read_by_id(ctx: &Ctx, id: OrgId) -> Result<Found, Error> {
    find(ctx, Target::Org(id)).await
}

async fn find(ctx: &Ctx, target: Target<'_>) -> Result<Found, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgRead> = tx.authorize(&ctx.actor(), target, ctx.now()).await?;
    let details = storage::org::details(&mut tx, &grant).await?;
    let settings = match grant.also(Permission::OrgAdminRead) {
        true => {
            let admin: Granted<OrgAdminRead> = tx.authorize(&ctx.actor(), target, ctx.now()).await?;
            Some(storage::org::settings(&mut tx, &admin).await?)
        }
        false => None,
    };
    Ok(Found {
        facts: grant.org(&tx)?.clone(),
        managed_by: details.managed_by,
        created_at: details.created_at,
        settings,
    })
}

use domain::authz::Permission;
use domain::authz::cap::OrgProfileRead;
use domain::profile::{ProfilePage, ProfileView, RENAMES_MAX, SetByPlatform};
use storage::Tx;
use storage::authz::{Granted, Target};

use super::is_limited;
use crate::ctx::Ctx;
use crate::error::Error;

/// The Org Profile page, in one snapshot.
pub async fn load(ctx: &Ctx, handle: &str) -> Result<ProfilePage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgProfileRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let settings = storage::instance::settings(&mut tx).await?;
    let may_delete = grant.also(Permission::OrgDelete) && (viewer.platform_admin || settings.owners_may_delete);
    let open = grant.org(&tx)?.state.is_open();
    Ok(ProfilePage {
        viewer,
        profile: view(ctx, &mut tx, &grant).await?,
        may_delete: may_delete && open,
        now: ctx.now(),
    })
}

/// The same for programs.
pub async fn read(ctx: &Ctx, handle: &str) -> Result<ProfileView, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgProfileRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    view(ctx, &mut tx, &grant).await
}

async fn view(ctx: &Ctx, tx: &mut Tx, grant: &Granted<OrgProfileRead>) -> Result<ProfileView, Error> {
    let settings = storage::org::settings(tx, grant).await?.settings;
    let details = storage::org::details(tx, grant).await?;
    let plan = match storage::subscription::find(tx, grant).await? {
        Some(found) => storage::billing_plan::find(tx, grant, found.plan.as_str()).await?.map(|row| row.plan.name),
        None => None,
    };
    let renames = storage::name::renames(tx, grant, ctx.now()).await?;
    Ok(ProfileView {
        org: grant.header(tx)?,
        version: storage::name::profile_version(tx, grant).await?,
        aliases: storage::name::aliases(tx, grant).await?,
        renames_left: is_limited(grant.via()).then_some((RENAMES_MAX - renames).max(0)),
        platform: SetByPlatform {
            plan,
            seats: settings.seats,
            enforce_mfa: settings.enforce_mfa,
            platform_domain: settings.platform_domain.map(|host| host.as_str().to_owned()),
            login_domain: settings.login_domain.map(|host| host.as_str().to_owned()),
            managed_by: details.managed_by,
        },
    })
}

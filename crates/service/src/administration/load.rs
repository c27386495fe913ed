use domain::authz::cap::OrgAdminRead;
use domain::org::{Hold, OrgState};
use domain::settings::Limits;
use storage::authz::Granted;

use super::authorize;
use crate::ctx::Ctx;
use crate::error::Error;

/// An organization as the administration API shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    pub bootstrapped: bool,
    pub expired: bool,
    /// `None` is unlimited.
    pub seats: Option<u32>,
    pub limits: Limits,
}

pub async fn load(ctx: &Ctx, name: &str) -> Result<Configuration, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgAdminRead> = authorize(ctx, &mut tx, name).await?;
    let settings = storage::org::settings(&mut tx, &grant).await?.settings;
    let org = grant.org(&tx)?;
    Ok(Configuration {
        bootstrapped: org.state != OrgState::PendingBootstrap,
        expired: org.holds.contains(Hold::Expired),
        seats: settings.seats,
        limits: settings.limits,
    })
}

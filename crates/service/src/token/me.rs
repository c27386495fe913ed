use domain::Timestamp;
use domain::audit::Who;
use domain::authz::cap::Whoami;
use domain::people::Viewer;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// Who asks, and how far their word goes.
#[derive(Debug, Clone)]
pub struct Me {
    pub who: Who,
    /// `None` for tokens that are no person's.
    pub person: Option<Viewer>,
    /// What the service account is called, for tokens of one.
    pub service_account: Option<String>,
    /// `full`, `read`, or permissions separated by spaces.
    pub scopes: String,
    /// When the token expires; `None`: never.
    pub expires_at: Option<Timestamp>,
}

pub async fn me(ctx: &Ctx) -> Result<Me, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<Whoami> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    Ok(Me {
        who: grant.who(),
        person: grant.viewer().ok().cloned(),
        service_account: grant.service_account().map(str::to_owned),
        scopes: grant.scopes().to_string(),
        expires_at: grant.expires_at(),
    })
}

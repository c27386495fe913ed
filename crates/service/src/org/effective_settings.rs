use domain::Fault;
use domain::authz::cap::WorkspaceSettingsRead;
use domain::settings::workspace::{self, WorkspaceSettings};
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// What workspaces of an organization are given.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    pub settings: WorkspaceSettings,
    pub default_user_host: Option<String>,
    pub platform_domain: Option<String>,
}

/// The settings as workspaces get them: the instance's defaults, then the organization's.
pub async fn effective_settings(ctx: &Ctx, handle: &str) -> Result<Effective, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<WorkspaceSettingsRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let stored = storage::org::settings(&mut tx, &grant).await?.settings;
    // What is stored passed the check when it was saved.
    let own = workspace::check(&stored.workspace).map_err(|fields| Fault::Invalid { fields })?.settings;
    Ok(Effective {
        settings: workspace::effective(&WorkspaceSettings::default(), &own),
        default_user_host: stored.default_user_host.map(|host| host.as_str().to_owned()),
        platform_domain: stored.platform_domain.map(|host| host.as_str().to_owned()),
    })
}

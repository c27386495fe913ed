use domain::Fault;
use domain::authz::cap::WorkspaceSettingsRead;
use domain::settings::workspace::{self, EnvValue, WorkspaceSettings};
use storage::Tx;
use storage::authz::{Granted, Target};
use storage::sealed::ORG_SECRET;

use crate::ctx::Ctx;
use crate::error::Error;

/// What workspaces of an organization are given.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    /// With the values of secrets in the place of their names.
    pub settings: WorkspaceSettings,
    /// Names that the settings use and no secret has; their variables are left out.
    pub missing_secrets: Vec<String>,
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
    let mut settings = workspace::effective(&WorkspaceSettings::default(), &own);
    let missing_secrets = reveal(ctx, &mut tx, &grant, &mut settings).await?;
    Ok(Effective {
        settings,
        missing_secrets,
        default_user_host: stored.default_user_host.map(|host| host.as_str().to_owned()),
        platform_domain: stored.platform_domain.map(|host| host.as_str().to_owned()),
    })
}

/// Puts values in the place of the names of secrets, and answers the names that there is no secret of.
async fn reveal(
    ctx: &Ctx,
    tx: &mut Tx,
    grant: &Granted<WorkspaceSettingsRead>,
    settings: &mut WorkspaceSettings,
) -> Result<Vec<String>, Error> {
    if !settings.envs.iter().any(|env| matches!(env.value, EnvValue::Secret(_))) {
        return Ok(Vec::new());
    }
    let sealed = storage::org_secret::sealed(tx, grant).await?;
    let vault = ctx.services().vault();
    let mut missing = Vec::new();
    for env in &mut settings.envs {
        let EnvValue::Secret(name) = &env.value else { continue };
        match sealed.iter().find(|(_, known, _)| known == name) {
            Some((id, _, sealed)) => {
                env.value = EnvValue::Literal(vault.open(&ORG_SECRET.place(id), sealed)?.expose().to_owned());
            }
            None => missing.push(name.clone()),
        }
    }
    settings.envs.retain(|env| matches!(env.value, EnvValue::Literal(_)));
    Ok(missing)
}

use std::collections::BTreeSet;

use domain::authz::cap::{OrgSecretsRead, OrgSecretsWrite, WorkspaceSettingsRead};
use domain::org_secret::{SecretRow, SecretsPage, SecretsView, named_in};
use domain::settings::workspace;
use storage::Tx;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// The page of an organization's secrets.
pub async fn load(ctx: &Ctx, handle: &str) -> Result<SecretsPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgSecretsRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    Ok(SecretsPage { viewer, view: view(ctx, &mut tx, &grant, handle).await?, now: ctx.now() })
}

/// The same for programs.
pub async fn list(ctx: &Ctx, handle: &str) -> Result<SecretsView, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgSecretsRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    view(ctx, &mut tx, &grant, handle).await
}

async fn view(ctx: &Ctx, tx: &mut Tx, grant: &Granted<OrgSecretsRead>, handle: &str) -> Result<SecretsView, Error> {
    let stored = storage::org_secret::of_org(tx, grant).await?;
    let used = used_names(ctx, tx, handle).await?;
    let missing = used.iter().filter(|name| stored.iter().all(|secret| secret.name != **name)).cloned().collect();
    let secrets = stored.into_iter().map(|secret| SecretRow {
        used: used.contains(&secret.name),
        id: secret.id,
        name: secret.name,
        created_at: secret.created_at,
        updated_at: secret.updated_at,
        updated_by: secret.updated_by,
    });
    Ok(SecretsView { org: grant.header(tx)?, secrets: secrets.collect(), missing })
}

/// Names that the workspace settings use. Whoever sees the secrets sees these, not the settings.
async fn used_names(ctx: &Ctx, tx: &mut Tx, handle: &str) -> Result<BTreeSet<String>, Error> {
    let system = storage::authz::Actor::System;
    let grant: Granted<WorkspaceSettingsRead> = tx.authorize(&system, Target::Handle(handle), ctx.now()).await?;
    let text = storage::org::settings(tx, &grant).await?.settings.workspace;
    Ok(workspace::check(&text).map(|checked| named_in(&checked.settings)).unwrap_or_default().into_iter().collect())
}

/// Whether the workspace settings name `secret`.
pub(super) async fn is_used(
    ctx: &Ctx,
    tx: &mut Tx,
    grant: &Granted<OrgSecretsWrite>,
    secret: &str,
) -> Result<bool, Error> {
    let handle = grant.org(tx)?.handle.to_string();
    Ok(used_names(ctx, tx, &handle).await?.contains(secret))
}

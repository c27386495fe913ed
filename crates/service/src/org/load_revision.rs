use domain::Fault;
use domain::authz::cap::OrgAdminRead;
use domain::revision::RevisionPage;
use domain::settings::{Settings, workspace};
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// Versions offered for comparison.
const VERSIONS: i64 = 200;

/// A revision beside `against`, or beside the one before it.
pub async fn load_revision(ctx: &Ctx, handle: &str, version: i64, against: Option<i64>) -> Result<RevisionPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgAdminRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let current_version = storage::org::settings(&mut tx, &grant).await?.version;
    let revision = storage::revision::find(&mut tx, &grant, version).await?.ok_or(Fault::NotFound)?;
    let against = match against {
        Some(against) => Some(storage::revision::find(&mut tx, &grant, against).await?.ok_or(Fault::NotFound)?),
        None => storage::revision::find(&mut tx, &grant, version - 1).await?,
    };
    let (changes, (before_text, after_text)) = match &against {
        Some(against) => (
            Settings::changes(&against.settings, &revision.settings),
            workspace::mask_pair(&against.settings.workspace, &revision.settings.workspace),
        ),
        None => (Vec::new(), (String::new(), workspace::mask_envs(&revision.settings.workspace))),
    };
    let has_secrets = revision.row.version != current_version
        && revision.row.redacted_at.is_none()
        && workspace::has_env_literals(&revision.settings.workspace);
    Ok(RevisionPage {
        viewer: grant.viewer()?.clone(),
        org: grant.header(&tx)?,
        revision: revision.row,
        against: against.map(|against| against.row),
        changes,
        before_text,
        after_text,
        current_version,
        versions: storage::revision::versions(&mut tx, &grant, VERSIONS).await?,
        has_secrets,
        now: ctx.now(),
    })
}

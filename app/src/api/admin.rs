//! The Admin page: settings, their revisions, and the danger zone.

use domain::org::{AdminPage, SavedSettings};
use domain::plan::PlanPreview;
use domain::revision::RevisionPage;
use domain::settings::SettingsForm;
use leptos::server;

use super::Failure;

#[server]
pub async fn load_admin(handle: String) -> Result<AdminPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::org::load_admin(&ctx, &handle).await)
}

/// *Save Configuration*. Field names: those of [`SettingsForm`] under `form[…]`, `version`, `reason`.
#[server]
pub async fn save_admin(
    handle: String,
    version: i64,
    form: SettingsForm,
    #[server(default)] reason: String,
) -> Result<SavedSettings, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::org::save_settings(&ctx, &handle, version, &form, &reason).await)
}

/// `against`: the version to compare with; without it the one before.
#[server]
pub async fn load_revision(handle: String, version: i64, against: Option<i64>) -> Result<RevisionPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::org::load_revision(&ctx, &handle, version, against).await)
}

/// Saves an old revision's values anew. `version` is the current version as the page knew it.
#[server]
pub async fn restore_revision(
    handle: String,
    version: i64,
    revision: i64,
    #[server(default)] reason: String,
) -> Result<SavedSettings, Failure> {
    let ctx = super::server::ctx()?;
    let saved =
        super::server::done(&ctx, service::org::restore_revision(&ctx, &handle, version, revision, &reason).await)?;
    leptos_axum::redirect(&crate::paths::org_text(&handle).admin_after_restore(revision));
    Ok(saved)
}

/// Blanks the `envs` values held by a past revision; it can't be restored afterwards. `reason` is required.
#[server]
pub async fn redact_revision(handle: String, revision: i64, #[server(default)] reason: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::org::redact_revision(&ctx, &handle, revision, &reason).await)
}

/// What deleting the organization would take with it.
#[server]
pub async fn preview_deletion(handle: String) -> Result<PlanPreview, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::org::preview_deletion(&ctx, &handle).await)
}

/// Applies a deletion plan. `confirm` is the organization's handle as typed. Leads to the process that does it, or for those
/// who are shut out by it to the organizations they have left.
#[server]
pub async fn delete_org(
    handle: String,
    #[server(default)] plan: String,
    #[server(default)] confirm: String,
) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    let deleted = super::server::done(&ctx, service::org::delete(&ctx, &handle, &plan, &confirm).await)?;
    leptos_axum::redirect(&match deleted.may_watch {
        true => crate::paths::process(deleted.process),
        false => crate::paths::organizations_after_deletion(&confirm),
    });
    Ok(())
}

/// Calls off a deletion whose time of grace lasts, and leads to the organization.
#[server]
pub async fn restore_org(handle: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::org::restore(&ctx, &handle).await)?;
    leptos_axum::redirect(&crate::paths::org_text(&handle).overview());
    Ok(())
}

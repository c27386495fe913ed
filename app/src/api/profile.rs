//! *Org Profile*: display name, handle, aliases.

use domain::plan::PlanPreview;
use domain::profile::{Alias, ProfilePage};
use leptos::server;

use super::Failure;

#[server]
pub async fn load_profile(handle: String) -> Result<ProfilePage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::profile::load(&ctx, &handle).await)
}

/// Answers the new version. `version`: the one the form was loaded with.
#[server]
pub async fn save_display_name(
    handle: String,
    version: i64,
    #[server(default)] display_name: String,
) -> Result<i64, Failure> {
    let ctx = super::server::ctx()?;
    let base = service::org::Base::Version(version);
    super::server::done(&ctx, service::profile::save_display_name(&ctx, &handle, base, &display_name).await)
}

/// What taking `new_handle` would change.
#[server]
pub async fn preview_rename(handle: String, #[server(default)] new_handle: String) -> Result<PlanPreview, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::profile::preview_rename(&ctx, &handle, &new_handle).await)
}

/// Applies a plan, and leads to the page under its new address.
#[server]
pub async fn rename_org(
    handle: String,
    #[server(default)] new_handle: String,
    #[server(default)] plan: String,
) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    let renamed = service::profile::rename(&ctx, &handle, &new_handle, &plan).await;
    let handle = super::server::done(&ctx, renamed)?;
    leptos_axum::redirect(&crate::paths::org(&handle).profile());
    Ok(())
}

/// Ends an alias and answers those that are left.
#[server]
pub async fn retire_alias(handle: String, alias: String) -> Result<Vec<Alias>, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::profile::retire_alias(&ctx, &handle, &alias).await)
}

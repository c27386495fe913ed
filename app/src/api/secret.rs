//! Secrets of an organization.

use domain::org_secret::SecretsPage;
use leptos::server;

use super::Failure;

#[server]
pub async fn load_secrets(handle: String) -> Result<SecretsPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::org_secret::load(&ctx, &handle).await)
}

/// Answers whether it replaced a value.
#[server]
pub async fn set_secret(
    handle: String,
    #[server(default)] name: String,
    #[server(default)] value: String,
) -> Result<bool, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::org_secret::set(&ctx, &handle, &name, &value.into()).await)
}

#[server]
pub async fn remove_secret(handle: String, #[server(default)] name: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::org_secret::remove(&ctx, &handle, &name).await)
}

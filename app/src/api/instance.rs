//! What is set for the whole instance.

use domain::instance::{InstanceForm, InstancePage, InstanceSettings};
use leptos::server;

use super::Failure;

#[server]
pub async fn load_instance() -> Result<InstancePage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::instance::load(&ctx).await)
}

/// Field names: those of [`InstanceForm`] under `form[…]`.
#[server]
pub async fn save_instance(#[server(default)] form: InstanceForm) -> Result<InstanceSettings, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::instance::save(&ctx, &form).await)
}

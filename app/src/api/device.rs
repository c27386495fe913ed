//! Signing in programs that show a code.

use domain::device::{DeviceDecided, DeviceRequest};
use domain::people::Viewer;
use leptos::server;

use super::Failure;

/// Who would decide.
#[server]
pub async fn load_device() -> Result<Viewer, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::device::load(&ctx).await)
}

/// What waits under a typed code. Field: `user_code`.
#[server]
pub async fn find_device(#[server(default)] user_code: String) -> Result<DeviceRequest, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::device::find(&ctx, &user_code).await)
}

/// Fields: `user_code`, `decision` (`approve`; anything else denies).
#[server]
pub async fn decide_device(
    #[server(default)] user_code: String,
    #[server(default)] decision: String,
) -> Result<DeviceDecided, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::device::decide(&ctx, &user_code, decision == "approve").await)
}

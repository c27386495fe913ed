//! The audit log.

use domain::audit::{AuditPage, AuditQuery};
use leptos::server;

use super::Failure;

#[server]
pub async fn load_audit(handle: String, #[server(default)] query: AuditQuery) -> Result<AuditPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::audit::load(&ctx, &handle, query).await)
}

//! The audit log, and its stream to an address.

use domain::audit::{AuditPage, AuditQuery};
use domain::audit_stream::StreamDone;
use leptos::server;

use super::Failure;

#[server]
pub async fn load_audit(handle: String, #[server(default)] query: AuditQuery) -> Result<AuditPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::audit::load(&ctx, &handle, query).await)
}

/// `version`: the one the form was loaded with, or 0 when there was no stream.
#[server]
pub async fn set_stream(
    handle: String,
    #[server(default)] version: i64,
    #[server(default)] url: String,
) -> Result<StreamDone, Failure> {
    let ctx = super::server::ctx()?;
    let base = (version > 0).then_some(service::org::Base::Version(version));
    super::server::done(&ctx, service::audit_stream::set(&ctx, &handle, base, &url).await)
}

/// `act`: a `StreamAct` name.
#[server]
pub async fn change_stream(handle: String, #[server(default)] act: String) -> Result<StreamDone, Failure> {
    let ctx = super::server::ctx()?;
    let act = domain::audit_stream::StreamAct::from_name(&act);
    let act = act.ok_or_else(|| Failure(domain::Fault::invalid("act", "There is no such act.")))?;
    super::server::done(&ctx, service::audit_stream::act(&ctx, &handle, act).await)
}

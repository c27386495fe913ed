//! The active user report: a test of it, and the end of it.

use domain::report::{TestReport, UnsubscribePage};
use leptos::server;

use super::Failure;

/// *Send test report now*.
#[server]
pub async fn send_test_report(handle: String) -> Result<TestReport, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::report::send_test(&ctx, &handle).await)
}

/// What the link in the link cookie ends.
#[server]
pub async fn load_unsubscribe() -> Result<UnsubscribePage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::report::inspect(&ctx).await)
}

#[server]
pub async fn unsubscribe() -> Result<UnsubscribePage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::report::unsubscribe(&ctx).await)
}

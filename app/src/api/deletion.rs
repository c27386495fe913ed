//! Watching a deletion.

use domain::job::DeletionPage;
use leptos::server;

use super::Failure;

#[server]
pub async fn load_deletion(process: String) -> Result<DeletionPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::job::load_deletion(&ctx, &process).await)
}

/// Tries a failed step again at once.
#[server]
pub async fn retry_deletion(process: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::job::retry(&ctx, &process).await)
}

//! Processes: watched, hurried, given up in part.

use domain::job::{ProcessPage, ProcessesPage, ProcessesQuery};
use leptos::server;

use super::Failure;

#[server]
pub async fn load_process(process: String) -> Result<ProcessPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::process::load(&ctx, &process).await)
}

/// Every process of the instance.
#[server]
pub async fn load_processes(#[server(default)] query: ProcessesQuery) -> Result<ProcessesPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::process::load_list(&ctx, query).await)
}

#[server]
pub async fn load_org_processes(
    handle: String,
    #[server(default)] query: ProcessesQuery,
) -> Result<ProcessesPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::process::load_list_of_org(&ctx, &handle, query).await)
}

/// Tries a failed step again at once.
#[server]
pub async fn retry_process(process: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::process::retry(&ctx, &process).await)
}

/// Gives up a step. `reason` is required.
#[server]
pub async fn abandon_step(process: String, step: i64, #[server(default)] reason: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::process::abandon(&ctx, &process, step, &reason).await)
}

//! What an organization uses, its limits, and the platform's own meters.

use domain::usage::page::{UsagePage, UsageQuery, WorkspacesUsePage};
use domain::usage::{LimitForm, MeterForm, MetersPage};
use leptos::server;

use super::Failure;

#[server]
pub async fn load_usage(handle: String, #[server(default)] query: UsageQuery) -> Result<UsagePage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::usage::load(&ctx, &handle, query).await)
}

#[server]
pub async fn load_workspaces_usage(
    handle: String,
    #[server(default)] query: UsageQuery,
) -> Result<WorkspacesUsePage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::usage::load_workspaces(&ctx, &handle, query).await)
}

/// `version`: the one the form was loaded with. Answers the next.
#[server]
pub async fn set_usage_limit(
    handle: String,
    #[server(default)] dimension: String,
    version: i64,
    #[server(default)] form: LimitForm,
) -> Result<i64, Failure> {
    let ctx = super::server::ctx()?;
    let base = service::org::Base::Version(version);
    let set = match domain::usage::Dimension::from_name(&dimension) {
        Some(dimension) => service::usage::set_limit(&ctx, &handle, dimension, base, &form).await,
        None => Err(domain::Fault::NotFound.into()),
    };
    super::server::done(&ctx, set)
}

/// Mails the owners what a limit's warning would say; answers to how many.
#[server]
pub async fn test_usage_limit(handle: String, #[server(default)] dimension: String) -> Result<u64, Failure> {
    let ctx = super::server::ctx()?;
    let sent = match domain::usage::Dimension::from_name(&dimension) {
        Some(dimension) => service::usage::test_limit(&ctx, &handle, dimension).await,
        None => Err(domain::Fault::NotFound.into()),
    };
    super::server::done(&ctx, sent)
}

#[server]
pub async fn load_meters() -> Result<MetersPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::meter::load(&ctx).await)
}

/// Leads to the meter.
#[server]
pub async fn create_meter(#[server(default)] form: MeterForm) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    let made = super::server::done(&ctx, service::meter::create(&ctx, &form).await)?;
    leptos_axum::redirect(&crate::paths::meter(made.key.as_str()));
    Ok(())
}

/// `version`: the one the form was loaded with. Answers the next.
#[server]
pub async fn update_meter(
    #[server(default)] meter: String,
    version: i64,
    #[server(default)] form: MeterForm,
) -> Result<i64, Failure> {
    let ctx = super::server::ctx()?;
    let base = service::org::Base::Version(version);
    super::server::done(&ctx, service::meter::update(&ctx, &meter, base, &form).await.map(|meter| meter.version))
}

//! *Authentication*: how an organization's people sign in.

use domain::auth_policy::{AuthForm, AuthPage, ResetDone};
use domain::plan::PlanPreview;
use leptos::server;

use super::Failure;

#[server]
pub async fn load_authentication(handle: String) -> Result<AuthPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::auth_policy::load(&ctx, &handle).await)
}

/// Field names: those of [`AuthForm`] under `form[…]`, and `version`. Answers the next version.
#[server]
pub async fn save_authentication(
    handle: String,
    version: i64,
    #[server(default)] form: AuthForm,
) -> Result<i64, Failure> {
    let ctx = super::server::ctx()?;
    let base = service::org::Base::Version(version);
    super::server::done(&ctx, service::auth_policy::save(&ctx, &handle, base, &form).await)
}

/// Who would have to sign in again; with `service_tokens`, also which tokens of service accounts and workspaces are refused.
#[server]
pub async fn preview_auth_reset(
    handle: String,
    #[server(default)] service_tokens: bool,
) -> Result<PlanPreview, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::auth_policy::preview_reset(&ctx, &handle, service_tokens).await)
}

/// Applies a plan, with the `service_tokens` it was made for. Whoever isn't bound by it stays; everybody else signs in again.
#[server]
pub async fn reset_authentication(
    handle: String,
    #[server(default)] plan: String,
    #[server(default)] service_tokens: bool,
) -> Result<ResetDone, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::auth_policy::reset(&ctx, &handle, &plan, service_tokens).await)
}

//! Service accounts of an organization.

use domain::service_account::{ServiceAccountForm, ServiceAccountPage, ServiceAccountsPage};
use leptos::server;

use super::Failure;

#[server]
pub async fn load_service_accounts(handle: String) -> Result<ServiceAccountsPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::service_account::load(&ctx, &handle).await)
}

#[server]
pub async fn load_service_account(handle: String, account: String) -> Result<ServiceAccountPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::service_account::load_one(&ctx, &handle, &account).await)
}

/// Field names: those of [`ServiceAccountForm`] under `form[…]`. Leads to the account, where it gets its token.
#[server]
pub async fn create_service_account(
    handle: String,
    #[server(default)] form: ServiceAccountForm,
) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    let made = super::server::done(&ctx, service::service_account::create(&ctx, &handle, &form).await)?;
    leptos_axum::redirect(&crate::paths::org_text(&handle).service_account(made.id));
    Ok(())
}

/// `version`: the one the form was loaded with. Answers the next.
#[server]
pub async fn update_service_account(
    handle: String,
    account: String,
    version: i64,
    #[server(default)] form: ServiceAccountForm,
) -> Result<i64, Failure> {
    let ctx = super::server::ctx()?;
    let base = service::org::Base::Version(version);
    super::server::done(&ctx, service::service_account::update(&ctx, &handle, &account, base, &form).await)
}

/// What a button does to the account it names: `on`, `off` or `delete`.
#[server]
pub async fn change_service_account(
    handle: String,
    #[server(default)] on: String,
    #[server(default)] off: String,
    #[server(default)] delete: String,
) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    if delete.is_empty() {
        let (account, active) = if on.is_empty() { (&off, false) } else { (&on, true) };
        let changed = service::service_account::set_active(&ctx, &handle, account, active).await;
        return super::server::done(&ctx, changed.map(drop));
    }
    super::server::done(&ctx, service::service_account::delete(&ctx, &handle, &delete).await)?;
    leptos_axum::redirect(&crate::paths::org_text(&handle).service_accounts());
    Ok(())
}

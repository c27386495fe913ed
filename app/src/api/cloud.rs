//! Cloud accounts of an organization.

use domain::cloud::{CloudAccountForm, CloudAccountsPage};
use leptos::server;

use super::Failure;

#[server]
pub async fn load_cloud_accounts(handle: String) -> Result<CloudAccountsPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::cloud::load(&ctx, &handle).await)
}

/// Field names: those of [`CloudAccountForm`] under `form[…]`. Asks the connector what runs there, and leads to the account.
#[server]
pub async fn connect_cloud_account(handle: String, #[server(default)] form: CloudAccountForm) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    let id = super::server::done(&ctx, service::cloud::connect(&ctx, &handle, &form).await)?;
    super::server::done(&ctx, service::cloud::refresh(&ctx, &handle, &id.to_string()).await)?;
    leptos_axum::redirect(&crate::paths::org_text(&handle).cloud_account(id));
    Ok(())
}

/// `version`: the one the form was loaded with. Answers the next.
#[server]
pub async fn update_cloud_account(
    handle: String,
    account: String,
    version: i64,
    #[server(default)] form: CloudAccountForm,
) -> Result<i64, Failure> {
    let ctx = super::server::ctx()?;
    let base = service::org::Base::Version(version);
    super::server::done(&ctx, service::cloud::update(&ctx, &handle, &account, base, &form).await)
}

/// What a button does to the account it names: asks its connector what runs there, or disconnects it.
#[server]
pub async fn change_cloud_account(
    handle: String,
    #[server(default)] refresh: String,
    #[server(default)] disconnect: String,
) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    if !refresh.is_empty() {
        return super::server::done(&ctx, service::cloud::refresh(&ctx, &handle, &refresh).await.map(drop));
    }
    super::server::done(&ctx, service::cloud::disconnect(&ctx, &handle, &disconnect).await)?;
    leptos_axum::redirect(&crate::paths::org_text(&handle).cloud_accounts());
    Ok(())
}

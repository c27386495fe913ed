//! Bootstrap links: handing an organization to its first owner.

use domain::link::{BootstrapPage, NewLink};
use leptos::server;

use super::Failure;

/// What the link in the link cookie leads to; `NotFound` when it is unknown, used, revoked or expired.
#[server]
pub async fn load_bootstrap() -> Result<BootstrapPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::bootstrap::inspect(&ctx).await)
}

/// Takes a pasted bootstrap link and leads to its page. Field: `link`.
#[server]
pub async fn join(#[server(default)] link: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    let token = super::server::done(&ctx, service::bootstrap::parse_link(&link))?;
    super::server::set_link(&ctx, &token);
    leptos_axum::redirect(crate::paths::bootstrap());
    Ok(())
}

/// Makes a new person the first owner and signs them in.
#[server]
pub async fn redeem_bootstrap(
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    let (handle, session) =
        super::server::done(&ctx, service::bootstrap::redeem(&ctx, &name, &email, password.into()).await)?;
    super::server::set_session(&ctx, &session);
    super::server::clear_link(&ctx);
    leptos_axum::redirect(&crate::paths::org(&handle).overview());
    Ok(())
}

/// Makes the signed-in person the first owner.
#[server]
pub async fn accept_bootstrap() -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    let handle = super::server::done(&ctx, service::bootstrap::accept(&ctx).await)?;
    super::server::clear_link(&ctx);
    leptos_axum::redirect(&crate::paths::org(&handle).overview());
    Ok(())
}

/// Makes a new link and kills the old one. `lifetime`: a `LinkLifetime` name.
#[server]
pub async fn rotate_bootstrap(handle: String, #[server(default)] lifetime: String) -> Result<NewLink, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::bootstrap::rotate(&ctx, &handle, &lifetime).await)
}

#[server]
pub async fn revoke_bootstrap(handle: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::bootstrap::revoke(&ctx, &handle).await)
}

/// *Make me the owner now*: the administrator becomes the first owner, and the link dies.
#[server]
pub async fn take_ownership(handle: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::bootstrap::take_ownership(&ctx, &handle).await)
}

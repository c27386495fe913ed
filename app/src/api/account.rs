//! The person's own tokens.

use domain::token::{CreatedToken, TokenRow, TokensPage};
use leptos::server;

use super::Failure;

#[server]
pub async fn load_tokens() -> Result<TokensPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::token::load(&ctx).await)
}

/// Fields: `name`, `scopes` (`read` or `full`), `lifetime` (`never` or a number of days).
#[server]
pub async fn create_token(
    #[server(default)] name: String,
    #[server(default)] scopes: String,
    #[server(default)] lifetime: String,
) -> Result<CreatedToken, Failure> {
    let ctx = super::server::ctx()?;
    let new = service::token::NewToken { name, scopes, lifetime };
    let (token, secret) = super::server::done(&ctx, service::token::create(&ctx, new).await)?;
    Ok(CreatedToken { token, secret: secret.expose().to_owned() })
}

/// What a button of the list does to the token it names: `on`, `off` or `delete`. Answers the list as it is then.
#[server]
pub async fn change_token(
    #[server(default)] on: String,
    #[server(default)] off: String,
    #[server(default)] delete: String,
) -> Result<Vec<TokenRow>, Failure> {
    let ctx = super::server::ctx()?;
    let changed = match (on.as_str(), off.as_str(), delete.as_str()) {
        ("", "", token) => service::token::delete(&ctx, token).await,
        (token, "", _) => service::token::set_active(&ctx, token, true).await.map(drop),
        (_, token, _) => service::token::set_active(&ctx, token, false).await.map(drop),
    };
    super::server::done(&ctx, changed)?;
    super::server::done(&ctx, service::token::list(&ctx).await)
}

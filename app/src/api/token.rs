//! Tokens, whoever they are of. `holder` names that as [`TokenHolder`] does in text.

use domain::token::{CreatedToken, TokenRow, TokensPage};
use leptos::server;

use super::Failure;

#[server]
pub async fn load_tokens() -> Result<TokensPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::token::load(&ctx).await)
}

#[server]
pub async fn load_instance_tokens() -> Result<TokensPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::token::load_instance(&ctx).await)
}

/// Fields: `holder`, `name`, `scopes` (`read`, `full`, or `only` with `permissions`), `lifetime` (`never`, a number of days,
/// or `day` with `day`). What kinds with one purpose may do isn't asked.
#[server]
pub async fn create_token(
    #[server(default)] holder: String,
    #[server(default)] name: String,
    #[server(default)] scopes: String,
    #[server(default)] permissions: String,
    #[server(default)] lifetime: String,
    #[server(default)] day: String,
) -> Result<CreatedToken, Failure> {
    let ctx = super::server::ctx()?;
    let holder = self::holder(holder)?;
    // Without script both stand there to be filled in: nothing typed is dropped unsaid.
    if !permissions.trim().is_empty() && scopes != "only" && holder.kind().only().is_none() {
        let message = "You typed permissions. Choose “Only these permissions”, or empty their field.";
        return Err(Failure(domain::Fault::invalid("scopes", message)));
    }
    if !day.is_empty() && lifetime != "day" {
        let message = "You gave a day. Choose “On a day you choose”, or empty its field.";
        return Err(Failure(domain::Fault::invalid("lifetime", message)));
    }
    let scopes = match scopes.as_str() {
        _ if holder.kind().only().is_some() => String::new(),
        // An empty list isn't the default.
        "only" => format!("{permissions},"),
        _ => scopes,
    };
    let lifetime = if lifetime == "day" { day } else { lifetime };
    let form = domain::token::TokenForm { name, scopes, lifetime };
    let (token, secret) = super::server::done(&ctx, service::token::create(&ctx, &holder, &form).await)?;
    Ok(CreatedToken { holder, token, secret: secret.expose().to_owned() })
}

/// What a button of the list does to the token it names: `on`, `off` or `delete`. Answers the list as it is then.
#[server]
pub async fn change_token(
    #[server(default)] holder: String,
    #[server(default)] on: String,
    #[server(default)] off: String,
    #[server(default)] delete: String,
) -> Result<Vec<TokenRow>, Failure> {
    let ctx = super::server::ctx()?;
    let holder = self::holder(holder)?;
    let changed = match (on.as_str(), off.as_str(), delete.as_str()) {
        ("", "", token) => service::token::delete(&ctx, &holder, token).await,
        (token, "", _) => service::token::set_active(&ctx, &holder, token, true).await.map(drop),
        (_, token, _) => service::token::set_active(&ctx, &holder, token, false).await.map(drop),
    };
    super::server::done(&ctx, changed)?;
    super::server::done(&ctx, service::token::list(&ctx, &holder).await)
}

#[cfg(feature = "ssr")]
fn holder(text: String) -> Result<domain::token::TokenHolder, Failure> {
    text.try_into().map_err(|_| Failure(domain::Fault::NotFound))
}

//! Opening a one-time link: its secret moves from the address into a cookie, and nothing is redeemed.

use axum::response::{IntoResponse, Response};
use domain::auth::LINK_COOKIE_LIFETIME;
use http::header::{LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use service::{Ctx, Secret, cookie};

/// Answers `GET /setup?token=…` and `GET /bootstrap?token=…` with a redirect to the bare path, after which the secret
/// stands in no address, history or Referer. Only a person's visit marks the link as opened; previews don't.
pub async fn open(ctx: &Ctx, method: &Method, headers: &HeaderMap, path: &'static str, token: String) -> Response {
    if is_prefetch(headers) {
        // Refused, so that the visit itself comes here.
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let redirect = (StatusCode::SEE_OTHER, [(LOCATION, HeaderValue::from_static(path))]);
    if *method == Method::HEAD {
        return redirect.into_response();
    }
    let token = Secret::from(token);
    if let Err(error) = service::link::open(ctx, &token).await {
        // The page behind the redirect says what is wrong with the link; this only keeps the failure from vanishing.
        tracing::warn!(%error, "a one-time link could not be marked as opened");
    }
    let text = cookie::set(cookie::LINK, Some(&token), LINK_COOKIE_LIFETIME.seconds(), ctx.services().secure_cookies());
    match HeaderValue::try_from(text) {
        Ok(mut value) => {
            value.set_sensitive(true);
            let mut response = redirect.into_response();
            response.headers_mut().insert(SET_COOKIE, value);
            response
        }
        // No token of ours holds a character that a header can't.
        Err(_) => redirect.into_response(),
    }
}

/// The token in an address, if there is one.
pub fn token(uri: &Uri) -> Option<String> {
    super::query_value(uri, "token").filter(|token| !token.is_empty())
}

fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-moz"].iter().any(|name| {
        headers.get(*name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("prefetch"))
    })
}

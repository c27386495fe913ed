//! What the payment provider posts: events, signed by it.

use axum::body::{Body, to_bytes};
use axum::extract::Extension;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use service::Ctx;
use service::billing::{Received, receive};

use super::plain;

pub const PATH: &str = "/webhooks/stripe";
/// Events are far smaller.
const LIMIT: usize = 256 * 1024;
const SIGNATURE: &str = "stripe-signature";

/// `POST /webhooks/stripe`. Its signature is what counts: it comes from another site, and no cookie with it.
pub async fn take(Extension(ctx): Extension<Ctx>, headers: HeaderMap, body: Body) -> Response {
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Ok(body) = to_bytes(body, LIMIT).await else {
        return plain::text(StatusCode::PAYLOAD_TOO_LARGE, "an event has at most 256 KiB");
    };
    match receive(&ctx, signature, &body).await {
        Ok(Received::Taken) => plain::text(StatusCode::OK, "taken"),
        Ok(Received::Refused) => plain::text(StatusCode::BAD_REQUEST, "the signature is not the provider's"),
        Ok(Received::NotFound) => plain::text(StatusCode::NOT_FOUND, "there is no payment provider"),
        Err(error) => {
            // Logged there; the provider sends it again.
            let _ = error.into_fault(&ctx);
            plain::text(StatusCode::INTERNAL_SERVER_ERROR, "not taken; send it again")
        }
    }
}

//! Limits of requests, and the headers that tell of them: `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`
//! (seconds), as draft-ietf-httpapi-ratelimit-headers-06 names them.

use axum::Extension;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue};
use service::{Ctx, rate};

use super::Problem;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Counts a request and refuses it beyond the limit, before anything else is done for it.
pub async fn limit(Extension(ctx): Extension<Ctx>, request: Request, next: Next) -> Response {
    let Some(rate) = rate::count(&ctx).await else { return next.run(request).await };
    let mut response = match rate.allowed {
        true => next.run(request).await,
        false => Problem::too_many(rate.reset).into_response(),
    };
    for (name, value) in [(LIMIT, rate.limit), (REMAINING, rate.remaining), (RESET, rate.reset)] {
        response.headers_mut().insert(name, HeaderValue::from(value));
    }
    response
}

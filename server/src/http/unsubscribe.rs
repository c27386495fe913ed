//! Unsubscribing by one click, as mail programs do it without a page (RFC 8058).

use axum::extract::Extension;
use axum::response::Response;
use http::{StatusCode, Uri};
use service::{Ctx, Secret};

use super::{links, plain};

/// Answers `POST /unsubscribe?token=…`. The token alone decides: there is neither cookie nor page.
pub async fn one_click(Extension(ctx): Extension<Ctx>, uri: Uri) -> Response {
    let Some(token) = links::token(&uri).map(Secret::from) else {
        return plain::text(StatusCode::NOT_FOUND, "There is no token in this address.");
    };
    match service::report::unsubscribe_with(&ctx, &token).await {
        Ok(_) => plain::text(StatusCode::OK, "You are unsubscribed."),
        Err(error) => {
            let fault = error.into_fault(&ctx);
            let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            plain::text(status, "Nothing was changed: this link doesn't work.")
        }
    }
}

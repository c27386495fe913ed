//! The OpenAPI document, made from the handlers.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{InfoBuilder, OpenApi, ServerBuilder};

const ABOUT: &str = "Everything a program can do with the console. Send a token as `Authorization: Bearer …`. Errors are RFC 9457 \
    problems with a stable `code`; unknown keys are refused; changes of settings name the version they start from in `If-Match`. \
    Answers tell how many requests are left until a minute is over in `RateLimit-Limit`, `RateLimit-Remaining` and \
    `RateLimit-Reset` (seconds); beyond that they are 429 with `Retry-After`.";

static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| {
    let (_, mut document) = super::routes().split_for_parts();
    document.info = InfoBuilder::new().title("Tenantry").version("1").description(Some(ABOUT)).build();
    document.servers = Some(vec![ServerBuilder::new().url(super::BASE).build()]);
    document.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("token", [])]);
    let components = document.components.get_or_insert_default();
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("tnt_personal_…").build();
    components.add_security_scheme("token", SecurityScheme::Http(scheme));
    components.schemas.extend(super::problem::schemas());
    document
});

pub fn document() -> &'static OpenApi {
    &DOCUMENT
}

/// The document as text, with a line feed at its end.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(document()).unwrap_or_default();
    text.push('\n');
    text
}

/// `GET /api/v1/openapi.json`.
pub async fn show() -> Response {
    ([(CONTENT_TYPE, "application/json")], text()).into_response()
}

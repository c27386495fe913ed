use axum::Extension;
use axum::extract::Path;
use axum::response::Json;
use domain::token::TokenHolder;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use service::Ctx;
use utoipa::ToSchema;

use super::{CreatedToken, NewToken, Token, TokenList, TokenUpdate};
use crate::http::api::json::Body;
use crate::http::api::problem::{Problem, Problems};

/// What a token of the instance is for.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// What a platform administrator may, within its scopes.
    Admin,
    /// Telling what was used.
    Meter,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInstanceToken {
    kind: Kind,
    /// What it is for.
    name: String,
    /// As for other tokens.
    #[serde(default)]
    scopes: String,
    /// As for other tokens.
    #[schema(example = "30")]
    lifetime: String,
}

/// List the instance's tokens
#[utoipa::path(get, path = "/instance/tokens", tag = "Instance", operation_id = "listInstanceTokens",
    responses((status = 200, body = TokenList), Problems))]
pub async fn list(Extension(ctx): Extension<Ctx>) -> Result<Json<TokenList>, Problem> {
    super::list(&ctx, &TokenHolder::Admin).await
}

/// Create a token of the instance
#[utoipa::path(post, path = "/instance/tokens", tag = "Instance", operation_id = "createInstanceToken",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeated request under the same key, within 24 hours, answers the token that the first one made, without its secret.")),
    request_body = NewInstanceToken, responses((status = 201, body = CreatedToken), Problems))]
pub async fn create(
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    body: Body<NewInstanceToken>,
) -> Result<(StatusCode, Json<CreatedToken>), Problem> {
    let NewInstanceToken { kind, name, scopes, lifetime } = body.value;
    let holder = match kind {
        Kind::Admin => TokenHolder::Admin,
        Kind::Meter => TokenHolder::Meter,
    };
    super::create(&ctx, &holder, &headers, NewToken { name, scopes, lifetime }, &body.bytes).await
}

/// Turn a token of the instance off, or on again
#[utoipa::path(patch, path = "/instance/tokens/{id}", tag = "Instance", operation_id = "updateInstanceToken",
    params(("id" = String, Path)), request_body = TokenUpdate, responses((status = 200, body = Token), Problems))]
pub async fn update(
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    body: Body<TokenUpdate>,
) -> Result<Json<Token>, Problem> {
    super::update(&ctx, &TokenHolder::Admin, &id, body).await
}

/// Delete a token of the instance
#[utoipa::path(delete, path = "/instance/tokens/{id}", tag = "Instance", operation_id = "deleteInstanceToken",
    params(("id" = String, Path)), responses((status = 204), Problems))]
pub async fn delete(Extension(ctx): Extension<Ctx>, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    super::delete(&ctx, &TokenHolder::Admin, &id).await
}

use axum::Extension;
use axum::extract::Path;
use axum::response::Json;
use domain::token::TokenHolder::Own;
use http::{HeaderMap, StatusCode};
use service::Ctx;

use super::{CreatedToken, NewToken, Token, TokenList, TokenUpdate};
use crate::http::api::json::Body;
use crate::http::api::problem::{Problem, Problems};

/// List your tokens
#[utoipa::path(get, path = "/tokens", tag = "Account", operation_id = "listTokens",
    responses((status = 200, body = TokenList), Problems))]
pub async fn list(Extension(ctx): Extension<Ctx>) -> Result<Json<TokenList>, Problem> {
    super::list(&ctx, &Own).await
}

/// Create a personal token
#[utoipa::path(post, path = "/tokens", tag = "Account", operation_id = "createToken",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeated request under the same key, within 24 hours, answers the token that the first one made, without its secret.")),
    request_body = NewToken,
    responses((status = 201, body = CreatedToken), Problems))]
pub async fn create(
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    body: Body<NewToken>,
) -> Result<(StatusCode, Json<CreatedToken>), Problem> {
    super::create(&ctx, &Own, &headers, body.value, &body.bytes).await
}

/// Turn a token off, or on again
#[utoipa::path(patch, path = "/tokens/{id}", tag = "Account", operation_id = "updateToken",
    params(("id" = String, Path)), request_body = TokenUpdate, responses((status = 200, body = Token), Problems))]
pub async fn update(
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    body: Body<TokenUpdate>,
) -> Result<Json<Token>, Problem> {
    super::update(&ctx, &Own, &id, body).await
}

/// Delete a token
#[utoipa::path(delete, path = "/tokens/{id}", tag = "Account", operation_id = "deleteToken",
    params(("id" = String, Path)), responses((status = 204), Problems))]
pub async fn delete(Extension(ctx): Extension<Ctx>, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    super::delete(&ctx, &Own, &id).await
}

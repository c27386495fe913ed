use axum::Extension;
use axum::extract::Path;
use axum::response::Json;
use domain::Fault;
use domain::token::TokenHolder;
use http::{HeaderMap, StatusCode};
use service::Ctx;

use super::{CreatedToken, NewToken, Token, TokenList, TokenUpdate};
use crate::http::api::json::Body;
use crate::http::api::problem::{Problem, Problems};

fn holder(handle: String, id: &str) -> Result<TokenHolder, Fault> {
    id.parse().map(|id| TokenHolder::ServiceAccount(handle, id)).map_err(|_| Fault::NotFound)
}

/// List a service account's tokens
#[utoipa::path(get, path = "/organizations/{handle}/service-accounts/{id}/tokens", tag = "Service accounts",
    operation_id = "listServiceAccountTokens", params(("handle" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = TokenList), Problems))]
pub async fn list(
    Extension(ctx): Extension<Ctx>,
    Path((handle, id)): Path<(String, String)>,
) -> Result<Json<TokenList>, Problem> {
    super::list(&ctx, &holder(handle, &id)?).await
}

/// Create a token for a service account
///
/// It may do what the role of its account may, within its scopes. At most two: one in use, and the one that replaces it.
#[utoipa::path(post, path = "/organizations/{handle}/service-accounts/{id}/tokens", tag = "Service accounts",
    operation_id = "createServiceAccountToken",
    params(("handle" = String, Path), ("id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeated request under the same key, within 24 hours, answers the token that the first one made, without its secret.")),
    request_body = NewToken, responses((status = 201, body = CreatedToken), Problems))]
pub async fn create(
    Extension(ctx): Extension<Ctx>,
    Path((handle, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body<NewToken>,
) -> Result<(StatusCode, Json<CreatedToken>), Problem> {
    super::create(&ctx, &holder(handle, &id)?, &headers, body.value, &body.bytes).await
}

/// Turn a service account's token off, or on again
#[utoipa::path(patch, path = "/organizations/{handle}/service-accounts/{id}/tokens/{token}", tag = "Service accounts",
    operation_id = "updateServiceAccountToken",
    params(("handle" = String, Path), ("id" = String, Path), ("token" = String, Path, description = "The token's id")),
    request_body = TokenUpdate, responses((status = 200, body = Token), Problems))]
pub async fn update(
    Extension(ctx): Extension<Ctx>,
    Path((handle, id, token)): Path<(String, String, String)>,
    body: Body<TokenUpdate>,
) -> Result<Json<Token>, Problem> {
    super::update(&ctx, &holder(handle, &id)?, &token, body).await
}

/// Delete a service account's token
#[utoipa::path(delete, path = "/organizations/{handle}/service-accounts/{id}/tokens/{token}", tag = "Service accounts",
    operation_id = "deleteServiceAccountToken",
    params(("handle" = String, Path), ("id" = String, Path), ("token" = String, Path, description = "The token's id")),
    responses((status = 204), Problems))]
pub async fn delete(
    Extension(ctx): Extension<Ctx>,
    Path((handle, id, token)): Path<(String, String, String)>,
) -> Result<StatusCode, Problem> {
    super::delete(&ctx, &holder(handle, &id)?, &token).await
}

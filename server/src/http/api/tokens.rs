use axum::Extension;
use axum::extract::Path;
use axum::response::Json;
use domain::token::TokenRow;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use service::{Ctx, token};
use utoipa::ToSchema;

use super::json::{Body, idempotency_key};
use super::problem::{OrProblem, Problem, Problems};

/// A token of a person, without its secret.
#[derive(Serialize, ToSchema)]
pub struct Token {
    id: String,
    name: String,
    /// `personal`, or `cli` for a sign-in from the command line.
    #[schema(value_type = String)]
    kind: &'static str,
    /// `full`, `read`, or permissions separated by spaces.
    scopes: String,
    /// A token that isn't active is refused.
    active: bool,
    /// RFC 3339, as every time.
    created_at: String,
    /// `null`: never.
    expires_at: Option<String>,
    last_used_at: Option<String>,
}

impl From<TokenRow> for Token {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            kind: row.kind.name(),
            scopes: row.scopes,
            active: row.active,
            created_at: row.created_at.to_string(),
            expires_at: row.expires_at.map(|at| at.to_string()),
            last_used_at: row.last_used_at.map(|at| at.to_string()),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct TokenList {
    items: Vec<Token>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    name: String,
    /// `read` (the default), `full`, or permissions separated by spaces; at most what the asking token may.
    #[serde(default)]
    scopes: String,
    /// `never`, or a number of days from 1 to 3650.
    #[schema(example = "30")]
    lifetime: String,
}

/// A token with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub struct CreatedToken {
    #[serde(flatten)]
    token: Token,
    /// `tnt_personal_…`; `null` when the request was repeated.
    secret: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenUpdate {
    active: bool,
}

/// List your tokens
#[utoipa::path(get, path = "/tokens", tag = "Account", operation_id = "listTokens",
    responses((status = 200, body = TokenList), Problems))]
pub async fn list(Extension(ctx): Extension<Ctx>) -> Result<Json<TokenList>, Problem> {
    let rows = token::list(&ctx).await.or_problem(&ctx)?;
    Ok(Json(TokenList { items: rows.into_iter().map(Token::from).collect() }))
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
    let key = idempotency_key(&headers, "POST /tokens", &body.bytes)?;
    let NewToken { name, scopes, lifetime } = body.value;
    let new = token::NewToken { name, scopes, lifetime };
    let (row, secret) = token::create_once(&ctx, new, key.as_ref()).await.or_problem(&ctx)?;
    let created = CreatedToken { token: row.into(), secret: secret.map(|secret| secret.expose().to_owned()) };
    Ok((StatusCode::CREATED, Json(created)))
}

/// Turn a token off, or on again
#[utoipa::path(patch, path = "/tokens/{id}", tag = "Account", operation_id = "updateToken",
    params(("id" = String, Path)), request_body = TokenUpdate, responses((status = 200, body = Token), Problems))]
pub async fn update(
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    body: Body<TokenUpdate>,
) -> Result<Json<Token>, Problem> {
    Ok(Json(token::set_active(&ctx, &id, body.value.active).await.or_problem(&ctx)?.into()))
}

/// Delete a token
#[utoipa::path(delete, path = "/tokens/{id}", tag = "Account", operation_id = "deleteToken",
    params(("id" = String, Path)), responses((status = 204), Problems))]
pub async fn delete(Extension(ctx): Extension<Ctx>, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    token::delete(&ctx, &id).await.or_problem(&ctx)?;
    Ok(StatusCode::NO_CONTENT)
}

//! Tokens of people, service accounts, workspaces and the instance: one wire form, each under its holder.

pub mod instance;
pub mod own;
pub mod service_account;
pub mod workspace;

use axum::response::Json;
use domain::token::{TokenForm, TokenHolder, TokenRow};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use service::{Ctx, token};
use utoipa::ToSchema;

use super::json::{Body, idempotency_key};
use super::problem::{OrProblem, Problem};

/// A token without its secret.
#[derive(Serialize, ToSchema)]
pub struct Token {
    id: String,
    name: String,
    /// `personal`, `cli` for a sign-in from the command line, `service`, `workspace`, `meter` or `admin`.
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
    /// Newest first.
    items: Vec<Token>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    name: String,
    /// `read` (the default), `full`, or permissions separated by spaces; at most what the asking token may. A workspace's
    /// token has `org.workspace_settings.read`, a meter's `usage.write`, and neither has another.
    #[serde(default)]
    scopes: String,
    /// `never`, a number of days from 1 to 3650, or a day as `YYYY-MM-DD`, at whose end in UTC it expires.
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

async fn list(ctx: &Ctx, holder: &TokenHolder) -> Result<Json<TokenList>, Problem> {
    let rows = token::list(ctx, holder).await.or_problem(ctx)?;
    Ok(Json(TokenList { items: rows.into_iter().map(Token::from).collect() }))
}

/// `body` is what was sent, for the idempotency key.
async fn create(
    ctx: &Ctx,
    holder: &TokenHolder,
    headers: &HeaderMap,
    new: NewToken,
    body: &[u8],
) -> Result<(StatusCode, Json<CreatedToken>), Problem> {
    let key = idempotency_key(headers, "POST tokens", body)?;
    let NewToken { name, scopes, lifetime } = new;
    let form = TokenForm { name, scopes, lifetime };
    let (row, secret) = token::create_once(ctx, holder, &form, key.as_ref()).await.or_problem(ctx)?;
    let created = CreatedToken { token: row.into(), secret: secret.map(|secret| secret.expose().to_owned()) };
    Ok((StatusCode::CREATED, Json(created)))
}

async fn update(ctx: &Ctx, holder: &TokenHolder, id: &str, body: Body<TokenUpdate>) -> Result<Json<Token>, Problem> {
    Ok(Json(token::set_active(ctx, holder, id, body.value.active).await.or_problem(ctx)?.into()))
}

async fn delete(ctx: &Ctx, holder: &TokenHolder, id: &str) -> Result<StatusCode, Problem> {
    token::delete(ctx, holder, id).await.or_problem(ctx)?;
    Ok(StatusCode::NO_CONTENT)
}

use axum::Extension;
use axum::response::Json;
use domain::audit::Who;
use http::StatusCode;
use serde::Serialize;
use service::Ctx;
use utoipa::ToSchema;

use super::problem::{OrProblem, Problem, Problems};

/// Who the token stands for.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// `null` for a token that is no person's.
    person: Option<Person>,
    /// What the service account is called; `null` for a token that is of none.
    service_account: Option<String>,
    /// `null` for the administration token of the configuration.
    token_id: Option<String>,
    /// `full`, `read`, or permissions separated by spaces.
    scopes: String,
    /// When the token expires; `null`: never.
    expires_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Person {
    id: String,
    name: String,
    email: String,
    platform_administrator: bool,
}

/// Who am I?
#[utoipa::path(get, path = "/me", tag = "Account", responses((status = 200, body = Me), Problems))]
pub async fn read(Extension(ctx): Extension<Ctx>) -> Result<Json<Me>, Problem> {
    let me = service::token::me(&ctx).await.or_problem(&ctx)?;
    let token_id = match me.who {
        Who::Person { token: Some(token), .. }
        | Who::Token { token }
        | Who::ServiceAccount { token, .. }
        | Who::Workspace { token, .. } => Some(token.to_string()),
        _ => None,
    };
    let person = me.person.map(|person| Person {
        id: person.id.to_string(),
        name: person.name,
        email: person.email,
        platform_administrator: person.platform_admin,
    });
    let expires_at = me.expires_at.map(|at| at.to_string());
    Ok(Json(Me { person, service_account: me.service_account, token_id, scopes: me.scopes, expires_at }))
}

/// Delete the person's token that asks
///
/// How a program that acts for a person signs out. Other tokens are deleted by whoever looks after them.
#[utoipa::path(delete, path = "/me/token", tag = "Account", operation_id = "deleteOwnToken",
    responses((status = 204), Problems))]
pub async fn delete_token(Extension(ctx): Extension<Ctx>) -> Result<StatusCode, Problem> {
    service::token::delete_own(&ctx).await.or_problem(&ctx)?;
    Ok(StatusCode::NO_CONTENT)
}

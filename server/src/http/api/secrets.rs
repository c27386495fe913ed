use axum::Extension;
use axum::extract::Path;
use axum::response::Json;
use domain::org_secret::SecretRow;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use service::{Ctx, org_secret};
use utoipa::ToSchema;

use super::json::Body;
use super::problem::{OrProblem, Problem, Problems};

/// A secret of an organization; its value is never told.
#[derive(Serialize, ToSchema)]
pub struct OrganizationSecret {
    name: String,
    /// Whether the workspace settings name it.
    used: bool,
    created_at: String,
    updated_at: String,
    /// Who set the value last.
    updated_by: String,
}

impl From<SecretRow> for OrganizationSecret {
    fn from(row: SecretRow) -> Self {
        Self {
            name: row.name,
            used: row.used,
            created_at: row.created_at.to_string(),
            updated_at: row.updated_at.to_string(),
            updated_by: row.updated_by,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct SecretList {
    /// By name.
    items: Vec<OrganizationSecret>,
    /// Names that the workspace settings use and no secret has.
    missing: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretValue {
    /// At most 32 KiB.
    value: String,
}

/// List an organization's secrets
#[utoipa::path(get, path = "/organizations/{handle}/secrets", tag = "Secrets", operation_id = "listSecrets",
    params(("handle" = String, Path)), responses((status = 200, body = SecretList), Problems))]
pub async fn list(Extension(ctx): Extension<Ctx>, Path(handle): Path<String>) -> Result<Json<SecretList>, Problem> {
    let view = org_secret::list(&ctx, &handle).await.or_problem(&ctx)?;
    let items = view.secrets.into_iter().map(OrganizationSecret::from).collect();
    Ok(Json(SecretList { items, missing: view.missing }))
}

/// Set a secret, or replace its value
#[utoipa::path(put, path = "/organizations/{handle}/secrets/{name}", tag = "Secrets", operation_id = "setSecret",
    params(("handle" = String, Path), ("name" = String, Path)), request_body = SecretValue,
    responses((status = 201, description = "There was none of this name"), (status = 204, description = "Replaced"), Problems))]
pub async fn set(
    Extension(ctx): Extension<Ctx>,
    Path((handle, name)): Path<(String, String)>,
    body: Body<SecretValue>,
) -> Result<StatusCode, Problem> {
    let replaced = org_secret::set(&ctx, &handle, &name, &body.value.value.into()).await.or_problem(&ctx)?;
    Ok(if replaced { StatusCode::NO_CONTENT } else { StatusCode::CREATED })
}

/// Remove a secret that the settings don't name
#[utoipa::path(delete, path = "/organizations/{handle}/secrets/{name}", tag = "Secrets", operation_id = "removeSecret",
    params(("handle" = String, Path), ("name" = String, Path)), responses((status = 204), Problems))]
pub async fn remove(
    Extension(ctx): Extension<Ctx>,
    Path((handle, name)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    org_secret::remove(&ctx, &handle, &name).await.or_problem(&ctx)?;
    Ok(StatusCode::NO_CONTENT)
}

use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Json, Response};
use domain::service_account::{ServiceAccountForm, ServiceAccountRow};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use service::{Ctx, service_account};
use utoipa::ToSchema;

use super::json::{Body, created, etag, given, idempotency_key, if_match};
use super::problem::{OrProblem, Problem, Problems};

/// A program that belongs to an organization. It has tokens, and never signs in.
#[derive(Serialize, ToSchema)]
pub struct ServiceAccount {
    id: String,
    name: String,
    description: String,
    /// `member` or `owner`.
    #[schema(value_type = String)]
    role: &'static str,
    /// The tokens of an account that isn't active are refused.
    active: bool,
    /// Counts its changes; also the ETag.
    version: i64,
    created_at: String,
    /// How many it has.
    tokens: i64,
    /// When one of them was last used.
    last_used_at: Option<String>,
}

impl From<ServiceAccountRow> for ServiceAccount {
    fn from(row: ServiceAccountRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            description: row.description,
            role: row.role.name(),
            active: row.active,
            version: row.version,
            created_at: row.created_at.to_string(),
            tokens: row.tokens,
            last_used_at: row.last_used_at.map(|at| at.to_string()),
        }
    }
}

impl IntoResponse for ServiceAccount {
    fn into_response(self) -> Response {
        let version = self.version;
        let mut response = Json(self).into_response();
        etag(response.headers_mut(), version);
        response
    }
}

#[derive(Serialize, ToSchema)]
pub struct ServiceAccountList {
    /// By name; at most 100, which is the most there can be.
    items: Vec<ServiceAccount>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewServiceAccount {
    /// Unique in the organization, whatever the case.
    name: String,
    #[serde(default)]
    description: String,
    /// `member` (the default) or `owner`.
    #[serde(default)]
    role: String,
}

/// What isn't sent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccountUpdate {
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    description: Option<String>,
    #[serde(default, deserialize_with = "given")]
    role: Option<String>,
    /// Alone: turns the account off, which refuses its tokens at once, or on again.
    #[serde(default, deserialize_with = "given")]
    active: Option<bool>,
}

/// List an organization's service accounts
#[utoipa::path(get, path = "/organizations/{handle}/service-accounts", tag = "Service accounts",
    operation_id = "listServiceAccounts", params(("handle" = String, Path)),
    responses((status = 200, body = ServiceAccountList), Problems))]
pub async fn list(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
) -> Result<Json<ServiceAccountList>, Problem> {
    let rows = service_account::list(&ctx, &handle).await.or_problem(&ctx)?;
    Ok(Json(ServiceAccountList { items: rows.into_iter().map(ServiceAccount::from).collect() }))
}

/// Add a service account
#[utoipa::path(post, path = "/organizations/{handle}/service-accounts", tag = "Service accounts",
    operation_id = "createServiceAccount",
    params(("handle" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "A repeated request under the same key, within 24 hours, answers the service account that the first one made.")),
    request_body = NewServiceAccount, responses((status = 201, body = ServiceAccount), Problems))]
pub async fn create(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    headers: HeaderMap,
    body: Body<NewServiceAccount>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers, "POST service-accounts", &body.bytes)?;
    let NewServiceAccount { name, description, role } = body.value;
    let form = ServiceAccountForm { name, description, role };
    let made = service_account::create_once(&ctx, &handle, &form, key.as_ref()).await.or_problem(&ctx)?;
    let path = format!("/organizations/{handle}/service-accounts/{}", made.id);
    Ok(created(&path, ServiceAccount::from(made)))
}

/// Read a service account
#[utoipa::path(get, path = "/organizations/{handle}/service-accounts/{id}", tag = "Service accounts",
    operation_id = "readServiceAccount", params(("handle" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = ServiceAccount, headers(("ETag" = String, description = "For If-Match"))), Problems))]
pub async fn read(
    Extension(ctx): Extension<Ctx>,
    Path((handle, id)): Path<(String, String)>,
) -> Result<ServiceAccount, Problem> {
    Ok(service_account::find(&ctx, &handle, &id).await.or_problem(&ctx)?.into())
}

/// Change a service account, or turn it off or on
#[utoipa::path(patch, path = "/organizations/{handle}/service-accounts/{id}", tag = "Service accounts",
    operation_id = "updateServiceAccount",
    params(("handle" = String, Path), ("id" = String, Path),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read, or `*`; not needed to turn it off or on")),
    request_body = ServiceAccountUpdate, responses((status = 200, body = ServiceAccount), Problems))]
pub async fn update(
    Extension(ctx): Extension<Ctx>,
    Path((handle, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body<ServiceAccountUpdate>,
) -> Result<ServiceAccount, Problem> {
    let ServiceAccountUpdate { name, description, role, active } = body.value;
    let changes = name.is_some() || description.is_some() || role.is_some();
    match active {
        Some(_) if changes => {
            let message = "Send either what changes, or whether it is active.";
            Err(domain::Fault::invalid("active", message).into())
        }
        Some(active) => Ok(service_account::set_active(&ctx, &handle, &id, active).await.or_problem(&ctx)?.into()),
        None => {
            let base = if_match(&headers)?;
            let now = service_account::find(&ctx, &handle, &id).await.or_problem(&ctx)?;
            let mut form = ServiceAccountForm::from(&now);
            form.name = name.unwrap_or(form.name);
            form.description = description.unwrap_or(form.description);
            form.role = role.unwrap_or(form.role);
            service_account::update(&ctx, &handle, &id, base.or(now.version), &form).await.or_problem(&ctx)?;
            Ok(service_account::find(&ctx, &handle, &id).await.or_problem(&ctx)?.into())
        }
    }
}

/// Delete a service account that is off, with its tokens
#[utoipa::path(delete, path = "/organizations/{handle}/service-accounts/{id}", tag = "Service accounts",
    operation_id = "deleteServiceAccount", params(("handle" = String, Path), ("id" = String, Path)),
    responses((status = 204), Problems))]
pub async fn delete(
    Extension(ctx): Extension<Ctx>,
    Path((handle, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    service_account::delete(&ctx, &handle, &id).await.or_problem(&ctx)?;
    Ok(StatusCode::NO_CONTENT)
}

use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Json, Response};
use domain::profile::{Alias, ProfileView};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use service::{Ctx, profile};
use utoipa::ToSchema;

use super::json::{Body, etag, if_match};
use super::problem::{OrProblem, Problem, Problems};

/// What an organization is called, and by which handles it is found.
#[derive(Serialize, ToSchema)]
pub struct Profile {
    handle: String,
    display_name: String,
    /// Former handles that still lead here.
    aliases: Vec<FormerHandle>,
    /// Changes of handle still possible in these 30 days; `null` where they aren't limited.
    renames_left: Option<i64>,
    #[serde(skip)]
    version: i64,
}

#[derive(Serialize, ToSchema)]
struct FormerHandle {
    handle: String,
    since: String,
    /// How often somebody came by it.
    hits: i64,
    last_hit_at: Option<String>,
}

impl From<Alias> for FormerHandle {
    fn from(alias: Alias) -> Self {
        Self {
            handle: alias.handle,
            since: alias.since.to_string(),
            hits: alias.hits,
            last_hit_at: alias.last_hit_at.map(|at| at.to_string()),
        }
    }
}

impl From<ProfileView> for Profile {
    fn from(view: ProfileView) -> Self {
        Self {
            handle: view.org.handle.to_string(),
            display_name: view.org.display_name.to_string(),
            aliases: view.aliases.into_iter().map(FormerHandle::from).collect(),
            renames_left: view.renames_left,
            version: view.version,
        }
    }
}

impl IntoResponse for Profile {
    fn into_response(self) -> Response {
        let version = self.version;
        let mut response = Json(self).into_response();
        etag(response.headers_mut(), version);
        response
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileUpdate {
    /// 1 to 100 characters. The handle changes by a plan.
    display_name: String,
}

/// Read an organization's profile
#[utoipa::path(get, path = "/organizations/{handle}/profile", tag = "Organizations", operation_id = "readProfile",
    params(("handle" = String, Path)),
    responses((status = 200, body = Profile, headers(("ETag" = String, description = "For If-Match"))), Problems))]
pub async fn read(Extension(ctx): Extension<Ctx>, Path(handle): Path<String>) -> Result<Profile, Problem> {
    Ok(profile::read(&ctx, &handle).await.or_problem(&ctx)?.into())
}

/// Change an organization's display name
#[utoipa::path(patch, path = "/organizations/{handle}/profile", tag = "Organizations", operation_id = "updateProfile",
    params(("handle" = String, Path), ("If-Match" = String, Header, description = "The ETag that was read, or `*`")),
    request_body = ProfileUpdate, responses((status = 200, body = Profile), Problems))]
pub async fn update(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    headers: HeaderMap,
    body: Body<ProfileUpdate>,
) -> Result<Profile, Problem> {
    let base = if_match(&headers)?;
    // Whoever may not see the answer changes nothing.
    profile::read(&ctx, &handle).await.or_problem(&ctx)?;
    profile::save_display_name(&ctx, &handle, base, &body.value.display_name).await.or_problem(&ctx)?;
    Ok(profile::read(&ctx, &handle).await.or_problem(&ctx)?.into())
}

/// Retire a former handle
#[utoipa::path(delete, path = "/organizations/{handle}/aliases/{alias}", tag = "Organizations",
    operation_id = "retireAlias", params(("handle" = String, Path), ("alias" = String, Path)),
    responses((status = 204), Problems))]
pub async fn retire_alias(
    Extension(ctx): Extension<Ctx>,
    Path((handle, alias)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    profile::retire_alias(&ctx, &handle, &alias).await.or_problem(&ctx)?;
    Ok(StatusCode::NO_CONTENT)
}

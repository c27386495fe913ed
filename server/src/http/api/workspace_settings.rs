use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Json, Response};
use data_encoding::HEXLOWER;
use http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::Value;
use service::Ctx;
use utoipa::ToSchema;

use super::problem::{OrProblem, Problem, Problems};

/// What workspaces of an organization are given: the instance's defaults, then the organization's settings.
#[derive(Serialize, ToSchema)]
pub struct WorkspaceSettings {
    /// `k8sMounts`, `mounts`, `envs`, `dns`, `homeDirPrefix`, `dockerNetwork`; each only where it is set.
    settings: Value,
    /// Secrets that the settings name and the organization doesn't have; their variables are left out.
    missing_secrets: Vec<String>,
    default_user_host: Option<String>,
    /// Suffix of workspace DNS names; `null`: the instance's.
    platform_domain: Option<String>,
}

/// Read the effective workspace settings
#[utoipa::path(get, path = "/organizations/{handle}/workspace-settings", tag = "Organizations",
    operation_id = "readWorkspaceSettings",
    params(("handle" = String, Path), ("If-None-Match" = Option<String>, Header, description = "The ETag of the answer before")),
    responses((status = 200, body = WorkspaceSettings), (status = 304, description = "Nothing has changed"), Problems))]
pub async fn read(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let effective = service::org::effective_settings(&ctx, &handle).await.or_problem(&ctx)?;
    let settings = WorkspaceSettings {
        settings: serde_json::to_value(&effective.settings).unwrap_or_default(),
        missing_secrets: effective.missing_secrets,
        default_user_host: effective.default_user_host,
        platform_domain: effective.platform_domain,
    };
    let body = serde_json::to_vec(&settings).unwrap_or_default();
    let tag = format!("\"{}\"", HEXLOWER.encode(&service::digest(&body)[..16]));
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let known = known
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == tag);
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { Json(settings).into_response() };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(ETAG, tag);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

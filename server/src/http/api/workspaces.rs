use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Json, Response};
use domain::Fault;
use domain::workspace::{WorkspaceAct, WorkspaceRow, WorkspaceState, WorkspacesQuery};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use service::{Ctx, workspace};
use utoipa::{IntoParams, ToSchema};

use super::json::{Body, created, etag, given, idempotency_key, if_match};
use super::problem::{OrProblem, Problem, Problems};

/// Most workspaces of one answer.
const LIMIT_MAX: usize = 500;
const LIMIT: usize = 50;

/// A unit of the platform's work.
#[derive(Serialize, ToSchema)]
pub struct Workspace {
    id: String,
    name: String,
    /// `null` while the platform has no domain for the organization.
    dns_name: Option<String>,
    /// `active`, `asleep` or `archived`.
    #[schema(value_type = String)]
    state: &'static str,
    /// Counts its changes; also the ETag.
    version: i64,
    created_at: String,
    archived_at: Option<String>,
    /// From when it can be deleted for good, once archived.
    deletable_at: Option<String>,
}

impl From<WorkspaceRow> for Workspace {
    fn from(row: WorkspaceRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name.to_string(),
            dns_name: row.dns_name,
            state: row.state.name(),
            version: row.version,
            created_at: row.created_at.to_string(),
            archived_at: row.archived_at.map(|at| at.to_string()),
            deletable_at: row.deletable_at.map(|at| at.to_string()),
        }
    }
}

impl IntoResponse for Workspace {
    fn into_response(self) -> Response {
        let version = self.version;
        let mut response = Json(self).into_response();
        etag(response.headers_mut(), version);
        response
    }
}

#[derive(Serialize, ToSchema)]
pub struct WorkspaceList {
    /// By name.
    items: Vec<Workspace>,
    /// Send it as `next_token` for what follows; `null` at the end.
    next_token: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Part of the name.
    search: Option<String>,
    /// `active`, `asleep` or `archived`.
    state: Option<String>,
    /// Most items of the answer: 1 to 500, 50 unless told.
    limit: Option<usize>,
    /// From the answer before.
    next_token: Option<String>,
}

impl ListQuery {
    fn check(self) -> Result<(WorkspacesQuery, usize), Fault> {
        let state = self.state.map(|name| {
            let message = "There are the states active, asleep and archived.";
            WorkspaceState::from_name(&name).ok_or_else(|| Fault::invalid("state", message))
        });
        let limit = self.limit.unwrap_or(LIMIT);
        if !(1..=LIMIT_MAX).contains(&limit) {
            return Err(Fault::invalid("limit", format!("Ask for 1 to {LIMIT_MAX} items.")));
        }
        let search = self.search.unwrap_or_default();
        Ok((WorkspacesQuery { search, state: state.transpose()?, after: self.next_token }, limit))
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWorkspace {
    /// The first label of its DNS name: small letters, digits and `-`.
    name: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceUpdate {
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    /// `sleep`, `wake`, `archive` or `restore`.
    #[serde(default, deserialize_with = "given")]
    act: Option<String>,
}

/// List an organization's workspaces
#[utoipa::path(get, path = "/organizations/{handle}/workspaces", tag = "Workspaces", operation_id = "listWorkspaces",
    params(("handle" = String, Path), ListQuery), responses((status = 200, body = WorkspaceList), Problems))]
pub async fn list(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    query: Query<ListQuery>,
) -> Result<Json<WorkspaceList>, Problem> {
    let (query, limit) = query.0.check()?;
    let (rows, more) = workspace::list(&ctx, &handle, &query, limit).await.or_problem(&ctx)?;
    let next_token = rows.last().filter(|_| more).map(|row| row.name.to_string());
    Ok(Json(WorkspaceList { items: rows.into_iter().map(Workspace::from).collect(), next_token }))
}

/// Create a workspace
#[utoipa::path(post, path = "/organizations/{handle}/workspaces", tag = "Workspaces", operation_id = "createWorkspace",
    params(("handle" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "A repeated request under the same key, within 24 hours, answers the workspace that the first one made.")),
    request_body = NewWorkspace, responses((status = 201, body = Workspace), Problems))]
pub async fn create(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    headers: HeaderMap,
    body: Body<NewWorkspace>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers, "POST /organizations/{handle}/workspaces", &body.bytes)?;
    let made = workspace::create_once(&ctx, &handle, &body.value.name, key.as_ref()).await.or_problem(&ctx)?;
    let path = format!("/organizations/{handle}/workspaces/{}", made.id);
    Ok(created(&path, Workspace::from(made)))
}

/// Read a workspace
#[utoipa::path(get, path = "/organizations/{handle}/workspaces/{id}", tag = "Workspaces", operation_id = "readWorkspace",
    params(("handle" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Workspace, headers(("ETag" = String, description = "For If-Match"))), Problems))]
pub async fn read(
    Extension(ctx): Extension<Ctx>,
    Path((handle, id)): Path<(String, String)>,
) -> Result<Workspace, Problem> {
    Ok(workspace::find(&ctx, &handle, &id).await.or_problem(&ctx)?.into())
}

/// Rename a workspace, or let it sleep, wake, archive or restore it
#[utoipa::path(patch, path = "/organizations/{handle}/workspaces/{id}", tag = "Workspaces",
    operation_id = "updateWorkspace",
    params(("handle" = String, Path), ("id" = String, Path),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read, or `*`; needed for a new name")),
    request_body = WorkspaceUpdate, responses((status = 200, body = Workspace), Problems))]
pub async fn update(
    Extension(ctx): Extension<Ctx>,
    Path((handle, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body<WorkspaceUpdate>,
) -> Result<Workspace, Problem> {
    let row = match (body.value.name, body.value.act) {
        (Some(name), None) => {
            let base = if_match(&headers)?;
            workspace::rename(&ctx, &handle, &id, base, &name).await
        }
        (None, Some(act)) => {
            let message = "There are the acts sleep, wake, archive and restore.";
            let act = WorkspaceAct::from_name(&act).ok_or_else(|| Fault::invalid("act", message))?;
            workspace::change(&ctx, &handle, &id, act).await
        }
        _ => return Err(Fault::invalid("name", "Send either a name or an act.").into()),
    };
    Ok(row.or_problem(&ctx)?.into())
}

/// Delete an archived workspace for good
#[utoipa::path(delete, path = "/organizations/{handle}/workspaces/{id}", tag = "Workspaces",
    operation_id = "deleteWorkspace", params(("handle" = String, Path), ("id" = String, Path)),
    responses((status = 204), Problems))]
pub async fn delete(
    Extension(ctx): Extension<Ctx>,
    Path((handle, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    workspace::delete(&ctx, &handle, &id).await.or_problem(&ctx)?;
    Ok(StatusCode::NO_CONTENT)
}

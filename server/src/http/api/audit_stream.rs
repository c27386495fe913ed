use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Json, Response};
use domain::audit_stream::{StreamDone, StreamView};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use service::{Ctx, audit_stream};
use utoipa::ToSchema;

use super::json::{Body, base, etag};
use super::problem::{OrProblem, Problem, Problems};

/// Where an organization's audit log is streamed to, and how far that has come; never its secret.
#[derive(Serialize, ToSchema)]
pub struct AuditStream {
    url: String,
    paused: bool,
    /// Counts its changes; also the ETag.
    version: i64,
    created_at: String,
    /// The last entry that has arrived; before any did, the last one that isn't sent.
    delivered: i64,
    delivered_at: Option<String>,
    /// Entries that are still to arrive.
    waiting: i64,
    /// Why the last attempt failed; `null` while entries arrive.
    last_error: Option<String>,
    failed_at: Option<String>,
    /// Since something arrived; 0 while entries arrive.
    attempts: u32,
    next_attempt_at: Option<String>,
}

impl From<StreamView> for AuditStream {
    fn from(view: StreamView) -> Self {
        let trouble = view.trouble;
        Self {
            url: view.url,
            paused: view.paused,
            version: view.version,
            created_at: view.created_at.to_string(),
            delivered: view.delivered,
            delivered_at: view.delivered_at.map(|at| at.to_string()),
            waiting: view.waiting,
            failed_at: trouble.as_ref().map(|trouble| trouble.failed_at.to_string()),
            attempts: trouble.as_ref().map_or(0, |trouble| trouble.attempts),
            next_attempt_at: trouble.as_ref().map(|trouble| trouble.next_at.to_string()),
            last_error: trouble.map(|trouble| trouble.error),
        }
    }
}

impl IntoResponse for AuditStream {
    fn into_response(self) -> Response {
        let version = self.version;
        let mut response = Json(self).into_response();
        etag(response.headers_mut(), version);
        response
    }
}

/// A stream that has just begun.
#[derive(Serialize, ToSchema)]
pub struct NewAuditStream {
    #[serde(flatten)]
    stream: AuditStream,
    /// Signs what is sent; told only now.
    secret: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditStreamAddress {
    /// Takes the entries.
    url: String,
}

#[derive(Serialize, ToSchema)]
pub struct AuditStreamSecret {
    /// Signs from now on; told only now.
    secret: String,
}

#[derive(Serialize, ToSchema)]
pub struct AuditStreamTest {
    arrived: bool,
    /// Why it didn't.
    error: Option<String>,
}

/// Read where an organization's audit log is streamed to
#[utoipa::path(get, path = "/organizations/{handle}/audit-stream", tag = "Audit log", operation_id = "readAuditStream",
    params(("handle" = String, Path)),
    responses((status = 200, body = AuditStream, headers(("ETag" = String, description = "For If-Match"))), Problems))]
pub async fn read(Extension(ctx): Extension<Ctx>, Path(handle): Path<String>) -> Result<AuditStream, Problem> {
    Ok(audit_stream::find(&ctx, &handle).await.or_problem(&ctx)?.into())
}

/// Stream an organization's audit log to an address
#[utoipa::path(put, path = "/organizations/{handle}/audit-stream", tag = "Audit log", operation_id = "setAuditStream",
    description = "Begins with the entry that says so. Another address gets what hasn't arrived, signed with the same secret.",
    params(("handle" = String, Path),
        ("If-None-Match" = Option<String>, Header, description = "`*`: where there is no stream yet"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read, or `*`")),
    request_body = AuditStreamAddress,
    responses((status = 200, body = AuditStream), (status = 201, body = NewAuditStream), Problems))]
pub async fn set(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    headers: HeaderMap,
    body: Body<AuditStreamAddress>,
) -> Result<Response, Problem> {
    let base = base(&headers)?;
    let done = audit_stream::set(&ctx, &handle, base, &body.value.url).await.or_problem(&ctx)?;
    let stream = read(Extension(ctx), Path(handle)).await?;
    let StreamDone::Started { secret } = done else { return Ok(stream.into_response()) };
    let version = stream.version;
    let mut response = (StatusCode::CREATED, Json(NewAuditStream { stream, secret })).into_response();
    etag(response.headers_mut(), version);
    Ok(response)
}

/// Turn an organization's audit log stream off
#[utoipa::path(delete, path = "/organizations/{handle}/audit-stream", tag = "Audit log",
    operation_id = "removeAuditStream", params(("handle" = String, Path)), responses((status = 204), Problems))]
pub async fn remove(Extension(ctx): Extension<Ctx>, Path(handle): Path<String>) -> Result<StatusCode, Problem> {
    audit_stream::remove(&ctx, &handle).await.or_problem(&ctx)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send the audit log stream's receiver an event that holds no entry
#[utoipa::path(post, path = "/organizations/{handle}/audit-stream/test", tag = "Audit log",
    operation_id = "testAuditStream", params(("handle" = String, Path)),
    responses((status = 200, body = AuditStreamTest), Problems))]
pub async fn test(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
) -> Result<Json<AuditStreamTest>, Problem> {
    let error = audit_stream::send_test(&ctx, &handle).await.or_problem(&ctx)?;
    Ok(Json(AuditStreamTest { arrived: error.is_none(), error }))
}

/// Pause an organization's audit log stream
#[utoipa::path(post, path = "/organizations/{handle}/audit-stream/pause", tag = "Audit log",
    operation_id = "pauseAuditStream", description = "What is logged meanwhile is sent when it is resumed.",
    params(("handle" = String, Path)), responses((status = 200, body = AuditStream), Problems))]
pub async fn pause(Extension(ctx): Extension<Ctx>, Path(handle): Path<String>) -> Result<AuditStream, Problem> {
    audit_stream::set_paused(&ctx, &handle, true).await.or_problem(&ctx)?;
    read(Extension(ctx), Path(handle)).await
}

/// Resume an organization's audit log stream
#[utoipa::path(post, path = "/organizations/{handle}/audit-stream/resume", tag = "Audit log",
    operation_id = "resumeAuditStream", params(("handle" = String, Path)),
    responses((status = 200, body = AuditStream), Problems))]
pub async fn resume(Extension(ctx): Extension<Ctx>, Path(handle): Path<String>) -> Result<AuditStream, Problem> {
    audit_stream::set_paused(&ctx, &handle, false).await.or_problem(&ctx)?;
    read(Extension(ctx), Path(handle)).await
}

/// Give an organization's audit log stream a new secret
#[utoipa::path(post, path = "/organizations/{handle}/audit-stream/secret", tag = "Audit log",
    operation_id = "rotateAuditStreamSecret", description = "It counts from the next attempt on, and what was refused is tried at once.",
    params(("handle" = String, Path)), responses((status = 200, body = AuditStreamSecret), Problems))]
pub async fn rotate(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
) -> Result<Json<AuditStreamSecret>, Problem> {
    Ok(Json(AuditStreamSecret { secret: audit_stream::rotate(&ctx, &handle).await.or_problem(&ctx)? }))
}

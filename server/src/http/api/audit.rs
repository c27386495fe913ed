use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{Json, Response};
use domain::Fault;
use domain::audit::{AuditQuery, AuditRow};
use serde::Serialize;
use service::Ctx;
use utoipa::ToSchema;

use super::problem::{OrProblem, Problem, Problems};
use crate::http::audit_export::{self, Parameters};

/// Most entries of one answer.
const LIMIT_MAX: usize = 500;
const LIMIT: usize = 50;

#[derive(Serialize, ToSchema)]
pub struct AuditList {
    /// Newest first.
    items: Vec<AuditEntry>,
    /// Send it as `next_token` for what is older; `null` at the end.
    next_token: Option<String>,
}

/// One thing that was done.
#[derive(Serialize, ToSchema)]
struct AuditEntry {
    /// Counts up by one within the organization's chain.
    number: i64,
    at: String,
    /// `organization.settings_saved`, …
    action: String,
    who: String,
    /// The person or service account, while there is one.
    actor_id: Option<String>,
    details: Vec<Detail>,
    address: Option<String>,
    request_id: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Detail {
    name: String,
    value: String,
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        Self {
            number: row.seq,
            at: row.at.to_string(),
            action: row.action,
            who: row.who,
            actor_id: row.actor.map(|actor| actor.to_string()),
            details: row.details.into_iter().map(|(name, value)| Detail { name, value }).collect(),
            address: row.address,
            request_id: row.request,
        }
    }
}

/// Read an organization's audit log
#[utoipa::path(get, path = "/organizations/{handle}/audit", tag = "Audit log", operation_id = "listAuditEntries",
    params(("handle" = String, Path),
        ("action" = Option<String>, Query, description = "The tag of an action"),
        ("actor" = Option<String>, Query, description = "The id of a person or service account"),
        ("from" = Option<String>, Query, description = "A day in UTC, `YYYY-MM-DD`, included"),
        ("until" = Option<String>, Query, description = "A day in UTC, included"),
        ("limit" = Option<usize>, Query, description = "1 to 500, 50 unless told"),
        ("next_token" = Option<String>, Query, description = "From the answer before")),
    responses((status = 200, body = AuditList), Problems))]
pub async fn list(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    Query(parameters): Query<Parameters>,
) -> Result<Json<AuditList>, Problem> {
    let get = |name: &str| parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let filters = audit_export::filters(&parameters, &["limit", "next_token"])?;
    let query = AuditQuery { before: before(get("next_token"))?.or(filters.before), ..filters };
    let limit = match get("limit") {
        None => LIMIT,
        Some(limit) => limit
            .parse()
            .ok()
            .filter(|limit| (1..=LIMIT_MAX).contains(limit))
            .ok_or_else(|| Fault::invalid("limit", format!("Ask for 1 to {LIMIT_MAX} items.")))?,
    };
    let (rows, more) = service::audit::list(&ctx, &handle, &query, limit).await.or_problem(&ctx)?;
    let next_token = rows.last().filter(|_| more).map(|row| row.seq.to_string());
    Ok(Json(AuditList { items: rows.into_iter().map(AuditEntry::from).collect(), next_token }))
}

fn before(token: Option<String>) -> Result<Option<i64>, Fault> {
    let message = "This isn't a next_token of an earlier answer.";
    token.map(|token| token.parse().map_err(|_| Fault::invalid("next_token", message))).transpose()
}

/// Export an organization's audit log
#[utoipa::path(get, path = "/organizations/{handle}/audit/export", tag = "Audit log", operation_id = "exportAuditLog",
    description = "Streamed, newest first; takes the filters of the list. The export itself is logged.",
    params(("handle" = String, Path),
        ("format" = Option<String>, Query, description = "`jsonl` (the default) or `csv`")),
    responses((status = 200, description = "JSON lines or CSV"), Problems))]
pub async fn export(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    Query(parameters): Query<Parameters>,
) -> Result<Response, Problem> {
    audit_export::export(&ctx, &handle, &parameters).await.or_problem(&ctx)
}

use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::Json;
use domain::Fault;
use domain::job::{ProcessRow, ProcessState, ProcessView, ProcessesQuery};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use service::{Ctx, process};
use utoipa::{IntoParams, ToSchema};

use super::json::Body;
use super::problem::{OrProblem, Problem, Problems};

/// Most processes of one answer.
const LIMIT_MAX: usize = 200;
const LIMIT: usize = 50;

/// Work that goes on by itself.
#[derive(Serialize, ToSchema)]
pub struct Process {
    id: String,
    /// Of the organization it is about.
    handle: String,
    display_name: String,
    /// `scheduled`, `queued`, `running`, `waiting`, `succeeded` or `cancelled`.
    #[schema(value_type = String)]
    state: &'static str,
    started_by: String,
    started_at: String,
    /// When it begins, while it is scheduled.
    due_at: Option<String>,
    finished_at: Option<String>,
    /// Until when nobody else can take the handle.
    held_until: Option<String>,
    steps: Vec<Step>,
    /// Oldest first; at most the newest 200 lines.
    log: Vec<LogLine>,
}

#[derive(Serialize, ToSchema)]
struct Step {
    /// Tells it from the process's other steps.
    position: i64,
    /// What it does, such as `resource`.
    #[schema(value_type = String)]
    kind: &'static str,
    label: String,
    /// `pending`, `done` or `abandoned`.
    #[schema(value_type = String)]
    state: &'static str,
    attempts: i64,
    /// Rows removed so far.
    done: i64,
    last_error: Option<String>,
    /// Who gave it up, and why.
    abandoned_by: Option<String>,
    abandon_reason: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct LogLine {
    at: String,
    text: String,
}

impl From<ProcessView> for Process {
    fn from(view: ProcessView) -> Self {
        let steps = view.steps.into_iter().map(|step| {
            let (by, reason) = step.abandoned.map(|given_up| (given_up.by, given_up.reason)).unzip();
            Step {
                position: step.position,
                kind: step.step.name(),
                label: step.label,
                state: step.state.name(),
                attempts: step.attempts,
                done: step.done,
                last_error: step.last_error,
                abandoned_by: by,
                abandon_reason: reason,
            }
        });
        Self {
            id: view.id.to_string(),
            handle: view.handle,
            display_name: view.display_name,
            state: view.state.name(),
            started_by: view.started_by,
            started_at: view.started_at.to_string(),
            due_at: view.due_at.map(|at| at.to_string()),
            finished_at: view.finished_at.map(|at| at.to_string()),
            held_until: view.held_until.map(|at| at.to_string()),
            steps: steps.collect(),
            log: view.log.into_iter().map(|line| LogLine { at: line.at.to_string(), text: line.text }).collect(),
        }
    }
}

/// A process in a list.
#[derive(Serialize, ToSchema)]
pub struct ProcessSummary {
    id: String,
    handle: String,
    display_name: String,
    /// `scheduled`, `queued`, `running`, `waiting`, `succeeded` or `cancelled`.
    #[schema(value_type = String)]
    state: &'static str,
    steps: i64,
    /// Those that are done or given up.
    steps_over: i64,
    started_by: String,
    started_at: String,
    finished_at: Option<String>,
}

impl From<ProcessRow> for ProcessSummary {
    fn from(row: ProcessRow) -> Self {
        Self {
            id: row.id.to_string(),
            handle: row.handle,
            display_name: row.display_name,
            state: row.state.name(),
            steps: row.steps,
            steps_over: row.steps_over,
            started_by: row.started_by,
            started_at: row.started_at.to_string(),
            finished_at: row.finished_at.map(|at| at.to_string()),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct ProcessList {
    /// Newest first.
    items: Vec<ProcessSummary>,
    /// Send it as `next_token` for what follows; `null` at the end.
    next_token: Option<String>,
}

impl From<(Vec<ProcessRow>, bool)> for ProcessList {
    fn from((rows, more): (Vec<ProcessRow>, bool)) -> Self {
        let next_token = rows.last().filter(|_| more).map(|row| row.id.to_string());
        Self { items: rows.into_iter().map(ProcessSummary::from).collect(), next_token }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// `scheduled`, `queued`, `running`, `waiting`, `succeeded` or `cancelled`.
    state: Option<String>,
    /// Most items of the answer: 1 to 200, 50 unless told.
    limit: Option<usize>,
    /// From the answer before.
    next_token: Option<String>,
}

impl ListQuery {
    fn check(self) -> Result<(ProcessesQuery, usize), Fault> {
        let state = self.state.map(|name| {
            let message = "There are the states scheduled, queued, running, waiting, succeeded and cancelled.";
            ProcessState::from_name(&name).ok_or_else(|| Fault::invalid("state", message))
        });
        let before = self.next_token.map(|token| {
            token.parse().map_err(|_| Fault::invalid("next_token", "This isn't a next_token of an earlier answer."))
        });
        let limit = self.limit.unwrap_or(LIMIT);
        if !(1..=LIMIT_MAX).contains(&limit) {
            return Err(Fault::invalid("limit", format!("Ask for 1 to {LIMIT_MAX} items.")));
        }
        Ok((ProcessesQuery { state: state.transpose()?, before: before.transpose()? }, limit))
    }
}

/// List the instance's processes
#[utoipa::path(get, path = "/processes", tag = "Processes", operation_id = "listProcesses",
    params(ListQuery), responses((status = 200, body = ProcessList), Problems))]
pub async fn list(Extension(ctx): Extension<Ctx>, query: Query<ListQuery>) -> Result<Json<ProcessList>, Problem> {
    let (query, limit) = query.0.check()?;
    Ok(Json(process::list(&ctx, &query, limit).await.or_problem(&ctx)?.into()))
}

/// List an organization's processes
#[utoipa::path(get, path = "/organizations/{handle}/processes", tag = "Processes",
    operation_id = "listOrganizationProcesses", params(("handle" = String, Path), ListQuery),
    responses((status = 200, body = ProcessList), Problems))]
pub async fn list_of_organization(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    query: Query<ListQuery>,
) -> Result<Json<ProcessList>, Problem> {
    let (query, limit) = query.0.check()?;
    Ok(Json(process::list_of_org(&ctx, &handle, &query, limit).await.or_problem(&ctx)?.into()))
}

/// Watch a process
#[utoipa::path(get, path = "/processes/{id}", tag = "Processes", operation_id = "readProcess",
    params(("id" = String, Path)), responses((status = 200, body = Process), Problems))]
pub async fn read(Extension(ctx): Extension<Ctx>, Path(id): Path<String>) -> Result<Json<Process>, Problem> {
    Ok(Json(process::find(&ctx, &id).await.or_problem(&ctx)?.into()))
}

/// Retry a waiting process at once
#[utoipa::path(post, path = "/processes/{id}/retry", tag = "Processes", operation_id = "retryProcess",
    params(("id" = String, Path)), responses((status = 204), Problems))]
pub async fn retry(Extension(ctx): Extension<Ctx>, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    process::retry(&ctx, &id).await.or_problem(&ctx)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Abandonment {
    /// Stands in the final report.
    reason: String,
}

/// Give up a step that can't succeed
#[utoipa::path(post, path = "/processes/{id}/steps/{position}/abandon", tag = "Processes", operation_id = "abandonStep",
    params(("id" = String, Path), ("position" = i64, Path)), request_body = Abandonment,
    responses((status = 204), Problems))]
pub async fn abandon(
    Extension(ctx): Extension<Ctx>,
    Path((id, position)): Path<(String, String)>,
    body: Body<Abandonment>,
) -> Result<StatusCode, Problem> {
    // What is no number is no step.
    let position = position.parse().unwrap_or(-1);
    process::abandon(&ctx, &id, position, &body.value.reason).await.or_problem(&ctx)?;
    Ok(StatusCode::NO_CONTENT)
}

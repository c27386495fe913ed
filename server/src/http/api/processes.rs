use axum::Extension;
use axum::extract::Path;
use axum::response::Json;
use serde::Serialize;
use service::Ctx;
use utoipa::ToSchema;

use super::problem::{OrProblem, Problem, Problems};

/// Work that goes on by itself.
#[derive(Serialize, ToSchema)]
pub struct Process {
    id: String,
    /// Of the organization it is about.
    handle: String,
    display_name: String,
    /// `queued`, `running`, `waiting` or `succeeded`.
    #[schema(value_type = String)]
    state: &'static str,
    started_by: String,
    started_at: String,
    finished_at: Option<String>,
    steps: Vec<Step>,
}

#[derive(Serialize, ToSchema)]
struct Step {
    label: String,
    /// `pending` or `done`.
    #[schema(value_type = String)]
    state: &'static str,
    attempts: i64,
    /// Rows removed so far.
    done: i64,
    last_error: Option<String>,
}

/// Watch a process
#[utoipa::path(get, path = "/processes/{id}", tag = "Processes", operation_id = "readProcess",
    params(("id" = String, Path)), responses((status = 200, body = Process), Problems))]
pub async fn read(Extension(ctx): Extension<Ctx>, Path(id): Path<String>) -> Result<Json<Process>, Problem> {
    let page = service::job::read_deletion(&ctx, &id).await.or_problem(&ctx)?;
    Ok(Json(Process {
        id,
        handle: page.handle,
        display_name: page.display_name,
        state: page.state.name(),
        started_by: page.started_by,
        started_at: page.started_at.to_string(),
        finished_at: page.finished_at.map(|at| at.to_string()),
        steps: page
            .steps
            .into_iter()
            .map(|(_, step)| Step {
                label: step.label,
                state: step.state.name(),
                attempts: step.attempts,
                done: step.done,
                last_error: step.last_error,
            })
            .collect(),
    }))
}

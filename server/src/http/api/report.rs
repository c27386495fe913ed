use axum::Extension;
use axum::extract::Path;
use axum::response::Json;
use http::StatusCode;
use serde::Serialize;
use service::{Ctx, report};
use utoipa::ToSchema;

use super::problem::{OrProblem, Problem, Problems};

#[derive(Serialize, ToSchema)]
pub struct TestReport {
    /// How many addresses it goes to.
    recipients: u64,
}

/// Mail the active user report to its recipients at once, as a test
#[utoipa::path(post, path = "/organizations/{handle}/report/test", tag = "Organizations",
    operation_id = "sendTestReport", params(("handle" = String, Path)),
    responses((status = 202, body = TestReport), Problems))]
pub async fn send_test(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
) -> Result<(StatusCode, Json<TestReport>), Problem> {
    let sent = report::send_test(&ctx, &handle).await.or_problem(&ctx)?;
    Ok((StatusCode::ACCEPTED, Json(TestReport { recipients: sent.recipients })))
}

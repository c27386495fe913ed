use axum::Extension;
use axum::extract::Path;
use axum::response::Json;
use domain::plan::PlanPreview;
use http::header::LOCATION;
use http::{HeaderName, StatusCode};
use serde::{Deserialize, Serialize};
use service::{Ctx, org};
use utoipa::ToSchema;

use super::json::Body;
use super::problem::{OrProblem, Problem, Problems};

/// An act that destroys something is shown first, then applied by the plan's token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    act: Act,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Act {
    DeleteOrganization,
}

/// What applying would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Plan {
    /// Single use, for the token that asked; good until `expires_at`.
    token: String,
    handle: String,
    display_name: String,
    goes: Vec<PlanSection>,
    /// What stays, in words.
    stays: Vec<String>,
    expires_at: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct PlanSection {
    label: String,
    count: u64,
    /// At most 100.
    names: Vec<String>,
}

impl From<PlanPreview> for Plan {
    fn from(preview: PlanPreview) -> Self {
        let section = |section: domain::plan::PlanSection| PlanSection {
            label: section.label,
            count: section.count,
            names: section.names,
        };
        Self {
            token: preview.token,
            handle: preview.handle.to_string(),
            display_name: preview.display_name.to_string(),
            goes: preview.goes.into_iter().map(section).collect(),
            stays: preview.stays,
            expires_at: preview.expires_at.to_string(),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanToApply {
    token: String,
    /// The organization's handle in its exact case.
    confirm: String,
}

#[derive(Serialize, ToSchema)]
pub struct Accepted {
    /// The process to watch.
    process_id: String,
}

/// Preview a destructive act
#[utoipa::path(post, path = "/organizations/{handle}/plans", tag = "Plans", operation_id = "createPlan",
    params(("handle" = String, Path)), request_body = NewPlan, responses((status = 201, body = Plan), Problems))]
pub async fn create(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    body: Body<NewPlan>,
) -> Result<(StatusCode, Json<Plan>), Problem> {
    let preview = match body.value.act {
        Act::DeleteOrganization => org::preview_deletion(&ctx, &handle).await.or_problem(&ctx)?,
    };
    Ok((StatusCode::CREATED, Json(preview.into())))
}

/// Apply a plan
#[utoipa::path(post, path = "/organizations/{handle}/plans/apply", tag = "Plans", operation_id = "applyPlan",
    params(("handle" = String, Path)), request_body = PlanToApply,
    responses((status = 202, body = Accepted), Problems))]
pub async fn apply(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    body: Body<PlanToApply>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<Accepted>), Problem> {
    let PlanToApply { token, confirm } = body.value;
    let process = org::delete(&ctx, &handle, &token, &confirm).await.or_problem(&ctx)?;
    let location = format!("{}/processes/{process}", super::BASE);
    Ok((StatusCode::ACCEPTED, [(LOCATION, location)], Json(Accepted { process_id: process.to_string() })))
}

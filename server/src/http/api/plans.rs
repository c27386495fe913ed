use axum::Extension;
use axum::extract::Path;
use axum::response::Json;
use domain::auth_policy::ResetDone;
use domain::plan::PlanPreview;
use http::header::LOCATION;
use http::{HeaderName, StatusCode};
use serde::{Deserialize, Serialize};
use service::{Ctx, auth_policy, org, profile};
use utoipa::ToSchema;

use super::json::Body;
use super::problem::{OrProblem, Problem, Problems};

/// An act that destroys something is shown first, then applied by the plan's token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    act: Act,
    /// The handle to take, for `rename_organization`.
    #[serde(default)]
    new_handle: String,
    /// For `reset_authentication`: tokens of service accounts and workspaces are refused as well.
    #[serde(default)]
    service_tokens: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Act {
    DeleteOrganization,
    RenameOrganization,
    ResetAuthentication,
}

/// What applying would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Plan {
    /// Single use, for the token that asked; good until `expires_at`.
    token: String,
    handle: String,
    display_name: String,
    goes: Vec<PlanSection>,
    /// What gets another name.
    changes: Vec<Change>,
    /// What stays, in words.
    stays: Vec<String>,
    /// What could not be found out, in words.
    unknown: Vec<String>,
    /// Days between a deletion and its beginning; 0 is at once.
    grace_days: u32,
    expires_at: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct PlanSection {
    label: String,
    count: u64,
    /// At most 100.
    names: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Change {
    before: String,
    after: String,
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
            changes: preview
                .changes
                .into_iter()
                .map(|change| Change { before: change.before, after: change.after })
                .collect(),
            stays: preview.stays,
            unknown: preview.unknown,
            grace_days: preview.grace_days,
            expires_at: preview.expires_at.to_string(),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanToApply {
    act: Act,
    token: String,
    /// The organization's handle in its exact case, for `delete_organization`.
    #[serde(default)]
    confirm: String,
    /// The handle to take, for `rename_organization`.
    #[serde(default)]
    new_handle: String,
    /// As it was for the plan, for `reset_authentication`.
    #[serde(default)]
    service_tokens: bool,
}

#[derive(Serialize, ToSchema)]
pub struct Applied {
    /// The process to watch, where the work goes on.
    process_id: Option<String>,
    /// The organization's handle, where it stays.
    handle: Option<String>,
    /// What `reset_authentication` did.
    reset: Option<Reset>,
}

/// How many are refused from now on.
#[derive(Serialize, ToSchema)]
struct Reset {
    people: u64,
    sessions: u64,
    /// Of people.
    tokens: u64,
    /// Of service accounts and workspaces.
    service_tokens: u64,
    /// Sign-ins of programs that nobody had fetched yet, and links that nobody had used.
    codes_and_links: u64,
}

impl From<ResetDone> for Reset {
    fn from(done: ResetDone) -> Self {
        Self {
            people: done.people,
            sessions: done.sessions,
            tokens: done.tokens,
            service_tokens: done.service_tokens,
            codes_and_links: done.codes_and_links,
        }
    }
}

/// Preview a destructive act
#[utoipa::path(post, path = "/organizations/{handle}/plans", tag = "Plans", operation_id = "createPlan",
    params(("handle" = String, Path)), request_body = NewPlan, responses((status = 201, body = Plan), Problems))]
pub async fn create(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    body: Body<NewPlan>,
) -> Result<(StatusCode, Json<Plan>), Problem> {
    let NewPlan { act, new_handle, service_tokens } = body.value;
    let preview = match act {
        Act::DeleteOrganization => org::preview_deletion(&ctx, &handle).await.or_problem(&ctx)?,
        Act::RenameOrganization => profile::preview_rename(&ctx, &handle, &new_handle).await.or_problem(&ctx)?,
        Act::ResetAuthentication => auth_policy::preview_reset(&ctx, &handle, service_tokens).await.or_problem(&ctx)?,
    };
    Ok((StatusCode::CREATED, Json(preview.into())))
}

/// Apply a plan
#[utoipa::path(post, path = "/organizations/{handle}/plans/apply", tag = "Plans", operation_id = "applyPlan",
    params(("handle" = String, Path)), request_body = PlanToApply,
    responses(
        (status = 200, body = Applied, description = "It is done"),
        (status = 202, body = Applied, description = "The process in `Location` does it"),
        Problems
    ))]
pub async fn apply(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    body: Body<PlanToApply>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<Applied>), Problem> {
    let PlanToApply { act, token, confirm, new_handle, service_tokens } = body.value;
    let (status, path, applied) = match act {
        Act::DeleteOrganization => {
            let process = org::delete(&ctx, &handle, &token, &confirm).await.or_problem(&ctx)?.process.to_string();
            let path = format!("/processes/{process}");
            (StatusCode::ACCEPTED, path, Applied { process_id: Some(process), handle: None, reset: None })
        }
        Act::RenameOrganization => {
            let handle = profile::rename(&ctx, &handle, &new_handle, &token).await.or_problem(&ctx)?.to_string();
            let path = format!("/organizations/{handle}");
            (StatusCode::OK, path, Applied { process_id: None, handle: Some(handle), reset: None })
        }
        Act::ResetAuthentication => {
            let done = auth_policy::reset(&ctx, &handle, &token, service_tokens).await.or_problem(&ctx)?;
            let path = format!("/organizations/{handle}");
            (StatusCode::OK, path, Applied { process_id: None, handle: Some(handle), reset: Some(done.into()) })
        }
    };
    Ok((status, [(LOCATION, format!("{}{path}", super::BASE))], Json(applied)))
}

use axum::Extension;
use axum::extract::Path;
use http::StatusCode;
use service::Ctx;

use super::problem::{OrProblem, Problem, Problems};

/// Erase a person
///
/// Removes the account at once, and clears the audit log of what it shows of the person beside an opaque id soon after. Also
/// for people whose account went with their organization. Refused for members of an organization, and for the last
/// platform administrator.
#[utoipa::path(post, path = "/people/{id}/erase", tag = "People", operation_id = "erasePerson",
    params(("id" = String, Path)), responses((status = 202), Problems))]
pub async fn erase(Extension(ctx): Extension<Ctx>, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    service::people::erase(&ctx, &id).await.or_problem(&ctx)?;
    Ok(StatusCode::ACCEPTED)
}

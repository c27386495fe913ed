use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::Json;
use domain::Fault;
use domain::mail::{MailRow, MailState, MailsQuery};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use service::{Ctx, mail};
use utoipa::{IntoParams, ToSchema};

use super::problem::{OrProblem, Problem, Problems};

/// Most mails of one answer.
const LIMIT_MAX: usize = 200;
const LIMIT: usize = 50;

/// A mail in a list; what it says is no program's.
#[derive(Serialize, ToSchema)]
pub struct MailSummary {
    id: String,
    to: String,
    subject: String,
    /// What it is about, such as `test`.
    #[schema(value_type = String)]
    kind: &'static str,
    /// `queued`, `sent`, `failed` or `kept`.
    #[schema(value_type = String)]
    state: &'static str,
    created_at: String,
    sent_at: Option<String>,
    attempts: i64,
    last_error: Option<String>,
}

impl From<MailRow> for MailSummary {
    fn from(row: MailRow) -> Self {
        Self {
            id: row.id.to_string(),
            to: row.to,
            subject: row.subject,
            kind: row.kind.name(),
            state: row.state.name(),
            created_at: row.created_at.to_string(),
            sent_at: row.sent_at.map(|at| at.to_string()),
            attempts: row.attempts,
            last_error: row.last_error,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct MailList {
    /// Newest first.
    items: Vec<MailSummary>,
    /// Send it as `next_token` for what follows; `null` at the end.
    next_token: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MailListQuery {
    /// `queued`, `sent`, `failed` or `kept`.
    state: Option<String>,
    /// Most items of the answer: 1 to 200, 50 unless told.
    limit: Option<usize>,
    /// From the answer before.
    next_token: Option<String>,
}

impl MailListQuery {
    fn check(self) -> Result<(MailsQuery, usize), Fault> {
        let state = self.state.map(|name| {
            let message = "There are the states queued, sent, failed and kept.";
            MailState::from_name(&name).ok_or_else(|| Fault::invalid("state", message))
        });
        let before = self.next_token.map(|token| {
            token.parse().map_err(|_| Fault::invalid("next_token", "This isn't a next_token of an earlier answer."))
        });
        let limit = self.limit.unwrap_or(LIMIT);
        if !(1..=LIMIT_MAX).contains(&limit) {
            return Err(Fault::invalid("limit", format!("Ask for 1 to {LIMIT_MAX} items.")));
        }
        Ok((MailsQuery { state: state.transpose()?, before: before.transpose()? }, limit))
    }
}

/// List the instance's mail
#[utoipa::path(get, path = "/instance/mail", tag = "Instance", operation_id = "listMail",
    params(MailListQuery), responses((status = 200, body = MailList), Problems))]
pub async fn list(Extension(ctx): Extension<Ctx>, query: Query<MailListQuery>) -> Result<Json<MailList>, Problem> {
    let (query, limit) = query.0.check()?;
    let (rows, more) = mail::list(&ctx, &query, limit).await.or_problem(&ctx)?;
    let next_token = rows.last().filter(|_| more).map(|row| row.id.to_string());
    Ok(Json(MailList { items: rows.into_iter().map(MailSummary::from).collect(), next_token }))
}

/// Mail a test to the token's person
#[utoipa::path(post, path = "/instance/mail/test", tag = "Instance", operation_id = "sendTestMail",
    responses((status = 202, body = MailSummary), Problems))]
pub async fn send_test(Extension(ctx): Extension<Ctx>) -> Result<(StatusCode, Json<MailSummary>), Problem> {
    let row = mail::send_test(&ctx).await.or_problem(&ctx)?;
    Ok((StatusCode::ACCEPTED, Json(row.into())))
}

/// Send a mail that failed or was kept
#[utoipa::path(post, path = "/instance/mail/{id}/retry", tag = "Instance", operation_id = "retryMail",
    params(("id" = String, Path)), responses((status = 202, body = MailSummary), Problems))]
pub async fn retry(
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<MailSummary>), Problem> {
    let row = mail::retry(&ctx, &id).await.or_problem(&ctx)?;
    Ok((StatusCode::ACCEPTED, Json(row.into())))
}

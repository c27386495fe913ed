use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Json, Response};
use domain::Fault;
use domain::usage::page::{LimitView, Range, Rehearsal as Rehearsed, UsageQuery, WorkspaceUse};
use domain::usage::{Day, Dimension, Forecast, LimitForm, Outcome, Refusal};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::{Ctx, usage};
use utoipa::{IntoParams, ToSchema};

use super::json::{Body, Events, base, etag, if_match};
use super::problem::{OrProblem, Problem, Problems};
use crate::http::usage_export;

/// What became of the events of a request.
#[derive(Serialize, ToSchema)]
pub struct Receipt {
    accepted: usize,
    /// Those whose source and id were taken before.
    replayed: usize,
    refused: usize,
    /// One for each event, in the request's order.
    events: Vec<EventReceipt>,
}

#[derive(Serialize, ToSchema)]
struct EventReceipt {
    /// `accepted`, `replayed` or `refused`.
    #[schema(value_type = String)]
    status: &'static str,
    /// The event's, where it has any.
    source: Option<String>,
    id: Option<String>,
    /// Of one that was replayed: whether it says something else than the one that was taken. Nothing changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    differs: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<EventRefusal>,
}

#[derive(Serialize, ToSchema)]
struct EventRefusal {
    /// `malformed`, `unknown_meter`, `unknown_workspace`, `organization_closed`, `too_old` or `in_the_future`.
    #[schema(value_type = String)]
    code: &'static str,
    detail: String,
    /// RFC 6901, into the event.
    #[schema(value_type = String)]
    pointer: &'static str,
}

impl From<Refusal> for EventRefusal {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.kind.name(), detail: refusal.detail, pointer: refusal.pointer }
    }
}

impl EventReceipt {
    fn of(event: &Value, outcome: Outcome) -> Self {
        let text = |name: &str| event.get(name).and_then(Value::as_str).map(str::to_owned);
        let (status, differs, refusal) = match outcome {
            Outcome::Accepted => ("accepted", None, None),
            Outcome::Replayed { differs } => ("replayed", Some(differs), None),
            Outcome::Refused(refusal) => ("refused", None, Some(refusal.into())),
        };
        Self { status, source: text("source"), id: text("id"), differs, refusal }
    }
}

/// Tell what was used
///
/// One CloudEvents 1.0 event in JSON, or up to 1,000 in an array: `type` is a meter's key, `subject` the id of a workspace,
/// `time` when it was used, and `data` holds the `quantity`, for meters of different things a `key`, and the `group` it counts
/// against, if any. `source` and `id` together are the idempotency key. Each event that is answered as accepted is kept and
/// counted once, whatever happens afterwards; a refused one keeps no other from being taken. One event alone that is
/// refused is answered with 422.
#[utoipa::path(post, path = "/usage/events", tag = "Usage", operation_id = "ingestUsage",
    request_body(content((Object = "application/cloudevents+json"), (Vec<Object> = "application/cloudevents-batch+json"), (Vec<Object> = "application/json"))),
    responses((status = 200, body = Receipt), Problems))]
pub async fn ingest(Extension(ctx): Extension<Ctx>, events: Events) -> Result<Json<Receipt>, Problem> {
    let (alone, events) = match events.0 {
        Value::Array(events) => (false, events),
        event => (true, vec![event]),
    };
    let outcomes = usage::ingest(&ctx, &events).await.or_problem(&ctx)?;
    if let (true, [Outcome::Refused(refusal)]) = (alone, outcomes.as_slice()) {
        let field = refusal.pointer.trim_start_matches('/').replace('/', ".");
        return Err(Fault::invalid(field, refusal.detail.clone()).into());
    }
    let count = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| wanted(outcome)).count();
    let (accepted, replayed, refused) = (
        count(|outcome| *outcome == Outcome::Accepted),
        count(|outcome| matches!(outcome, Outcome::Replayed { .. })),
        count(|outcome| matches!(outcome, Outcome::Refused(_))),
    );
    let events = events.iter().zip(outcomes).map(|(event, outcome)| EventReceipt::of(event, outcome)).collect();
    Ok(Json(Receipt { accepted, replayed, refused, events }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DaysQuery {
    /// `7d`, `30d`, `90d`, `365d` or `cycle`; 30 days unless told.
    range: Option<String>,
    /// First day in UTC, `YYYY-MM-DD`; together with `until`, instead of `range`.
    from: Option<String>,
    /// Last day; at most 366 days are answered, the latest ones.
    until: Option<String>,
    /// The id of one workspace.
    workspace: Option<String>,
}

impl DaysQuery {
    pub fn check(self) -> Result<UsageQuery, Fault> {
        let day = |name: &'static str, text: &Option<String>| {
            let parsed = text.as_deref().map(|text| Day::parse(text).ok_or(name)).transpose();
            parsed.map_err(|name| Fault::invalid(name, "A day is written YYYY-MM-DD."))
        };
        let range = match (&self.range, day("from", &self.from)?, day("until", &self.until)?) {
            (None, None, None) => Range::default(),
            (Some(name), None, None) => {
                let preset = Range::PRESETS.into_iter().find(|(_, known, _)| known == name);
                preset.ok_or_else(|| Fault::invalid("range", "There are 7d, 30d, 90d, 365d and cycle."))?.0
            }
            (None, Some(from), Some(until)) => Range::Days(from, until),
            _ => return Err(Fault::invalid("from", "Send either a range, or both from and until.")),
        };
        let workspace = self.workspace.map(|id| id.parse().map_err(|_| Fault::NotFound)).transpose()?;
        Ok(UsageQuery { range, workspace, rehearse: None })
    }
}

/// What an organization used, day by day.
#[derive(Serialize, ToSchema)]
pub struct Usage {
    /// Both included, in UTC.
    from: String,
    until: String,
    /// In order of meter and day; days without anything told are left out.
    items: Vec<UsageDay>,
}

#[derive(Serialize, ToSchema)]
struct UsageDay {
    meter: String,
    day: String,
    /// In the meter's own unit: milliseconds, bytes, people.
    value: i64,
}

/// Read what an organization used
#[utoipa::path(get, path = "/organizations/{handle}/usage", tag = "Usage", operation_id = "readUsage",
    params(("handle" = String, Path), DaysQuery), responses((status = 200, body = Usage), Problems))]
pub async fn read(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    query: Query<DaysQuery>,
) -> Result<Json<Usage>, Problem> {
    let (first, last, days) = usage::days(&ctx, &handle, &query.0.check()?).await.or_problem(&ctx)?;
    let items =
        days.into_iter().map(|(meter, day, value)| UsageDay { meter: meter.to_string(), day: day.to_string(), value });
    Ok(Json(Usage { from: first.to_string(), until: last.to_string(), items: items.collect() }))
}

/// Export what an organization used
///
/// CSV with the columns day, meter, value, unit and workspace. An export is logged.
#[utoipa::path(get, path = "/organizations/{handle}/usage/export", tag = "Usage", operation_id = "exportUsage",
    params(("handle" = String, Path), DaysQuery),
    responses((status = 200, content_type = "text/csv", body = String), Problems))]
pub async fn export(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    query: Query<DaysQuery>,
) -> Result<Response, Problem> {
    usage_export::export(&ctx, &handle, &query.0.check()?).await.or_problem(&ctx)
}

/// What each workspace used.
#[derive(Serialize, ToSchema)]
pub struct UsageByWorkspace {
    from: String,
    until: String,
    /// Those with most compute, at most 1,000.
    items: Vec<WorkspaceUsage>,
    /// How many workspaces used anything.
    count: u64,
}

#[derive(Serialize, ToSchema)]
struct WorkspaceUsage {
    workspace_id: String,
    /// `null` once it was deleted.
    name: Option<String>,
    /// Over all days.
    compute_ms: i64,
    /// On average a day.
    storage_bytes: i64,
}

impl From<WorkspaceUse> for WorkspaceUsage {
    fn from(row: WorkspaceUse) -> Self {
        Self { workspace_id: row.id.to_string(), name: row.name, compute_ms: row.compute, storage_bytes: row.storage }
    }
}

/// Read what each workspace used
#[utoipa::path(get, path = "/organizations/{handle}/usage/workspaces", tag = "Usage",
    operation_id = "readUsageByWorkspace", params(("handle" = String, Path), DaysQuery),
    responses((status = 200, body = UsageByWorkspace), Problems))]
pub async fn by_workspace(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    query: Query<DaysQuery>,
) -> Result<Json<UsageByWorkspace>, Problem> {
    let (first, last, rows, count) = usage::workspaces(&ctx, &handle, &query.0.check()?).await.or_problem(&ctx)?;
    let items = rows.into_iter().map(WorkspaceUsage::from).collect();
    Ok(Json(UsageByWorkspace { from: first.to_string(), until: last.to_string(), items, count }))
}

/// A limit on a dimension of use, and how things stand with it.
#[derive(Serialize, ToSchema)]
pub struct UsageLimit {
    /// `compute`, `storage` or `users`.
    #[schema(value_type = String)]
    dimension: &'static str,
    /// `min`, `GB` or `users`: of `value` and `used`.
    #[schema(value_type = String)]
    unit: &'static str,
    /// A decimal number; `null` without a limit.
    value: Option<String>,
    /// `warn` or `cap`; `null` without a limit.
    #[schema(value_type = Option<String>)]
    action: Option<&'static str>,
    /// Since the cycle began, or now, as the dimension has it.
    used: String,
    /// Of the limit, rounded down.
    percent: Option<i64>,
    /// When the limit is crossed if it goes on like this; `null` if not soon, or not known.
    forecast: Option<String>,
    /// Since when a cap is in force.
    capped_since: Option<String>,
    /// Steps in percent that owners were mailed at, in this cycle.
    mailed: Vec<i64>,
    /// Counts its changes; also the ETag.
    version: i64,
}

impl From<LimitView> for UsageLimit {
    fn from(view: LimitView) -> Self {
        let dimension = view.dimension;
        Self {
            dimension: dimension.name(),
            unit: dimension.unit(),
            value: view.limit.map(|limit| dimension.plain(limit.value)),
            action: view.limit.map(|limit| limit.action.name()),
            used: dimension.plain(view.used),
            percent: view.limit.map(|limit| limit.percent(view.used)),
            forecast: match view.forecast {
                Some(Forecast::On(day)) => Some(day.to_string()),
                _ => None,
            },
            capped_since: view.capped_since.map(|at| at.to_string()),
            mailed: view.mailed,
            version: view.version,
        }
    }
}

impl IntoResponse for UsageLimit {
    fn into_response(self) -> Response {
        let version = self.version;
        let mut response = Json(self).into_response();
        etag(response.headers_mut(), version);
        response
    }
}

#[derive(Serialize, ToSchema)]
pub struct UsageLimitList {
    items: Vec<UsageLimit>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUsageLimit {
    /// In minutes, gigabytes or users, as a decimal number.
    value: String,
    /// `warn`, or `cap` to stop what makes it grow as well.
    action: String,
}

fn dimension(name: &str) -> Result<Dimension, Fault> {
    Dimension::from_name(name).ok_or(Fault::NotFound)
}

async fn one(ctx: &Ctx, handle: &str, dimension: Dimension) -> Result<UsageLimit, Problem> {
    let views = usage::limit_list(ctx, handle).await.or_problem(ctx)?;
    let view = views.into_iter().find(|view| view.dimension == dimension).ok_or(Fault::NotFound)?;
    Ok(view.into())
}

/// List an organization's limits on use
#[utoipa::path(get, path = "/organizations/{handle}/usage/limits", tag = "Usage", operation_id = "listUsageLimits",
    params(("handle" = String, Path)), responses((status = 200, body = UsageLimitList), Problems))]
pub async fn limits(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
) -> Result<Json<UsageLimitList>, Problem> {
    let views = usage::limit_list(&ctx, &handle).await.or_problem(&ctx)?;
    Ok(Json(UsageLimitList { items: views.into_iter().map(UsageLimit::from).collect() }))
}

/// Read a limit on use
#[utoipa::path(get, path = "/organizations/{handle}/usage/limits/{dimension}", tag = "Usage",
    operation_id = "readUsageLimit", params(("handle" = String, Path), ("dimension" = String, Path, description = "`compute`, `storage` or `users`")),
    responses((status = 200, body = UsageLimit, headers(("ETag" = String, description = "For If-Match"))), Problems))]
pub async fn limit(
    Extension(ctx): Extension<Ctx>,
    Path((handle, name)): Path<(String, String)>,
) -> Result<UsageLimit, Problem> {
    one(&ctx, &handle, dimension(&name)?).await
}

/// Set a limit on use
#[utoipa::path(put, path = "/organizations/{handle}/usage/limits/{dimension}", tag = "Usage",
    operation_id = "setUsageLimit",
    params(("handle" = String, Path), ("dimension" = String, Path),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read, or `*`")),
    request_body = NewUsageLimit, responses((status = 200, body = UsageLimit), Problems))]
pub async fn set_limit(
    Extension(ctx): Extension<Ctx>,
    Path((handle, name)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body<NewUsageLimit>,
) -> Result<UsageLimit, Problem> {
    let dimension = dimension(&name)?;
    let form = LimitForm { value: body.value.value, action: body.value.action };
    if form.value.trim().is_empty() {
        return Err(Fault::invalid("value", "Send a value; DELETE takes the limit away.").into());
    }
    // `If-None-Match: *` says that there is none yet.
    let base = base(&headers)?.unwrap_or(service::org::Base::Version(0));
    usage::set_limit(&ctx, &handle, dimension, base, &form).await.or_problem(&ctx)?;
    one(&ctx, &handle, dimension).await
}

/// Take a limit on use away
#[utoipa::path(delete, path = "/organizations/{handle}/usage/limits/{dimension}", tag = "Usage",
    operation_id = "removeUsageLimit",
    params(("handle" = String, Path), ("dimension" = String, Path),
        ("If-Match" = String, Header, description = "The ETag that was read, or `*`")),
    responses((status = 204), Problems))]
pub async fn remove_limit(
    Extension(ctx): Extension<Ctx>,
    Path((handle, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let dimension = dimension(&name)?;
    usage::set_limit(&ctx, &handle, dimension, if_match(&headers)?, &LimitForm::default()).await.or_problem(&ctx)?;
    Ok(StatusCode::NO_CONTENT)
}

/// To how many owners a test was mailed.
#[derive(Serialize, ToSchema)]
pub struct TestWarning {
    recipients: u64,
}

/// Mail the owners a test of a limit's warning
#[utoipa::path(post, path = "/organizations/{handle}/usage/limits/{dimension}/test", tag = "Usage",
    operation_id = "testUsageLimit", params(("handle" = String, Path), ("dimension" = String, Path)),
    responses((status = 200, body = TestWarning), Problems))]
pub async fn test_limit(
    Extension(ctx): Extension<Ctx>,
    Path((handle, name)): Path<(String, String)>,
) -> Result<Json<TestWarning>, Problem> {
    let recipients = usage::test_limit(&ctx, &handle, dimension(&name)?).await.or_problem(&ctx)?;
    Ok(Json(TestWarning { recipients }))
}

/// What a cap would stop, were it to take effect now.
#[derive(Serialize, ToSchema)]
pub struct Rehearsal {
    #[schema(value_type = String)]
    dimension: &'static str,
    /// In words.
    #[schema(value_type = String)]
    effect: &'static str,
    /// Names of workspaces that would go to sleep.
    workspaces_to_sleep: Vec<String>,
    /// Those that sleep already, and couldn't be woken.
    workspaces_asleep: u64,
    /// Names of the owners who would be mailed.
    owners: Vec<String>,
}

impl From<Rehearsed> for Rehearsal {
    fn from(rehearsed: Rehearsed) -> Self {
        Self {
            dimension: rehearsed.dimension.name(),
            effect: rehearsed.dimension.cap_effect(),
            workspaces_to_sleep: rehearsed.sleep,
            workspaces_asleep: rehearsed.asleep,
            owners: rehearsed.told,
        }
    }
}

/// Rehearse a cap
///
/// Lists what it would stop; nothing is.
#[utoipa::path(get, path = "/organizations/{handle}/usage/limits/{dimension}/rehearsal", tag = "Usage",
    operation_id = "rehearseUsageCap", params(("handle" = String, Path), ("dimension" = String, Path)),
    responses((status = 200, body = Rehearsal), Problems))]
pub async fn rehearse(
    Extension(ctx): Extension<Ctx>,
    Path((handle, name)): Path<(String, String)>,
) -> Result<Json<Rehearsal>, Problem> {
    Ok(Json(usage::rehearse(&ctx, &handle, dimension(&name)?).await.or_problem(&ctx)?.into()))
}

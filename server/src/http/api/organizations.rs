use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Json, Response};
use data_encoding::BASE64URL_NOPAD;
use domain::Fault;
use domain::org::{OrgRow, OrgState};
use domain::page::{Cursor, OrgSort, OrgsQuery, PAGE_SIZE, Position, SEARCH_MAX};
use domain::settings::Settings;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use service::Ctx;
use service::org::{self, Created, Found};
use utoipa::{IntoParams, ToSchema};

use super::json::{Body, created, etag, given, idempotency_key, if_match, present};
use super::problem::{OrProblem, Problem, Problems};

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Most organizations of one answer.
const LIMIT_MAX: usize = 200;

/// An organization in a list.
#[derive(Serialize, ToSchema)]
pub struct OrganizationSummary {
    id: String,
    handle: String,
    display_name: String,
    /// `pending_bootstrap`, `active`, `pending_deletion` or `deleting`.
    #[schema(value_type = String)]
    state: &'static str,
    partner: bool,
    /// Handle of the partner that manages it.
    managed_by: Option<String>,
    created_at: String,
}

impl From<OrgRow> for OrganizationSummary {
    fn from(row: OrgRow) -> Self {
        Self {
            id: row.id.to_string(),
            handle: row.handle.to_string(),
            display_name: row.display_name.to_string(),
            state: row.state.name(),
            partner: row.partner,
            managed_by: row.managed_by.map(|partner| partner.handle.to_string()),
            created_at: row.created_at.to_string(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct OrganizationList {
    items: Vec<OrganizationSummary>,
    /// Send it as `next_token` for what follows; `null` at the end.
    next_token: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Every word must begin a word of the display name or the handle.
    search: Option<String>,
    /// `pending_bootstrap`, `active`, `pending_deletion` or `deleting`.
    state: Option<String>,
    /// `name` (the default), `handle` or `created`; with a leading `-` descending.
    sort: Option<String>,
    /// Most items of the answer: 1 to 200, 50 unless told.
    limit: Option<usize>,
    /// From the answer before.
    next_token: Option<String>,
}

impl ListQuery {
    fn check(self) -> Result<(OrgsQuery, usize), Fault> {
        let search = self.search.unwrap_or_default();
        if search.chars().count() > SEARCH_MAX {
            return Err(Fault::invalid("search", format!("A search has at most {SEARCH_MAX} characters.")));
        }
        let state = self.state.map(|name| {
            let message = "There are the states pending_bootstrap, active, pending_deletion and deleting.";
            OrgState::from_name(&name).ok_or_else(|| Fault::invalid("state", message))
        });
        let sort = self.sort.unwrap_or_else(|| OrgSort::default().name().to_owned());
        let (descending, name) = sort.strip_prefix('-').map_or((false, sort.as_str()), |name| (true, name));
        let sort = OrgSort::ALL.into_iter().find(|sort| sort.name() == name);
        let sort = sort.ok_or_else(|| Fault::invalid("sort", "Sort by name, handle or created."))?;
        let limit = self.limit.unwrap_or(PAGE_SIZE);
        if !(1..=LIMIT_MAX).contains(&limit) {
            return Err(Fault::invalid("limit", format!("Ask for 1 to {LIMIT_MAX} items.")));
        }
        let order = order(sort, descending);
        let position = self.next_token.map(|token| {
            let message = "This isn't a next_token of an earlier answer in this order.";
            cursor(&order, &token).ok_or_else(|| Fault::invalid("next_token", message))
        });
        let position = position.transpose()?.map(Position::After);
        Ok((OrgsQuery { search, state: state.transpose()?, sort, descending, position }, limit))
    }
}

/// A cursor means nothing in another order, so the token names its own.
fn order(sort: OrgSort, descending: bool) -> String {
    format!("{}{}~", if descending { "-" } else { "" }, sort.name())
}

fn cursor(order: &str, token: &str) -> Option<Cursor> {
    let text = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    Cursor::from_text(std::str::from_utf8(&text).ok()?.strip_prefix(order)?)
}

/// An organization, with its settings for those who may see the Admin page.
#[derive(Serialize, ToSchema)]
pub struct Organization {
    id: String,
    handle: String,
    display_name: String,
    /// `pending_bootstrap`, `active`, `pending_deletion` or `deleting`.
    #[schema(value_type = String)]
    state: &'static str,
    /// Why its own people are shut out for a time: `expired`.
    holds: Vec<String>,
    /// Handle of the partner that manages it.
    managed_by: Option<String>,
    /// `null` only for somebody who may create organizations but not read them.
    created_at: Option<String>,
    settings: Option<OrganizationSettings>,
    /// For its first owner; shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    bootstrap_link: Option<BootstrapLink>,
}

#[derive(Serialize, ToSchema)]
struct BootstrapLink {
    url: String,
    /// `null`: never.
    expires_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct OrganizationSettings {
    /// Counts the saves; also the ETag.
    version: i64,
    partner: bool,
    enforce_mfa: bool,
    report: Report,
    platform_domain: Option<String>,
    /// `null` is unlimited, 0 nobody.
    seats: Option<u32>,
    default_user_host: Option<String>,
    login_domain: Option<String>,
    /// The key of the plan that the platform provides.
    plan: Option<String>,
    externals_allowed: bool,
    /// Seconds between archiving a workspace and its deletion.
    archiving_seconds: u32,
    /// Locale to link; `null` for none.
    terms: Option<BTreeMap<String, String>>,
    /// The JSON document as its author wrote it.
    workspace: String,
}

#[derive(Serialize, ToSchema)]
struct Report {
    enabled: bool,
    recipients: Vec<String>,
    /// `daily`, `weekly` or `monthly`.
    #[schema(value_type = String)]
    schedule: &'static str,
    /// An IANA name.
    time_zone: String,
}

impl OrganizationSettings {
    fn of(version: i64, settings: Settings) -> Self {
        let host = |host: Option<domain::host::HostName>| host.map(|host| host.as_str().to_owned());
        Self {
            version,
            partner: settings.partner,
            enforce_mfa: settings.enforce_mfa,
            report: Report {
                enabled: settings.report.enabled,
                recipients: settings.report.recipients.iter().map(|email| email.as_str().to_owned()).collect(),
                schedule: settings.report.schedule.name(),
                time_zone: settings.report.time_zone,
            },
            platform_domain: host(settings.platform_domain),
            seats: settings.seats,
            default_user_host: host(settings.default_user_host),
            login_domain: host(settings.login_domain),
            plan: settings.plan.map(|plan| plan.to_string()),
            externals_allowed: settings.limits.externals_allowed,
            archiving_seconds: settings.limits.archiving_seconds,
            terms: settings.limits.terms.map(|terms| terms.links),
            workspace: settings.workspace,
        }
    }
}

impl From<Found> for Organization {
    fn from(found: Found) -> Self {
        Self {
            id: found.facts.id.to_string(),
            handle: found.facts.handle.to_string(),
            display_name: found.facts.display_name.to_string(),
            state: found.facts.state.name(),
            holds: found.facts.holds.names().map(str::to_owned).collect(),
            managed_by: found.managed_by.map(|partner| partner.handle.to_string()),
            created_at: Some(found.created_at.to_string()),
            settings: found.settings.map(|stored| OrganizationSettings::of(stored.version, stored.settings)),
            bootstrap_link: None,
        }
    }
}

impl Organization {
    /// What is known to somebody who may create but not read.
    fn of_new(id: domain::OrgId, created: domain::org::CreatedOrg) -> Self {
        let state = if created.link.is_some() { OrgState::PendingBootstrap } else { OrgState::Active };
        Self {
            id: id.to_string(),
            handle: created.handle.to_string(),
            display_name: created.display_name.to_string(),
            state: state.name(),
            holds: Vec::new(),
            managed_by: None,
            created_at: None,
            settings: None,
            bootstrap_link: None,
        }
    }
}

impl IntoResponse for Organization {
    fn into_response(self) -> Response {
        let version = self.settings.as_ref().map(|settings| settings.version);
        let mut response = Json(self).into_response();
        if let Some(version) = version {
            etag(response.headers_mut(), version);
        }
        response
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    display_name: String,
    /// `[A-Za-z0-9][A-Za-z0-9_-]{0,31}`, unique without regard to case.
    handle: String,
    /// `link` (the default) for a bootstrap link, or `me`.
    #[serde(default)]
    first_owner: String,
    /// How long the link lives: `day`, `week` (the default), `month` or `never`.
    #[serde(default)]
    link_lifetime: String,
}

/// What to change; a key that isn't sent stays as it is. `null` clears a domain, the default user host, the plan, the terms and
/// the limit of seats, and is refused elsewhere.
#[derive(Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub struct OrganizationUpdate {
    #[serde(deserialize_with = "given")]
    partner: Option<bool>,
    #[serde(deserialize_with = "given")]
    enforce_mfa: Option<bool>,
    #[serde(deserialize_with = "given")]
    report_enabled: Option<bool>,
    #[serde(deserialize_with = "given")]
    report_recipients: Option<Vec<String>>,
    /// `daily`, `weekly` or `monthly`.
    #[serde(deserialize_with = "given")]
    report_schedule: Option<String>,
    /// An IANA name.
    #[serde(deserialize_with = "given")]
    report_time_zone: Option<String>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    platform_domain: Option<Option<String>>,
    /// `null` is unlimited, 0 nobody.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<u32>)]
    seats: Option<Option<u32>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    default_user_host: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    login_domain: Option<Option<String>>,
    /// The key of the plan that the platform provides; `null` for none.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    plan: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    externals_allowed: Option<bool>,
    #[serde(deserialize_with = "given")]
    archiving_seconds: Option<u32>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    terms: Option<Option<BTreeMap<String, String>>>,
    /// A JSON document as text; its formatting and key order are kept.
    #[serde(deserialize_with = "given")]
    workspace: Option<String>,
    /// Why, for the revision.
    reason: String,
}

/// List the organizations you can see
#[utoipa::path(get, path = "/organizations", tag = "Organizations", operation_id = "listOrganizations",
    params(ListQuery), responses((status = 200, body = OrganizationList), Problems))]
pub async fn list(
    Extension(ctx): Extension<Ctx>,
    query: Result<Query<ListQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<OrganizationList>, Problem> {
    let Query(query) =
        query.map_err(|rejection| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", &rejection.body_text()))?;
    let (query, limit) = query.check()?;
    let found = org::page(&ctx, &query, limit).await.or_problem(&ctx)?;
    Ok(Json(OrganizationList {
        items: found.rows.into_iter().map(OrganizationSummary::from).collect(),
        next_token: found.next.map(|cursor| {
            let order = order(query.sort, query.descending);
            BASE64URL_NOPAD.encode([order, cursor.to_text()].concat().as_bytes())
        }),
    }))
}

/// Create an organization
#[utoipa::path(post, path = "/organizations", tag = "Organizations", operation_id = "createOrganization",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeated request under the same key, within 24 hours, answers what the first one made, without its bootstrap link.")),
    request_body = NewOrganization, responses((status = 201, body = Organization), Problems))]
pub async fn create(
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    body: Body<NewOrganization>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers, "POST /organizations", &body.bytes)?;
    let NewOrganization { display_name, handle, first_owner, link_lifetime } = body.value;
    let new = org::NewOrg { display_name, handle, first_owner, lifetime: link_lifetime };
    let made = org::create_once(&ctx, new, key.as_ref()).await.or_problem(&ctx)?;
    let (id, link, replayed, known) = match made {
        Created::New(id, created) => (id, created.link.clone(), false, Some(created)),
        Created::Before(id) => (id, None, true, None),
    };
    let mut organization = match org::read_by_id(&ctx, id).await {
        Ok(found) => Organization::from(found),
        // It is made, and its link is shown this once: what is known of it is the answer.
        Err(error) => match known {
            Some(created) => Organization::of_new(id, created),
            None => return Err(Problem::of_error(error, &ctx)),
        },
    };
    organization.bootstrap_link =
        link.map(|link| BootstrapLink { url: link.url, expires_at: link.expires_at.map(|at| at.to_string()) });
    let mut response = created(&format!("/organizations/{}", organization.handle), organization);
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// Read an organization
#[utoipa::path(get, path = "/organizations/{handle}", tag = "Organizations", operation_id = "readOrganization",
    params(("handle" = String, Path)),
    responses((status = 200, body = Organization, headers(("ETag" = String, description = "For If-Match"))), Problems))]
pub async fn read(Extension(ctx): Extension<Ctx>, Path(handle): Path<String>) -> Result<Organization, Problem> {
    Ok(org::read(&ctx, &handle).await.or_problem(&ctx)?.into())
}

/// Change an organization's settings
#[utoipa::path(patch, path = "/organizations/{handle}", tag = "Organizations", operation_id = "updateOrganization",
    params(("handle" = String, Path), ("If-Match" = String, Header, description = "The ETag that was read, or `*`")),
    request_body = OrganizationUpdate, responses((status = 200, body = Organization), Problems))]
pub async fn update(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    headers: HeaderMap,
    body: Body<OrganizationUpdate>,
) -> Result<Organization, Problem> {
    let base = if_match(&headers)?;
    // Whoever may not see the answer changes nothing.
    org::read(&ctx, &handle).await.or_problem(&ctx)?;
    let update = body.value;
    let change = org::Update {
        partner: update.partner,
        enforce_mfa: update.enforce_mfa,
        report: update.report_enabled,
        report_recipients: update.report_recipients,
        report_schedule: update.report_schedule,
        report_time_zone: update.report_time_zone,
        platform_domain: update.platform_domain,
        seats: update.seats,
        default_user_host: update.default_user_host,
        login_domain: update.login_domain,
        plan: update.plan,
        externals_allowed: update.externals_allowed,
        archiving_seconds: update.archiving_seconds,
        terms: update.terms,
        workspace: update.workspace,
    };
    org::update(&ctx, &handle, base, change, &update.reason).await.or_problem(&ctx)?;
    Ok(org::read(&ctx, &handle).await.or_problem(&ctx)?.into())
}

/// Call off a deletion whose time of grace lasts
#[utoipa::path(post, path = "/organizations/{handle}/restore", tag = "Organizations", operation_id = "restoreOrganization",
    params(("handle" = String, Path)), responses((status = 200, body = Organization), Problems))]
pub async fn restore(Extension(ctx): Extension<Ctx>, Path(handle): Path<String>) -> Result<Organization, Problem> {
    org::restore(&ctx, &handle).await.or_problem(&ctx)?;
    Ok(org::read(&ctx, &handle).await.or_problem(&ctx)?.into())
}

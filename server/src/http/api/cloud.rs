use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Json, Response};
use domain::cloud::{CloudAccount as Account, CloudAccountForm, CloudResource as Resource};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use service::{Ctx, cloud};
use utoipa::ToSchema;

use super::json::{Body, created, etag, given, if_match};
use super::problem::{OrProblem, Problem, Problems};

/// Where the platform runs things for an organization; never its secret.
#[derive(Serialize, ToSchema)]
pub struct CloudAccount {
    id: String,
    name: String,
    provider: String,
    /// `webhook` or `kubernetes`.
    #[schema(value_type = String)]
    connector: &'static str,
    url: String,
    /// Labels of a cluster's namespaces; empty for webhooks.
    selector: String,
    /// Authorities beside the public ones, as PEM.
    ca: Option<String>,
    /// Whether it is told of workspaces.
    events: bool,
    /// Counts its changes; also the ETag.
    version: i64,
    created_at: String,
    listed_at: Option<String>,
    /// Why the last listing failed.
    list_error: Option<String>,
    resources: Vec<CloudResource>,
}

#[derive(Serialize, ToSchema)]
struct CloudResource {
    id: String,
    /// What the connector knows it by.
    remote_id: String,
    name: String,
    kind: String,
    state: String,
    seen_at: String,
}

impl From<Resource> for CloudResource {
    fn from(resource: Resource) -> Self {
        Self {
            id: resource.id.to_string(),
            remote_id: resource.remote.id,
            name: resource.remote.name,
            kind: resource.remote.kind,
            state: resource.remote.state,
            seen_at: resource.seen_at.to_string(),
        }
    }
}

impl From<Account> for CloudAccount {
    fn from(account: Account) -> Self {
        Self {
            id: account.id.to_string(),
            name: account.name,
            provider: account.provider,
            connector: account.connector.name(),
            url: account.url,
            selector: account.selector,
            ca: account.ca,
            events: account.events,
            version: account.version,
            created_at: account.created_at.to_string(),
            listed_at: account.listed_at.map(|at| at.to_string()),
            list_error: account.list_error,
            resources: account.resources.into_iter().map(CloudResource::from).collect(),
        }
    }
}

impl IntoResponse for CloudAccount {
    fn into_response(self) -> Response {
        let version = self.version;
        let mut response = Json(self).into_response();
        etag(response.headers_mut(), version);
        response
    }
}

#[derive(Serialize, ToSchema)]
pub struct CloudAccountList {
    /// By name.
    items: Vec<CloudAccount>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCloudAccount {
    name: String,
    provider: String,
    /// `webhook` or `kubernetes`.
    connector: String,
    url: String,
    /// Signs a webhook's requests, or is a cluster's bearer token.
    secret: String,
    /// `key=value` labels separated by commas; for clusters.
    #[serde(default)]
    selector: String,
    /// PEM.
    #[serde(default)]
    ca: String,
    /// Whether a webhook is told of workspaces.
    #[serde(default)]
    events: bool,
}

/// What isn't sent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloudAccountUpdate {
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    provider: Option<String>,
    /// A new address needs a new secret.
    #[serde(default, deserialize_with = "given")]
    url: Option<String>,
    #[serde(default, deserialize_with = "given")]
    secret: Option<String>,
    #[serde(default, deserialize_with = "given")]
    selector: Option<String>,
    #[serde(default, deserialize_with = "given")]
    ca: Option<String>,
    #[serde(default, deserialize_with = "given")]
    events: Option<bool>,
}

/// List an organization's cloud accounts
#[utoipa::path(get, path = "/organizations/{handle}/cloud-accounts", tag = "Cloud accounts",
    operation_id = "listCloudAccounts", params(("handle" = String, Path)),
    responses((status = 200, body = CloudAccountList), Problems))]
pub async fn list(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
) -> Result<Json<CloudAccountList>, Problem> {
    let accounts = cloud::list(&ctx, &handle).await.or_problem(&ctx)?;
    Ok(Json(CloudAccountList { items: accounts.into_iter().map(CloudAccount::from).collect() }))
}

/// Connect a cloud account
#[utoipa::path(post, path = "/organizations/{handle}/cloud-accounts", tag = "Cloud accounts",
    operation_id = "connectCloudAccount", params(("handle" = String, Path)), request_body = NewCloudAccount,
    responses((status = 201, body = CloudAccount), Problems))]
pub async fn connect(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    body: Body<NewCloudAccount>,
) -> Result<Response, Problem> {
    let NewCloudAccount { name, provider, connector, url, secret, selector, ca, events } = body.value;
    let form = CloudAccountForm { name, provider, connector, url, selector, ca, secret, events };
    let id = cloud::connect(&ctx, &handle, &form).await.or_problem(&ctx)?.to_string();
    let account = cloud::find(&ctx, &handle, &id).await.or_problem(&ctx)?;
    Ok(created(&format!("/organizations/{handle}/cloud-accounts/{id}"), CloudAccount::from(account)))
}

/// Read a cloud account
#[utoipa::path(get, path = "/organizations/{handle}/cloud-accounts/{id}", tag = "Cloud accounts",
    operation_id = "readCloudAccount", params(("handle" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = CloudAccount, headers(("ETag" = String, description = "For If-Match"))), Problems))]
pub async fn read(
    Extension(ctx): Extension<Ctx>,
    Path((handle, id)): Path<(String, String)>,
) -> Result<CloudAccount, Problem> {
    Ok(cloud::find(&ctx, &handle, &id).await.or_problem(&ctx)?.into())
}

/// Change a cloud account
#[utoipa::path(patch, path = "/organizations/{handle}/cloud-accounts/{id}", tag = "Cloud accounts",
    operation_id = "updateCloudAccount",
    params(("handle" = String, Path), ("id" = String, Path),
        ("If-Match" = String, Header, description = "The ETag that was read, or `*`")),
    request_body = CloudAccountUpdate, responses((status = 200, body = CloudAccount), Problems))]
pub async fn update(
    Extension(ctx): Extension<Ctx>,
    Path((handle, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body<CloudAccountUpdate>,
) -> Result<CloudAccount, Problem> {
    let base = if_match(&headers)?;
    let now = cloud::find(&ctx, &handle, &id).await.or_problem(&ctx)?;
    let update = body.value;
    let form = CloudAccountForm {
        name: update.name.unwrap_or(now.name),
        provider: update.provider.unwrap_or(now.provider),
        connector: String::new(),
        url: update.url.unwrap_or(now.url),
        selector: update.selector.unwrap_or(now.selector),
        ca: update.ca.or(now.ca).unwrap_or_default(),
        secret: update.secret.unwrap_or_default(),
        events: update.events.unwrap_or(now.events),
    };
    cloud::update(&ctx, &handle, &id, base.or(now.version), &form).await.or_problem(&ctx)?;
    Ok(cloud::find(&ctx, &handle, &id).await.or_problem(&ctx)?.into())
}

/// Disconnect a cloud account where nothing runs
#[utoipa::path(delete, path = "/organizations/{handle}/cloud-accounts/{id}", tag = "Cloud accounts",
    operation_id = "disconnectCloudAccount", params(("handle" = String, Path), ("id" = String, Path)),
    responses((status = 204), Problems))]
pub async fn disconnect(
    Extension(ctx): Extension<Ctx>,
    Path((handle, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    cloud::disconnect(&ctx, &handle, &id).await.or_problem(&ctx)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask a cloud account's connector what runs there
#[utoipa::path(post, path = "/organizations/{handle}/cloud-accounts/{id}/refresh", tag = "Cloud accounts",
    operation_id = "refreshCloudAccount", params(("handle" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = CloudAccount), Problems))]
pub async fn refresh(
    Extension(ctx): Extension<Ctx>,
    Path((handle, id)): Path<(String, String)>,
) -> Result<CloudAccount, Problem> {
    Ok(cloud::refresh(&ctx, &handle, &id).await.or_problem(&ctx)?.into())
}

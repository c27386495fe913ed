//! `/administration`: the routes, bodies and refusals of Parsec Server's administration API, so that the calls its
//! documentation shows work here. The service beneath is the console's own.
//!
//! Success is always 200, a refusal `{"detail": …}`. A request is judged in this order: its JSON, its token, the types of
//! its fields, the organization.

mod body;
mod refusal;
mod stats;

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, Request, State};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use domain::name::{Handle, HandleError};
use http::header::{HOST, LOCATION};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use serde::Serialize;
use serde_json::{Value, json};
use service::administration::{self, Configuration};
use service::{Ctx, Secret};

use self::body::{Body, Fields};
use self::refusal::Refusal;
use super::{Server, links, plain, query_value};

type Answer = Result<Response, Refusal>;

pub fn router() -> Router<Arc<Server>> {
    Router::new()
        .route("/organizations", post(create).fallback(|| async { Refusal::method("POST") }))
        .route("/organizations/{id}", get(load).patch(update).fallback(|| async { Refusal::method("GET, PATCH") }))
        .route("/organizations/{id}/stats", get(stats::of_one).fallback(|| async { Refusal::method("GET") }))
        .route("/stats", get(stats::of_all).fallback(|| async { Refusal::method("GET") }))
        .fallback(unknown)
        .layer(middleware::map_response(in_json))
}

/// A trailing slash leads to the route without it; anything else is unknown.
async fn unknown(uri: Uri) -> Response {
    let path = uri.path();
    let slashless = path.strip_suffix('/').filter(|path| path.len() > 1);
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let location = slashless.and_then(|path| HeaderValue::try_from(format!("/administration{path}{query}")).ok());
    match location {
        Some(location) => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, location)]).into_response(),
        None => Refusal::new(StatusCode::NOT_FOUND, "Not Found").into_response(),
    }
}

/// What the framework refuses by itself speaks JSON as well.
async fn in_json(response: Response) -> Response {
    match response.status() {
        StatusCode::NOT_FOUND if response.headers().get("content-type").is_none() => {
            Refusal::new(StatusCode::NOT_FOUND, "Not Found").into_response()
        }
        _ => response,
    }
}

/// `POST /administration/organizations`.
async fn create(State(server): State<Arc<Server>>, Extension(ctx): Extension<Ctx>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let body = Body::read(&parts.headers, body).await?;
    refusal::authenticate(&ctx).await?;
    let mut fields = Fields::of(body)?;
    let id = fields.organization_id();
    let options = fields.options(false);
    fields.finish()?;
    let (Some(id), Some(options)) = (id, options) else { return Err(Refusal::internal()) };
    let token = administration::create(&ctx, &id, options).await.map_err(|error| Refusal::of(error, &ctx))?;
    let base = Base::of(&server, &parts.headers);
    Ok(Json(json!({
        "bootstrap_url": base.bootstrap_url(&id, &token),
        "bootstrap_url_as_http_redirection": base.redirection(&id, &token),
    }))
    .into_response())
}

/// An organization's name in a path, in the rule that names follow here.
fn name(path: Result<Path<String>, PathRejection>) -> Result<String, Refusal> {
    let invalid = || Refusal::new(StatusCode::NOT_FOUND, "Invalid organization ID");
    let Path(name) = path.map_err(|_| invalid())?;
    match Handle::parse(&name) {
        // No organization has a reserved one.
        Ok(_) | Err(HandleError::Reserved) => Ok(name),
        Err(_) => Err(invalid()),
    }
}

/// How an organization is shown.
#[derive(Serialize)]
struct Shown {
    is_bootstrapped: bool,
    is_expired: bool,
    user_profile_outsider_allowed: bool,
    active_users_limit: Option<u32>,
    realm_minimum_archiving_period_before_deletion: u32,
    tos: Option<Value>,
}

/// `GET /administration/organizations/{id}`.
async fn load(Extension(ctx): Extension<Ctx>, path: Result<Path<String>, PathRejection>) -> Answer {
    refusal::authenticate(&ctx).await?;
    let Configuration { bootstrapped, expired, seats, limits } =
        administration::load(&ctx, &name(path)?).await.map_err(|error| Refusal::of(error, &ctx))?;
    let tos =
        limits.terms.map(|terms| json!({ "per_locale_urls": terms.links, "updated_on": terms.updated_at.precise() }));
    Ok(Json(Shown {
        is_bootstrapped: bootstrapped,
        is_expired: expired,
        user_profile_outsider_allowed: limits.externals_allowed,
        active_users_limit: seats,
        realm_minimum_archiving_period_before_deletion: limits.archiving_seconds,
        tos,
    })
    .into_response())
}

/// `PATCH /administration/organizations/{id}`.
async fn update(
    Extension(ctx): Extension<Ctx>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: axum::body::Body,
) -> Answer {
    let body = Body::read(&headers, body).await?;
    refusal::authenticate(&ctx).await?;
    let mut fields = Fields::of(body)?;
    let expired = fields.flag("is_expired");
    let options = fields.options(true);
    fields.finish()?;
    let Some(options) = options else { return Err(Refusal::internal()) };
    administration::update(&ctx, &name(path)?, options, expired).await.map_err(|error| Refusal::of(error, &ctx))?;
    Ok(Json(json!({})).into_response())
}

/// Where the links that this API hands out lead: to the configured public address, else to the host that was asked.
struct Base {
    tls: bool,
    authority: String,
}

impl Base {
    fn of(server: &Server, headers: &HeaderMap) -> Self {
        let configured = server.addresses.public_url.as_str();
        let (scheme, authority) = configured.split_once("://").unwrap_or(("http", configured));
        let asked = headers
            .get(HOST)
            .filter(|_| !server.addresses.is_configured)
            .and_then(|host| host.to_str().ok()?.parse::<http::uri::Authority>().ok())
            .filter(|host| !host.as_str().contains('@'));
        Self {
            tls: scheme == "https",
            authority: asked.map_or_else(|| authority.to_owned(), |host| host.as_str().to_owned()),
        }
    }

    fn bootstrap_url(&self, id: &Handle, token: &Secret) -> String {
        let no_ssl = if self.tls { "" } else { "no_ssl=true&" };
        format!("parsec3://{}/{id}?{no_ssl}a=bootstrap_organization&p={}", self.authority, token.expose())
    }

    fn redirection(&self, id: &Handle, token: &Secret) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}/redirect/{id}?a=bootstrap_organization&p={}", self.authority, token.expose())
    }
}

/// `GET /redirect/{organization}?a=bootstrap_organization&p=…`: the console's page for the same link.
pub async fn redirect(Extension(ctx): Extension<Ctx>, method: Method, headers: HeaderMap, uri: Uri) -> Response {
    let value = |name| query_value(&uri, name).filter(|value| !value.is_empty());
    match (value("a").as_deref(), value("p")) {
        (Some("bootstrap_organization"), Some(token)) => {
            links::open(&ctx, &method, &headers, app::paths::bootstrap(), token).await
        }
        _ => plain::page(
            StatusCode::NOT_FOUND,
            "Not found",
            "This link leads nowhere here. Copy the whole of it, up to its end, or ask for a new one.",
        ),
    }
}

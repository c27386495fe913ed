//! `/api/v1`: the native REST surface, for programs. Bearer tokens, RFC 9457 problems, `ETag` and `If-Match`, cursor paging,
//! unknown keys refused. Every handler is one service verb; what stands here is the wire.
//!
//! To add a route: a handler with `#[utoipa::path]` in its resource's file, its line in [`with_token`], a row in the test
//! `authz_matrix`, and `cargo xtask gen` for the committed document.

mod audit;
mod audit_stream;
mod authentication;
mod avatar;
mod billing;
mod cloud;
mod device;
mod document;
mod instance;
mod json;
mod mail;
mod me;
mod meters;
mod organizations;
mod people;
mod plans;
mod problem;
mod processes;
mod profile;
mod rate;
mod reference;
mod report;
mod secrets;
mod service_accounts;
mod tokens;
mod usage;
mod workspace_settings;
mod workspaces;

use std::sync::Arc;

use axum::extract::{OriginalUri, Request};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router, middleware};
use http::header::LOCATION;
use http::{HeaderValue, Method, StatusCode};
use service::Ctx;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use document::text as openapi;
use problem::MovedTo;
pub use problem::Problem;

use super::Server;

/// Where the surface lies.
pub const BASE: &str = "/api/v1";

/// Every route, with its description.
fn routes() -> OpenApiRouter<Arc<Server>> {
    with_token().merge(without_token())
}

/// How a program gets a token.
fn without_token() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(device::authorize)).routes(routes!(device::token))
}

fn with_token() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(me::read))
        .routes(routes!(me::delete_token))
        .routes(routes!(tokens::own::list, tokens::own::create))
        .routes(routes!(tokens::own::update, tokens::own::delete))
        .routes(routes!(tokens::instance::list, tokens::instance::create))
        .routes(routes!(tokens::instance::update, tokens::instance::delete))
        .routes(routes!(service_accounts::list, service_accounts::create))
        .routes(routes!(service_accounts::read, service_accounts::update, service_accounts::delete))
        .routes(routes!(tokens::service_account::list, tokens::service_account::create))
        .routes(routes!(tokens::service_account::update, tokens::service_account::delete))
        .routes(routes!(tokens::workspace::list, tokens::workspace::create))
        .routes(routes!(tokens::workspace::update, tokens::workspace::delete))
        .routes(routes!(organizations::list, organizations::create))
        .routes(routes!(organizations::read, organizations::update))
        .routes(routes!(profile::read, profile::update))
        .routes(routes!(profile::retire_alias))
        .routes(routes!(avatar::set, avatar::reset))
        .routes(routes!(audit::list))
        .routes(routes!(audit::export))
        .routes(routes!(audit_stream::read, audit_stream::set, audit_stream::remove))
        .routes(routes!(audit_stream::test))
        .routes(routes!(audit_stream::pause))
        .routes(routes!(audit_stream::resume))
        .routes(routes!(audit_stream::rotate))
        .routes(routes!(workspace_settings::read))
        .routes(routes!(plans::create))
        .routes(routes!(plans::apply))
        .routes(routes!(processes::list))
        .routes(routes!(processes::list_of_organization))
        .routes(routes!(processes::read))
        .routes(routes!(processes::retry))
        .routes(routes!(processes::abandon))
        .routes(routes!(organizations::restore))
        .routes(routes!(report::send_test))
        .routes(routes!(workspaces::list, workspaces::create))
        .routes(routes!(workspaces::read, workspaces::update, workspaces::delete))
        .routes(routes!(cloud::list, cloud::connect))
        .routes(routes!(cloud::read, cloud::update, cloud::disconnect))
        .routes(routes!(cloud::refresh))
        .routes(routes!(authentication::read, authentication::update))
        .routes(routes!(secrets::list))
        .routes(routes!(secrets::set, secrets::remove))
        .routes(routes!(instance::read, instance::update))
        .routes(routes!(people::erase))
        .routes(routes!(usage::ingest))
        .routes(routes!(usage::read))
        .routes(routes!(usage::export))
        .routes(routes!(usage::by_workspace))
        .routes(routes!(usage::limits))
        .routes(routes!(usage::limit, usage::set_limit, usage::remove_limit))
        .routes(routes!(usage::test_limit))
        .routes(routes!(usage::rehearse))
        .routes(routes!(meters::list, meters::create))
        .routes(routes!(meters::update))
        .routes(routes!(billing::plans, billing::create_plan))
        .routes(routes!(billing::read_plan, billing::update_plan))
        .routes(routes!(billing::read))
        .routes(routes!(billing::subscribe, billing::cancel))
        .routes(routes!(billing::keep))
        .routes(routes!(billing::invoices))
        .routes(routes!(billing::all_invoices))
        .routes(routes!(billing::invoice))
        .routes(routes!(billing::document))
        .routes(routes!(billing::mark_paid))
        .routes(routes!(billing::void))
        .routes(routes!(billing::agree))
        .routes(routes!(mail::list))
        .routes(routes!(mail::send_test))
        .routes(routes!(mail::retry))
}

pub fn router() -> Router<Arc<Server>> {
    let ((with_token, _), (without_token, _)) = (with_token().split_for_parts(), without_token().split_for_parts());
    with_token
        .layer(middleware::from_fn(complete))
        .merge(without_token)
        .layer(middleware::from_fn(rate::limit))
        .route("/openapi.json", get(document::show))
        .route("/reference", get(reference::show))
        .fallback(|| async { Problem::new(StatusCode::NOT_FOUND, "not_found", "There is no such route.") })
        .method_not_allowed_fallback(|method: Method| async move {
            let detail = format!("This resource knows no {method}.");
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", &detail)
        })
}

/// What every resource's answer needs: notes the use of its token, which a success proves good, and completes a redirect
/// from an alias.
async fn complete(
    Extension(ctx): Extension<Ctx>,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    if response.status().is_success() {
        ctx.note_token_use();
    }
    if let Some(MovedTo(handle)) = response.extensions_mut().remove()
        && let Ok(location) = HeaderValue::try_from(app::paths::with_handle(&uri.to_string(), &handle))
    {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

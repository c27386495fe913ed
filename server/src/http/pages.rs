//! Rendering the console's pages.

use std::sync::{Arc, LazyLock};

use app::form::replay::Replay;
use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::response::Response;
use http::header::{ACCEPT, CONTENT_SECURITY_POLICY};
use http::{HeaderValue, StatusCode};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use service::Ctx;

use super::{Server, assets, links, plain, policy};

/// The paths of all pages, in axum's notation.
pub fn routes() -> &'static [String] {
    // Once a process: while Leptos lists routes, no resource of any page loads, and a page rendered meanwhile would
    // never end.
    static ROUTES: LazyLock<Vec<String>> = LazyLock::new(|| {
        leptos_axum::generate_route_list(app::App).into_iter().map(|route| route.path().to_owned()).collect()
    });
    &ROUTES
}

/// A page. Its loader decides the status.
pub async fn show(State(server): State<Arc<Server>>, Extension(ctx): Extension<Ctx>, request: Request) -> Response {
    render(&server, ctx, request, None).await
}

/// The pages that links with a secret lead to.
pub const LINKED: [&str; 3] = [app::paths::setup(), app::paths::bootstrap(), app::paths::unsubscribe()];

/// A page that such a link leads to.
pub async fn show_linked(
    State(server): State<Arc<Server>>,
    Extension(ctx): Extension<Ctx>,
    request: Request,
) -> Response {
    let path = LINKED.into_iter().find(|path| *path == request.uri().path());
    match (path, links::token(request.uri())) {
        (Some(path), Some(token)) => links::open(&ctx, request.method(), request.headers(), path, token).await,
        _ => render(&server, ctx, request, None).await,
    }
}

/// What no route names: an asset, or the page that says there is nothing.
pub async fn show_rest(
    State(server): State<Arc<Server>>,
    Extension(ctx): Extension<Ctx>,
    request: Request,
) -> Response {
    let path = request.uri().path();
    if let Some(asset) = server.site.asset(path) {
        return assets::respond(asset, request.headers(), assets::Caching::Forever);
    }
    if path == "/favicon.ico" {
        return match server.site.asset(&server.site.entry().favicon) {
            Some(icon) => assets::respond(icon, request.headers(), assets::Caching::AnHour),
            None => plain::text(StatusCode::NOT_FOUND, "no icon"),
        };
    }
    if server.site.is_asset_folder(path) {
        return plain::text(StatusCode::NOT_FOUND, "no such file in this version");
    }
    let mut response = render(&server, ctx, request, None).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// Whether a card is entered there.
fn is_card_page(path: &str) -> bool {
    let handle = path.strip_prefix("/organizations/").and_then(|rest| rest.strip_suffix("/billing/card"));
    handle.is_some_and(|handle| !handle.is_empty() && !handle.contains('/'))
}

/// Renders the page at the request's address, with the outcome of a form posted without script if there was one.
pub async fn render(server: &Server, ctx: Ctx, mut request: Request<Body>, replay: Option<Replay>) -> Response {
    // A redirect met while rendering is a real one, whatever the client says it reads.
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("text/html"));
    let entry = Arc::clone(server.site.entry());
    let provider = if is_card_page(request.uri().path()) { server.services.payments() } else { None };
    let provider = provider.map(|provider| provider.browser());
    let contexts = move || {
        provide_context(ctx.clone());
        provide_context(entry.clone());
        if let Some(replay) = &replay {
            provide_context(replay.clone());
        }
        if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) {
            response.insert_header(CONTENT_SECURITY_POLICY, policy::with_nonce(&nonce, provider.as_ref()));
        }
    };
    let shell = || app::shell(LeptosOptions::builder().output_name("tenantry").build());
    leptos_axum::render_app_async_stream_with_context(contexts, shell)(request).await
}

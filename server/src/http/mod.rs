//! The HTTP side: which address leads where.

mod administration;
pub mod api;
mod assets;
mod audit_export;
mod avatar;
mod envelope;
mod functions;
mod health;
mod invoice;
mod links;
mod live;
mod negotiate;
mod origin;
mod pages;
mod plain;
mod policy;
mod unsubscribe;
mod usage_export;
mod webhook;

pub use pages::routes as page_routes;

use std::sync::Arc;

use axum::Router;
use axum::extract::Query;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use futures::future::BoxFuture;
use http::Uri;
use service::Services;
use service::process::Watch;

use crate::config::{PublicUrl, TrustedProxies};
use crate::site::Site;

use live::Live;

/// The largest request body; settings documents are a quarter of it at most.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// What handlers need.
pub struct Server {
    services: Arc<Services>,
    site: Site,
    addresses: Addresses,
    live: Arc<Live>,
}

/// Where requests come from and go to.
pub struct Addresses {
    pub public_url: PublicUrl,
    /// Otherwise it is a guess.
    pub is_configured: bool,
    pub trusted_proxies: TrustedProxies,
}

impl Server {
    pub fn new(services: Arc<Services>, site: Site, addresses: Addresses) -> Arc<Self> {
        let asked = Arc::clone(&services);
        let look = move |watches: Vec<Watch>| {
            let services = Arc::clone(&asked);
            Box::pin(async move { service::process::look(&services, &watches).await }) as BoxFuture<'_, _>
        };
        let live = Live::new(live::LOOK_EVERY, Box::new(look));
        Arc::new(Self { services, site, addresses, live })
    }

    /// Has streams end, which would otherwise outlast every patience.
    pub fn stop(&self) {
        self.live.stop();
    }

    /// Requests that would drown the access log.
    fn is_noise(&self, path: &str) -> bool {
        self.site.is_asset_folder(path)
            || path.starts_with(avatar::FOLDER)
            || ["/healthz", "/readyz", "/favicon.ico"].contains(&path)
    }
}

/// The whole site.
pub fn router(server: &Arc<Server>) -> Router {
    let linked = pages::LINKED;
    let mut router = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/redirect/{organization}", get(administration::redirect))
        .nest("/administration", administration::router())
        .nest(api::BASE, api::router())
        .route("/organizations/{handle}/audit/export", get(audit_export::download))
        .route("/organizations/{handle}/usage/export", get(usage_export::download))
        .route("/organizations/{handle}/billing/invoices/{number}/pdf", get(invoice::download))
        .route(webhook::PATH, post(webhook::take))
        .route("/organizations/{handle}/avatar", avatar::uploads())
        .route("/avatars/{file}", avatar::files())
        .route("/live", get(live::stream))
        .route("/fn/{*path}", get(functions::leave).post(functions::call));
    for path in pages::routes() {
        let mut page = if linked.contains(&path.as_str()) { get(pages::show_linked) } else { get(pages::show) };
        if path == app::paths::unsubscribe() {
            page = page.post(unsubscribe::one_click);
        }
        router = router.route(path, page);
    }
    router
        .fallback(pages::show_rest)
        .method_not_allowed_fallback(|| async { envelope::method_not_allowed() })
        .with_state(Arc::clone(server))
        .layer(from_fn_with_state(Arc::clone(server), envelope::envelope))
}

/// Whether an address belongs to the REST surfaces: for programs, which show a token and no cookie.
fn is_rest(path: &str) -> bool {
    ["/administration", "/api"]
        .iter()
        .any(|surface| path.strip_prefix(surface).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// Whether an address is for programs, which come from anywhere and whose cookies mean nothing.
fn is_for_programs(path: &str) -> bool {
    is_rest(path) || path == webhook::PATH
}

/// A parameter of an address's query, decoded; the first of its name.
fn query_value(uri: &Uri, name: &str) -> Option<String> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

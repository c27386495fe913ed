//! What surrounds every request: its identity, its context, the checks that need no page, headers and the access log.
//!
//! Nothing is authorized here: the context carries an *unverified* credential, and storage decides inside its
//! transaction.

use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::{Fault, RequestId};
use futures::FutureExt;
use http::header::{ALLOW, AUTHORIZATION, CONTENT_LENGTH, COOKIE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use service::cookie::Cookies;
use service::{Ctx, RequestInfo, Secret};
use tokio::time::timeout;
use tracing::Instrument;

use super::{BODY_LIMIT, Server, avatar, functions, is_for_programs, origin, plain, policy};

/// How long an answer may take; what takes longer is a job. Also ends bodies that are sent too slowly.
const PATIENCE: Duration = Duration::from_secs(30);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The outermost layer.
pub async fn envelope(State(server): State<Arc<Server>>, mut request: Request, next: Next) -> Response {
    let started = server.services.now();
    let info = info(&server, &request);
    let (id, address) = (info.id, info.address);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let span = tracing::info_span!("request", %id);
    let mut response = match refuse(&server, &request) {
        Some(refusal) => refusal,
        None => {
            request.extensions_mut().insert(Ctx::new(Arc::clone(&server.services), info));
            let html = plain::accepts_html(request.headers());
            let answer = AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span.clone());
            match timeout(PATIENCE, answer).await {
                Ok(Ok(answer)) => answer,
                // The panic itself was logged by the process's hook, within the request's span.
                Ok(Err(_)) => failed(html, id),
                Err(_) => {
                    span.in_scope(|| tracing::error!("no answer within {} seconds", PATIENCE.as_secs()));
                    failed(html, id)
                }
            }
        }
    };
    if let Ok(id) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    policy::complete(response.headers_mut());
    let status = response.status().as_u16();
    let micros = server.services.now().micros() - started.micros();
    let address = address.map(tracing::field::display);
    span.in_scope(|| {
        if server.is_noise(&path) {
            tracing::debug!(target: "access", %method, path, status, micros, address);
        } else {
            tracing::info!(target: "access", %method, path, status, micros, address);
        }
    });
    response
}

fn info(server: &Server, request: &Request) -> RequestInfo {
    let headers = request.headers();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let rest = is_for_programs(request.uri().path());
    let cookies: Vec<&str> = if rest { Vec::new() } else { lines(headers, COOKIE.as_str()) };
    RequestInfo {
        id: server.services.new_request_id(),
        address: peer.map(|peer| client(server, peer, headers)),
        user_agent: lines(headers, USER_AGENT.as_str()).first().copied().unwrap_or_default().to_owned(),
        cookies: Cookies::from_header(&cookies.join("; "), server.services.secure_cookies()),
        bearer: if rest { bearer(headers) } else { None },
    }
}

/// The token of an `Authorization: Bearer …` header; the scheme's case doesn't matter.
fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| Secret::from(token.to_owned()))
}

fn client(server: &Server, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    server.addresses.trusted_proxies.client(peer, &lines(headers, FORWARDED_FOR))
}

fn lines<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect()
}

/// The refusals that need nothing but the request's head.
fn refuse(server: &Server, request: &Request) -> Option<Response> {
    if is_for_programs(request.uri().path()) {
        // Its routes know their methods, and no browser shows a token or signs by itself.
        return None;
    }
    if ![Method::GET, Method::HEAD, Method::POST].contains(request.method()) {
        return Some(method_not_allowed());
    }
    if request.method() != Method::POST {
        return None;
    }
    let headers = request.headers();
    if !origin::may_post(headers, &server.addresses.public_url) {
        let message = "The request came from another site, so nothing was done. Open the console and try again there.";
        let fault = Fault::Forbidden { message: message.to_owned() };
        return Some(plain::refusal(plain::accepts_html(headers), StatusCode::FORBIDDEN, "Refused", &fault));
    }
    let length = lines(headers, CONTENT_LENGTH.as_str()).first().and_then(|length| length.parse::<usize>().ok());
    if avatar::takes_uploads(request.uri().path()) {
        let refused = || {
            plain::refusal(
                plain::accepts_html(headers),
                StatusCode::PAYLOAD_TOO_LARGE,
                "Too large",
                &avatar::too_large(),
            )
        };
        return length.filter(|length| *length > avatar::UPLOAD_LIMIT).map(|_| refused());
    }
    length.is_some_and(|length| length > BODY_LIMIT).then(|| functions::too_large(headers))
}

fn failed(html: bool, id: RequestId) -> Response {
    let fault = Fault::Internal { request_id: id.to_string() };
    plain::refusal(html, StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong", &fault)
}

/// For methods that nothing here knows, and for posts to pages.
pub fn method_not_allowed() -> Response {
    let mut response = plain::page(
        StatusCode::METHOD_NOT_ALLOWED,
        "Not possible here",
        "This address can't be used in this way. Nothing was done.",
    );
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    response
}

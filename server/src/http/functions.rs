//! Server functions: the one place that turns what came of one into an HTTP answer.
//!
//! The console's own calls get the function's JSON with the fault's status. A form posted without script gets the
//! page it stood on: by redirect when the function says where to go or has nothing to show, otherwise rendered in the
//! same request with what was typed and what came of it (see [`Replay`]).
//!
//! The page is known from the Referer, once. The answer's own address would be the function's, and a second try from
//! there would name it as its Referer; so such a post is first sent on, method and body kept (307), to
//! `/fn/…?page=/its/page`. The address then says where the form belongs: for the next try, for a reload, and for
//! script that starts on the answer.

use std::sync::Arc;

use app::form::replay::Replay;
use axum::body::{Body, to_bytes};
use axum::extract::{Extension, Form, FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::Fault;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, REFERER, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use leptos::prelude::provide_context;
use server_fn::error::SERVER_FN_ERROR_HEADER;
use service::Ctx;

use super::plain::{accepts_html, fault_json, page, refusal, retry_after, status_of};
use super::{BODY_LIMIT, Server, origin, pages, query_value};

/// Where server functions live.
const FOLDER: &str = "/fn/";

/// `POST /fn/…`.
pub async fn call(State(server): State<Arc<Server>>, Extension(ctx): Extension<Ctx>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if server_fn::axum::get_server_fn_service(parts.uri.path(), Method::POST).is_none() {
        let message = "This page is older than the server. Reload it and try again.".to_owned();
        let fault = Fault::Unreachable { message };
        return refusal(accepts_html(&parts.headers), StatusCode::NOT_FOUND, "Out of date", &fault);
    }
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return too_large(&parts.headers);
    };
    if !accepts_html(&parts.headers) {
        return Answer::of(&ctx, &parts, body).await.into_json();
    }
    match page_in_address(&parts.uri) {
        Some(page) => answer_form(&server, ctx, &parts, body, &page).await,
        None => send_on(&server, &parts),
    }
}

/// Runs the function for a form without script that stands on `page`.
async fn answer_form(server: &Server, ctx: Ctx, parts: &Parts, body: Bytes, page: &str) -> Response {
    let fields = typed_fields(parts, body.clone()).await;
    let Answer { outcome, head } = Answer::of(&ctx, parts, body).await;
    let replay = |outcome| Replay { action: parts.uri.path().to_owned(), fields, outcome };
    let (mut response, status) = match outcome {
        Ok(_) if head.headers.contains_key(LOCATION) => (go(head.headers.get(LOCATION).cloned()), None),
        // Nothing to show: the page anew, so that reloading it repeats nothing.
        Ok(json) if json == "null" => (go(HeaderValue::try_from(page).ok()), None),
        Ok(json) => (show(server, ctx, parts, page, replay(Ok(json))).await, None),
        Err(Fault::SignInRequired) => (go(HeaderValue::try_from(app::paths::sign_in(Some(page))).ok()), None),
        Err(fault) => {
            let mut response = show(server, ctx, parts, page, replay(Err(fault.clone()))).await;
            retry_after(response.headers_mut(), &fault);
            (response, Some(status_of(&fault)))
        }
    };
    // A page that has moved is opened there, and nothing is sent again.
    if response.status() == StatusCode::PERMANENT_REDIRECT {
        *response.status_mut() = StatusCode::SEE_OTHER;
    }
    // A page that failed by itself, or leads elsewhere, says so; otherwise the form's outcome is the answer's status.
    if let Some(status) = status.filter(|_| response.status() == StatusCode::OK) {
        *response.status_mut() = status;
    }
    for cookie in head.headers.get_all(SET_COOKIE) {
        response.headers_mut().append(SET_COOKIE, cookie.clone());
    }
    response
}

/// `GET /fn/…?page=…`: somebody reloads the answer to a form by its address.
pub async fn leave(request: Request) -> Response {
    match page_in_address(request.uri()).and_then(|page| HeaderValue::try_from(page).ok()) {
        Some(page) => go(Some(page)),
        None => page_not_found(),
    }
}

pub fn too_large(request: &HeaderMap) -> Response {
    let fault = Fault::invalid("", "The form holds more than 1 MiB. Nothing was saved.");
    refusal(accepts_html(request), StatusCode::PAYLOAD_TOO_LARGE, "Too large", &fault)
}

fn page_not_found() -> Response {
    page(StatusCode::NOT_FOUND, "Not found", "Forms are sent here; there is nothing to see.")
}

/// What a server function answered.
struct Answer {
    outcome: Result<String, Fault>,
    head: http::response::Parts,
}

impl Answer {
    /// Runs the function as one of the console's own calls, so that it answers in JSON and redirects by header.
    async fn of(ctx: &Ctx, parts: &Parts, body: Bytes) -> Self {
        let mut request = Request::from_parts(parts.clone(), Body::from(body));
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let provided = ctx.clone();
        let contexts = move || provide_context(provided.clone());
        let response = leptos_axum::handle_server_fns_with_context(contexts, request).await.into_response();
        let (head, body) = response.into_parts();
        let internal = || Fault::Internal { request_id: ctx.request_id().to_string() };
        let failed = head.headers.contains_key(SERVER_FN_ERROR_HEADER);
        let outcome = match to_bytes(body, usize::MAX).await.map(|body| String::from_utf8(body.into())) {
            Ok(Ok(json)) if failed => Err(serde_json::from_str(&json).unwrap_or_else(|_| internal())),
            Ok(Ok(json)) => Ok(json),
            _ => Err(internal()),
        };
        Self { outcome, head }
    }

    /// For the console's own calls: the function's answer, with the fault's status.
    fn into_json(self) -> Response {
        let Self { outcome, mut head } = self;
        head.headers.remove(CONTENT_LENGTH);
        match outcome {
            Ok(json) => Response::from_parts(head, Body::from(json)),
            Err(fault) => {
                let mut response = fault_json(status_of(&fault), &fault);
                for (name, value) in &head.headers {
                    if name == SERVER_FN_ERROR_HEADER || name == SET_COOKIE {
                        response.headers_mut().append(name, value.clone());
                    }
                }
                response
            }
        }
    }
}

fn go(location: Option<HeaderValue>) -> Response {
    let location = location.unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// The form's page as the address says it; never another site's, never one of ours that is no page.
fn page_in_address(uri: &Uri) -> Option<String> {
    let page = query_value(uri, "page")?;
    let local = app::paths::local_or(&page, app::paths::home());
    Some(if local.starts_with(FOLDER) { app::paths::home().to_owned() } else { local })
}

/// Sends the post on to the address that names its page.
fn send_on(server: &Server, parts: &Parts) -> Response {
    let referer = parts.headers.get(REFERER).and_then(|value| value.to_str().ok());
    let referer = referer.filter(|referer| origin::is_own(referer, &parts.headers, &server.addresses.public_url));
    let page = match referer.and_then(|referer| referer.parse::<Uri>().ok()) {
        Some(uri) if uri.path().starts_with(FOLDER) => page_in_address(&uri),
        Some(uri) => uri.path_and_query().map(|path| path.as_str().to_owned()),
        None => None,
    };
    let page = page.unwrap_or_else(|| app::paths::home().to_owned());
    let target = app::paths::answer(parts.uri.path(), &page);
    match HeaderValue::try_from(target) {
        Ok(target) => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, target)]).into_response(),
        Err(_) => page_not_found(),
    }
}

/// What was typed, without secrets.
async fn typed_fields(parts: &Parts, body: Bytes) -> Vec<(String, String)> {
    let request = Request::from_parts(parts.clone(), Body::from(body));
    let Ok(Form(fields)) = Form::<Vec<(String, String)>>::from_request(request, &()).await else {
        return Vec::new();
    };
    fields.into_iter().filter(|(name, _)| !is_secret(name)).collect()
}

/// Also within a form's own name, as in `form[secret]`. A secret of an organization is typed as a plain `value`.
fn is_secret(field: &str) -> bool {
    let name = field.trim_end_matches(']').rsplit('[').next().unwrap_or_default();
    name.ends_with("password") || ["link", "secret"].contains(&name) || field == "value"
}

/// Renders the form's page within this request.
pub async fn show(server: &Server, ctx: Ctx, parts: &Parts, page: &str, replay: Replay) -> Response {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = page.parse().unwrap_or_default();
    *request.headers_mut() = parts.headers.clone();
    for of_the_post in [CONTENT_TYPE, CONTENT_LENGTH] {
        request.headers_mut().remove(of_the_post);
    }
    pages::render(server, ctx, request, Some(replay)).await
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn secrets_are_known_by_their_names() {
        for (name, secret) in [
            ("password", true),
            ("new_password", true),
            ("form[secret]", true),
            ("link", true),
            ("value", true),
            ("form[value]", false),
            ("name", false),
        ] {
            assert_eq!(is_secret(name), secret, "{name}");
        }
    }
}

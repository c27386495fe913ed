//! Answers outside the console's pages: refusals and failures that must not depend on rendering.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use domain::Fault;
use http::header::{ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use leptos::nonce::Nonce;

const STYLE: &str = "body{font:14px/1.5 system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 1.5rem;\
color-scheme:light dark;color:light-dark(#1b2530,#e4e9ee);background:light-dark(#fbfcfd,#12181f)}\
body:has(section){max-width:56rem;margin:3rem auto}section{margin:0 0 2.5rem}\
h1{font-size:20px;font-weight:600}h2{font-size:17px;margin-top:3rem}h3{font-size:15px}\
a{color:light-dark(#0f6a6a,#5cc4c0)}code{font-family:ui-monospace,monospace;font-size:13px;overflow-wrap:anywhere}\
table{border-collapse:collapse;width:100%;margin:0 0 1rem;font-size:13px}caption{text-align:left;font-weight:600;padding:4px 0}\
td,th{border-top:1px solid light-dark(#dfe4ea,#2a343f);padding:4px 16px 4px 0;text-align:left;vertical-align:top}";

/// A small page of its own, for people; `text` is a sentence or two.
pub fn page(status: StatusCode, title: &str, text: &str) -> Response {
    let (heading, text) = (escape(title), escape(text));
    document(status, title, &format!("<h1>{heading}</h1><p>{text}</p><p><a href=\"/\">Go to the start page</a></p>"))
}

/// A document of its own; `main` is HTML.
pub fn document(status: StatusCode, title: &str, main: &str) -> Response {
    let nonce = Nonce::new();
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} · Tenantry</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style nonce=\"{nonce}\">{STYLE}</style>\
         </head><body><main>{main}</main></body></html>",
        title = escape(title),
    );
    let mut response = (status, Body::from(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_SECURITY_POLICY, super::policy::with_nonce(&nonce, None));
    response
}

/// One line for machines.
pub fn text(status: StatusCode, line: &'static str) -> Response {
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{line}\n")).into_response()
}

/// A refusal in the form its receiver reads: a page for a browser's form, JSON for the console's own calls.
pub fn refusal(html: bool, status: StatusCode, title: &str, fault: &Fault) -> Response {
    if html { page(status, title, &fault.to_string()) } else { fault_json(status, fault) }
}

/// A fault as the console's own calls decode it.
pub fn fault_json(status: StatusCode, fault: &Fault) -> Response {
    let body = serde_json::to_vec(fault).unwrap_or_default();
    let mut response = (status, [(CONTENT_TYPE, "application/json")], body).into_response();
    retry_after(response.headers_mut(), fault);
    response
}

/// Says when to come back, for faults that pass.
pub fn retry_after(headers: &mut HeaderMap, fault: &Fault) {
    if let Fault::Throttled { retry_after } | Fault::Busy { retry_after } = fault {
        headers.insert(RETRY_AFTER, HeaderValue::from(*retry_after));
    }
}

/// The status of a fault.
pub fn status_of(fault: &Fault) -> StatusCode {
    StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Whether a person's browser asks: a navigation or a form without script.
pub fn accepts_html(request: &HeaderMap) -> bool {
    request.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).any(|value| value.contains("text/html"))
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

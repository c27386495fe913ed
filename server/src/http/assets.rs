//! Serving the packed site's assets.

use axum::body::Body;
use axum::response::Response;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::negotiate::{Coding, choose};
use super::policy;
use crate::site::Asset;

/// How long a browser may keep an answer.
#[derive(Debug, Clone, Copy)]
pub enum Caching {
    /// The path holds a hash of the content, so it never changes.
    Forever,
    /// The path is fixed and its content may change with an update.
    AnHour,
}

impl Caching {
    pub const fn header(self) -> HeaderValue {
        match self {
            Self::Forever => HeaderValue::from_static("public, max-age=31536000, immutable"),
            Self::AnHour => HeaderValue::from_static("public, max-age=3600"),
        }
    }
}

/// The asset in the best coding the client takes; `304` when it has it already.
pub fn respond(asset: &Asset, request: &HeaderMap, caching: Caching) -> Response {
    let stored = |coding| body(asset, coding).is_some();
    let accept: Vec<&str> = request.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).collect();
    let accept = if accept.is_empty() { None } else { Some(accept.join(",")) };
    let Some((coding, bytes)) =
        choose(accept.as_deref(), stored).and_then(|coding| Some((coding, body(asset, coding)?)))
    else {
        return vary(Response::new(Body::empty()), StatusCode::NOT_ACCEPTABLE);
    };
    let etag = asset.etag(if coding == Coding::Identity { "" } else { coding.name() });
    let known = matches_etag(request, &etag);
    let mut response = if known {
        vary(Response::new(Body::empty()), StatusCode::NOT_MODIFIED)
    } else {
        vary(Response::new(Body::from(bytes.clone())), StatusCode::OK)
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, caching.header());
    headers.insert(CONTENT_SECURITY_POLICY, policy::ASSET);
    if let Ok(etag) = HeaderValue::try_from(etag) {
        headers.insert(ETAG, etag);
    }
    if !known {
        headers.insert(CONTENT_TYPE, asset.content_type.clone());
        if coding != Coding::Identity {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        }
    }
    response
}

fn body(asset: &Asset, coding: Coding) -> Option<&bytes::Bytes> {
    match coding {
        Coding::Brotli => asset.brotli.as_ref(),
        Coding::Gzip => asset.gzip.as_ref(),
        Coding::Identity => Some(&asset.identity),
    }
}

fn vary(mut response: Response, status: StatusCode) -> Response {
    *response.status_mut() = status;
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    response
}

/// Weak comparison, as `If-None-Match` asks for.
pub fn matches_etag(request: &HeaderMap, etag: &str) -> bool {
    let lines = request.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

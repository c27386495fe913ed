//! Bodies, versions and one-time secrets on the wire.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::de::DeserializeOwned;
use service::IdempotencyKey;
use service::org::Base;

use super::Problem;
use crate::http::BODY_LIMIT;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A JSON body, read strictly: `T` refuses unknown keys. Keeps the bytes for idempotency keys.
pub struct Body<T> {
    pub value: T,
    pub bytes: Bytes,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let media = media_type(&request);
        if !media.eq_ignore_ascii_case("application/json")
            && !media.eq_ignore_ascii_case("application/merge-patch+json")
        {
            let detail = "Send JSON, with “Content-Type: application/json”.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        let bytes = to_bytes(request.into_body(), BODY_LIMIT).await.map_err(|_| {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "A body has at most 1 MiB. Nothing was saved.")
        })?;
        let value = serde_json::from_slice(&bytes).map_err(|error| {
            if error.is_data() {
                // serde_json ends its message with the place.
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", &format!("The body doesn't fit: {error}."))
            } else {
                Problem::new(StatusCode::BAD_REQUEST, "bad_request", &format!("The body is no JSON: {error}."))
            }
        })?;
        Ok(Self { value, bytes })
    }
}

/// Events in JSON, one or an array: of CloudEvents' media types or plain. Each is read on its own afterwards.
pub struct Events(pub serde_json::Value);

/// A thousand events of the largest kind.
const EVENTS_LIMIT: usize = 4 * 1024 * 1024;

impl<S: Send + Sync> FromRequest<S> for Events {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let media = media_type(&request);
        let known = ["application/json", "application/cloudevents+json", "application/cloudevents-batch+json"];
        if !known.iter().any(|one| media.eq_ignore_ascii_case(one)) {
            let detail = "Send “Content-Type: application/cloudevents+json”, or application/cloudevents-batch+json.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        let bytes = to_bytes(request.into_body(), EVENTS_LIMIT).await.map_err(|_| {
            let detail = "A batch has at most 4 MiB. Nothing was taken.";
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
        })?;
        let value = serde_json::from_slice(&bytes).map_err(|error| {
            let detail = format!("The body is no JSON: {error}. Nothing was taken.");
            Problem::new(StatusCode::BAD_REQUEST, "bad_request", &detail)
        })?;
        Ok(Self(value))
    }
}

fn media_type(request: &Request) -> String {
    let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media.split(';').next().unwrap_or_default().trim().to_owned()
}

/// The client's key for a create, which is then done once.
pub fn idempotency_key(
    headers: &HeaderMap,
    route: &'static str,
    request: &[u8],
) -> Result<Option<IdempotencyKey>, Problem> {
    let key = headers.get(IDEMPOTENCY_KEY);
    Ok(key.map(|key| IdempotencyKey::new(route, key.to_str().unwrap_or_default(), request)).transpose()?)
}

/// 201, with where below the surface the new resource lies.
pub fn created(path: &str, resource: impl IntoResponse) -> Response {
    let mut response = (StatusCode::CREATED, resource).into_response();
    if let Ok(location) = HeaderValue::try_from([super::BASE, path].concat()) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// Names a version in an answer.
pub fn etag(headers: &mut HeaderMap, version: i64) {
    if let Ok(value) = HeaderValue::try_from(format!("\"v{version}\"")) {
        headers.insert(ETAG, value);
    }
}

/// The version that a change starts from; every change must name one, or `*` for whatever it is now.
pub fn if_match(headers: &HeaderMap) -> Result<Base, Problem> {
    let Some(value) = headers.get(IF_MATCH) else {
        let detail = "Send the resource's ETag in If-Match, so that nobody's change is lost.";
        return Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, "precondition_required", detail));
    };
    match value.to_str().unwrap_or_default().trim() {
        "*" => Ok(Base::Current),
        tag => {
            let version =
                tag.strip_prefix("\"v").and_then(|tag| tag.strip_suffix('"')).and_then(|tag| tag.parse().ok());
            // A tag of another form is of no version of ours.
            Ok(Base::Version(version.unwrap_or(-1)))
        }
    }
}

/// What a PUT starts from: `None` when it says that nothing is there yet.
pub fn base(headers: &HeaderMap) -> Result<Option<Base>, Problem> {
    match headers.get(IF_NONE_MATCH).map(|value| value.to_str().unwrap_or_default().trim()) {
        Some("*") => Ok(None),
        Some(_) => Err(domain::Fault::invalid("If-None-Match", "A change knows no If-None-Match but `*`.").into()),
        None => if_match(headers).map(Some),
    }
}

/// A key that may be missing, but not `null`.
pub fn given<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: serde::Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Tells a key that was sent as `null` from one that wasn't sent.
pub fn present<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: serde::Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    serde::Deserialize::deserialize(deserializer).map(Some)
}

//! Reading a request's JSON: missing is not null, types are strict, unknown keys are ignored.

use std::collections::BTreeMap;

use axum::body::to_bytes;
use domain::name::{Handle, HandleError};
use domain::settings::limits::{INTEGER_MAX, check_terms};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};
use service::administration::Options;

use super::refusal::{Detail, Refusal};
use crate::http::BODY_LIMIT;

/// A body whose JSON was read, or that isn't said to be JSON.
pub enum Body {
    Missing,
    Json(Value),
    Other(String),
}

impl Body {
    pub async fn read(headers: &HeaderMap, body: axum::body::Body) -> Result<Self, Refusal> {
        let Ok(bytes) = to_bytes(body, BODY_LIMIT).await else {
            return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large"));
        };
        if bytes.is_empty() {
            return Ok(Self::Missing);
        }
        let other = || Self::Other(String::from_utf8_lossy(&bytes).into_owned());
        match media(headers) {
            Media::Json => serde_json::from_slice(&bytes).map(Self::Json).map_err(|error| syntax(&bytes, &error)),
            // `curl --data` says so unless told otherwise.
            Media::Form => {
                Ok(serde_json::from_slice(&bytes).ok().filter(Value::is_object).map_or_else(other, Self::Json))
            }
            Media::Other => Ok(other()),
        }
    }
}

enum Media {
    Json,
    Form,
    Other,
}

fn media(headers: &HeaderMap) -> Media {
    let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media.strip_prefix("application/") {
        Some("json") => Media::Json,
        Some(subtype) if subtype.ends_with("+json") => Media::Json,
        Some("x-www-form-urlencoded") => Media::Form,
        _ => Media::Other,
    }
}

/// Names the place, counted in bytes from 0.
fn syntax(bytes: &[u8], error: &serde_json::Error) -> Refusal {
    let before: usize =
        bytes.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    let place = if error.is_eof() { bytes.len() } else { before + error.column().saturating_sub(1) };
    Refusal::invalid(vec![Detail {
        kind: "json_invalid",
        loc: vec![json!("body"), json!(place)],
        msg: "JSON decode error".to_owned(),
        input: json!({}),
    }])
}

/// The fields of an object, and what was found wrong with them.
pub struct Fields {
    map: Map<String, Value>,
    wrong: Vec<Detail>,
    /// The organization's name is one of ours; for this API somebody else has it.
    reserved: bool,
}

impl Fields {
    pub fn of(body: Body) -> Result<Self, Refusal> {
        let refuse = |kind, msg: &str, input| {
            Err(Refusal::invalid(vec![Detail { kind, loc: vec![json!("body")], msg: msg.to_owned(), input }]))
        };
        const NO_OBJECT: &str = "Input should be a valid dictionary or object to extract fields from";
        match body {
            Body::Json(Value::Object(map)) => Ok(Self { map, wrong: Vec::new(), reserved: false }),
            Body::Json(input) => refuse("model_attributes_type", NO_OBJECT, input),
            Body::Other(text) => refuse("model_attributes_type", NO_OBJECT, json!(text)),
            Body::Missing => refuse("missing", "Field required", Value::Null),
        }
    }

    pub fn finish(self) -> Result<(), Refusal> {
        match self {
            Self { wrong, .. } if !wrong.is_empty() => Err(Refusal::invalid(wrong)),
            Self { reserved: true, .. } => Err(Refusal::new(StatusCode::BAD_REQUEST, "Organization already exists")),
            _ => Ok(()),
        }
    }

    fn wrong(&mut self, kind: &'static str, place: &[&str], msg: impl Into<String>, input: Value) {
        let loc = std::iter::once("body").chain(place.iter().copied()).map(|part| json!(part)).collect();
        self.wrong.push(Detail { kind, loc, msg: msg.into(), input });
    }

    pub fn organization_id(&mut self) -> Option<Handle> {
        const NAME: &str = "organization_id";
        const INVALID: &str = "Value error, Invalid OrganizationID";
        match self.map.get(NAME).cloned() {
            None => {
                let input = Value::Object(self.map.clone());
                self.wrong("missing", &[NAME], "Field required", input);
                None
            }
            Some(Value::String(text)) => match Handle::parse(&text) {
                Ok(handle) => Some(handle),
                Err(HandleError::Reserved) => {
                    self.reserved = true;
                    None
                }
                Err(_) => {
                    self.wrong("value_error", &[NAME], INVALID, json!(text));
                    None
                }
            },
            Some(input) => {
                self.wrong("value_error", &[NAME], INVALID, input);
                None
            }
        }
    }

    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        match self.map.get(name).cloned()? {
            Value::Bool(flag) => Some(flag),
            input => {
                self.wrong("bool_type", &[name], "Input should be a valid boolean", input);
                None
            }
        }
    }

    /// An integer from 0 to 2³¹−1.
    fn integer(&mut self, name: &'static str, input: Value) -> Option<u32> {
        let number = match &input {
            Value::Number(number) => number.as_u64(),
            _ => None,
        };
        match number {
            Some(number) if number <= u64::from(INTEGER_MAX) => u32::try_from(number).ok(),
            Some(_) => {
                self.wrong("less_than_equal", &[name], format!("Input should be at most {INTEGER_MAX}"), input);
                None
            }
            None if input.as_i64().is_some() => {
                self.wrong("greater_than_equal", &[name], "Input should be greater than or equal to 0", input);
                None
            }
            None => {
                self.wrong("int_type", &[name], "Input should be a valid integer", input);
                None
            }
        }
    }

    /// The options of an organization; `None` when one of them is wrong.
    pub fn options(&mut self, terms_may_go: bool) -> Option<Options> {
        const LIMIT: &str = "active_users_limit";
        const ARCHIVING: &str = "realm_minimum_archiving_period_before_deletion";
        let before = self.wrong.len();
        let options = Options {
            externals_allowed: self.flag("user_profile_outsider_allowed"),
            seats: match self.map.get(LIMIT).cloned() {
                None => None,
                Some(Value::Null) => Some(None),
                Some(input) => self.integer(LIMIT, input).map(Some),
            },
            archiving_seconds: self.map.get(ARCHIVING).cloned().and_then(|input| self.integer(ARCHIVING, input)),
            terms: self.terms(terms_may_go),
        };
        (self.wrong.len() == before).then_some(options)
    }

    fn terms(&mut self, may_go: bool) -> Option<Option<BTreeMap<String, String>>> {
        const TOS: &str = "tos";
        match self.map.get(TOS).cloned()? {
            Value::Null if may_go => Some(None),
            Value::Object(map) => {
                let mut links = BTreeMap::new();
                for (locale, link) in map {
                    match link {
                        Value::String(link) => {
                            links.insert(locale, link);
                        }
                        input => self.wrong("string_type", &[TOS, &locale], "Input should be a valid string", input),
                    }
                }
                if let Err((locale, message)) = check_terms(&links) {
                    let input = json!(links.get(&locale));
                    self.wrong("value_error", &[TOS, &locale], format!("Value error, {message}"), input);
                }
                Some(Some(links))
            }
            input => {
                self.wrong("dict_type", &[TOS], "Input should be a valid dictionary", input);
                None
            }
        }
    }
}

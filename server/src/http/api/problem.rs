//! Refusals and failures as RFC 9457 problems.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use domain::{Fault, FieldError};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use service::Ctx;
use utoipa::openapi::{Content as Media, RefOr, Response as Described, ResponseBuilder};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

use super::plans::Plan;

const MEDIA_TYPE: &str = "application/problem+json";

/// Something that is wrong with one part of the request.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// The key in the request, or a header's name.
    field: String,
    detail: String,
    /// In a document inside a field: RFC 6901.
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    /// In a document inside a field: from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// In a document inside a field: from 1, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

/// What a handler answers instead.
#[derive(Debug)]
pub struct Problem(Box<Content>);

/// An RFC 9457 problem. `code` is stable; `detail` is for people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
struct Content {
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: String,
    #[schema(value_type = u16)]
    status: u16,
    /// `invalid`, `bad_request`, `unauthorized`, `forbidden`, `not_found`, `moved`, `method_not_allowed`, `conflict`, `plan_grew`,
    /// `stale`, `precondition_required`, `unsupported_media_type`, `too_large`, `throttled`, `busy` or `internal`.
    #[schema(value_type = String)]
    code: &'static str,
    detail: String,
    /// What is wrong, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemField>,
    /// The plan as it would be now, when more would go than was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<Plan>,
    /// Names the request in the server's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip)]
    retry_after: Option<u32>,
    #[serde(skip)]
    etag: Option<i64>,
    #[serde(skip)]
    moved_to: Option<MovedTo>,
}

/// In an answer's extensions: the organization's handle of now, for the address that the answer redirects to.
#[derive(Debug, Clone)]
pub struct MovedTo(pub String);

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, detail: &str) -> Self {
        Self(Box::new(Content {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            status: status.as_u16(),
            code,
            detail: detail.to_owned(),
            errors: Vec::new(),
            plan: None,
            request_id: None,
            retry_after: None,
            etag: None,
            moved_to: None,
        }))
    }

    /// A limit was reached; after so many seconds there is a new one.
    pub fn too_many(retry_after: u32) -> Self {
        let detail = format!("That were too many requests within a minute. Try again in {retry_after} seconds.");
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "throttled", &detail);
        problem.0.retry_after = Some(retry_after);
        problem
    }

    pub fn of_error(error: service::Error, ctx: &Ctx) -> Self {
        error.into_fault(ctx).into()
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let code = match &fault {
            Fault::Invalid { .. } => "invalid",
            Fault::Conflict { .. } => "conflict",
            Fault::Stale { .. } => "stale",
            Fault::PlanGrew { .. } => "plan_grew",
            Fault::SignInRequired => "unauthorized",
            Fault::NotFound => "not_found",
            Fault::Forbidden { .. } => "forbidden",
            Fault::Moved { .. } => "moved",
            Fault::Throttled { .. } => "throttled",
            Fault::Busy { .. } => "busy",
            Fault::Internal { .. } | Fault::Unreachable { .. } => "internal",
        };
        let mut problem = Self::new(status, code, &fault.to_string());
        let content = &mut *problem.0;
        match fault {
            Fault::Invalid { fields } => content.errors = fields.iter().map(ProblemField::from).collect(),
            Fault::Stale { version, .. } => {
                "The resource has changed since. Read it again, and send its new ETag in If-Match."
                    .clone_into(&mut content.detail);
                content.etag = Some(version);
            }
            Fault::PlanGrew { preview } => content.plan = Some(Plan::from(*preview)),
            Fault::SignInRequired => {
                "Send a valid token as “Authorization: Bearer …”.".clone_into(&mut content.detail);
            }
            Fault::Throttled { retry_after } | Fault::Busy { retry_after } => content.retry_after = Some(retry_after),
            Fault::Moved { handle } => {
                content.status = StatusCode::PERMANENT_REDIRECT.as_u16();
                "Permanent Redirect".clone_into(&mut content.title);
                content.moved_to = Some(MovedTo(handle));
            }
            Fault::Internal { request_id } => content.request_id = Some(request_id),
            _ => {}
        }
        problem
    }
}

/// Turns a verb's error into a problem; what isn't the client's fault is logged with the request's id.
pub trait OrProblem<T> {
    fn or_problem(self, ctx: &Ctx) -> Result<T, Problem>;
}

impl<T> OrProblem<T> for Result<T, service::Error> {
    fn or_problem(self, ctx: &Ctx) -> Result<T, Problem> {
        self.map_err(|error| Problem::of_error(error, ctx))
    }
}

impl From<&FieldError> for ProblemField {
    fn from(error: &FieldError) -> Self {
        Self {
            field: error.field.to_string(),
            detail: error.message.clone(),
            pointer: error.at.as_ref().map(|at| at.pointer.clone()),
            line: error.at.as_ref().map(|at| at.line),
            column: error.at.as_ref().map(|at| at.column),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self(content) = self;
        let status = StatusCode::from_u16(content.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&content).unwrap_or_default();
        let mut response = (status, [(CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"tenantry\""));
        }
        if let Some(seconds) = content.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(version) = content.etag {
            super::json::etag(headers, version);
        }
        if let Some(moved_to) = content.moved_to {
            response.extensions_mut().insert(moved_to);
        }
        response
    }
}

/// Every route may answer with a problem.
pub struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let schema = RefOr::Ref(utoipa::openapi::Ref::from_schema_name("Problem"));
        let response =
            ResponseBuilder::new().description("What went wrong").content(MEDIA_TYPE, Media::new(Some(schema))).build();
        BTreeMap::from([("default".to_owned(), RefOr::T(response))])
    }
}

/// The schemas that [`Problems`] names.
pub fn schemas() -> Vec<(String, RefOr<utoipa::openapi::Schema>)> {
    let mut schemas = vec![(Content::name().into_owned(), Content::schema())];
    Content::schemas(&mut schemas);
    schemas
}

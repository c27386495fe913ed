//! Refusals in that API's words.

use axum::response::{IntoResponse, Json, Response};
use domain::Fault;
use http::header::{ALLOW, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use service::Ctx;

/// One thing that is wrong with a request.
#[derive(Debug, Serialize)]
pub struct Detail {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub loc: Vec<Value>,
    pub msg: String,
    pub input: Value,
}

#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    detail: Value,
    allow: Option<&'static str>,
    retry_after: Option<u32>,
}

impl Refusal {
    pub fn new(status: StatusCode, detail: &str) -> Self {
        Self { status, detail: json!(detail), allow: None, retry_after: None }
    }

    pub fn method(allow: &'static str) -> Self {
        Self { allow: Some(allow), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed") }
    }

    pub fn invalid(details: Vec<Detail>) -> Self {
        Self { detail: json!(details), ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "") }
    }

    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    }

    /// What the service refused.
    pub fn of(error: service::Error, ctx: &Ctx) -> Self {
        let fault = error.into_fault(ctx);
        match &fault {
            Fault::NotFound => Self::new(StatusCode::NOT_FOUND, "Organization not found"),
            Fault::Conflict { message } => Self::new(StatusCode::BAD_REQUEST, message),
            Fault::Invalid { fields } => Self::invalid(
                fields
                    .iter()
                    .map(|error| Detail {
                        kind: "value_error",
                        loc: vec![json!("body"), json!(error.field)],
                        msg: error.message.clone(),
                        input: Value::Null,
                    })
                    .collect(),
            ),
            Fault::Busy { retry_after } | Fault::Throttled { retry_after } => Self {
                retry_after: Some(*retry_after),
                ..Self::new(StatusCode::from_u16(fault.status()).unwrap_or_default(), &fault.to_string())
            },
            Fault::Internal { .. } => Self::internal(),
            Fault::SignInRequired => Self::new(StatusCode::FORBIDDEN, "Bad authorization token"),
            _ => Self::new(StatusCode::FORBIDDEN, &fault.to_string()),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(json!({ "detail": self.detail }))).into_response();
        let headers = response.headers_mut();
        if let Some(allow) = self.allow {
            headers.insert(ALLOW, HeaderValue::from_static(allow));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Lets holders of a token of the instance through.
pub async fn authenticate(ctx: &Ctx) -> Result<(), Refusal> {
    if !ctx.has_bearer() {
        return Err(Refusal::new(StatusCode::FORBIDDEN, "Not authenticated"));
    }
    service::administration::authenticate(ctx).await.map_err(|error| Refusal::of(error, ctx))
}

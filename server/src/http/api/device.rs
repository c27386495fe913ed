//! Signing a program in (RFC 8628). Parameters come as a form, as the RFC has it, or as JSON, and unknown ones are ignored;
//! errors are those of RFC 6749. No token is shown here, and one that is shown is not looked at.

use axum::Extension;
use axum::extract::{Form, FromRequest, Request};
use axum::response::{IntoResponse, Json, Response};
use domain::Fault;
use domain::device::Refusal;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use service::{Ctx, Secret, device};
use utoipa::ToSchema;

/// What a program asks for its token with.
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

#[derive(Deserialize, ToSchema)]
pub struct DeviceAuthorization {
    /// `tenantry-cli`.
    #[serde(default)]
    client_id: String,
}

/// What the program shows, and what it keeps to ask with.
#[derive(Serialize, ToSchema)]
pub struct DeviceCodes {
    /// For the program alone.
    device_code: String,
    /// For the person to type, like `BCDF-GHJK`.
    user_code: String,
    /// Where the person types it.
    verification_uri: String,
    /// The same with the code filled in.
    verification_uri_complete: String,
    /// Seconds until the codes are dead.
    expires_in: i64,
    /// Seconds between two questions.
    interval: i64,
}

#[derive(Deserialize, ToSchema)]
pub struct DeviceTokenRequest {
    /// `urn:ietf:params:oauth:grant-type:device_code`.
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    device_code: String,
    /// `tenantry-cli`.
    #[serde(default)]
    client_id: String,
}

#[derive(Serialize, ToSchema)]
pub struct DeviceToken {
    /// `tnt_cli_…`, shown this once.
    access_token: String,
    /// `Bearer`.
    #[schema(value_type = String)]
    token_type: &'static str,
    /// Seconds until the token expires.
    expires_in: i64,
    /// `full`: what the person may who approved.
    scope: String,
}

/// An error of RFC 6749 and RFC 8628.
#[derive(Debug, Serialize, ToSchema)]
pub struct OAuthError {
    /// `authorization_pending`, `slow_down` (from now on wait 5 seconds longer), `access_denied`, `expired_token`, `invalid_grant`,
    /// `invalid_client`, `invalid_request`, `unsupported_grant_type`, `temporarily_unavailable` or `server_error`.
    #[schema(value_type = String)]
    error: &'static str,
    error_description: String,
    #[serde(skip)]
    status: StatusCode,
    #[serde(skip)]
    retry_after: Option<u32>,
}

/// Ask to be signed in
///
/// For programs without a token. Show the person the code and where to type it, then ask for the token.
#[utoipa::path(post, path = "/device/authorize", tag = "Sign-in", operation_id = "authorizeDevice", security(()),
    request_body(content((DeviceAuthorization = "application/json"), (DeviceAuthorization = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = DeviceCodes), (status = "default", body = OAuthError)))]
pub async fn authorize(
    Extension(ctx): Extension<Ctx>,
    Parameters(asked): Parameters<DeviceAuthorization>,
) -> Result<Json<DeviceCodes>, OAuthError> {
    let asked = device::authorize(&ctx, &asked.client_id).await.map_err(|error| OAuthError::of(error, &ctx))??;
    Ok(Json(DeviceCodes {
        device_code: asked.device_code.expose().to_owned(),
        user_code: asked.user_code,
        verification_uri: asked.verification_uri,
        verification_uri_complete: asked.verification_uri_complete,
        expires_in: asked.expires_in,
        interval: asked.interval,
    }))
}

/// Ask for the token of a sign-in
///
/// Repeat it every `interval` seconds while the answer is `authorization_pending`. The token acts for the person who approved,
/// for 12 hours.
#[utoipa::path(post, path = "/device/token", tag = "Sign-in", operation_id = "redeemDevice", security(()),
    request_body(content((DeviceTokenRequest = "application/json"), (DeviceTokenRequest = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = DeviceToken), (status = "default", body = OAuthError)))]
pub async fn token(
    Extension(ctx): Extension<Ctx>,
    Parameters(asked): Parameters<DeviceTokenRequest>,
) -> Result<Json<DeviceToken>, OAuthError> {
    if [&asked.grant_type, &asked.device_code, &asked.client_id].into_iter().any(String::is_empty) {
        return Err(Refusal::InvalidRequest.into());
    }
    if asked.grant_type != GRANT_TYPE {
        return Err(Refusal::UnsupportedGrantType.into());
    }
    let polled = device::poll(&ctx, &asked.client_id, &Secret::from(asked.device_code)).await;
    let issued = polled.map_err(|error| OAuthError::of(error, &ctx))??;
    Ok(Json(DeviceToken {
        access_token: issued.token.expose().to_owned(),
        token_type: "Bearer",
        expires_in: issued.expires_in,
        scope: issued.scopes,
    }))
}

/// A form or JSON.
pub struct Parameters<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Parameters<T> {
    type Rejection = OAuthError;

    async fn from_request(request: Request, state: &S) -> Result<Self, OAuthError> {
        let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let read = if media.starts_with("application/json") {
            Json::from_request(request, state).await.ok().map(|Json(parameters)| parameters)
        } else {
            Form::from_request(request, state).await.ok().map(|Form(parameters)| parameters)
        };
        read.map(Self).ok_or_else(|| Refusal::InvalidRequest.into())
    }
}

impl OAuthError {
    fn of(error: service::Error, ctx: &Ctx) -> Self {
        let fault = error.into_fault(ctx);
        let (status, error, retry_after) = match &fault {
            Fault::Throttled { retry_after } => {
                (StatusCode::TOO_MANY_REQUESTS, Refusal::SlowDown.code(), Some(*retry_after))
            }
            Fault::Busy { retry_after } => {
                (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", Some(*retry_after))
            }
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "server_error", None),
        };
        Self { error, error_description: fault.to_string(), status, retry_after }
    }
}

impl From<Refusal> for OAuthError {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal {
            Refusal::InvalidClient => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        Self { error: refusal.code(), error_description: refusal.words().to_owned(), status, retry_after: None }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let (status, retry_after) = (self.status, self.retry_after);
        let mut response = (status, Json(self)).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Json, Response};
use domain::auth_policy::{AuthForm, AuthView};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use service::{Ctx, auth_policy};
use utoipa::ToSchema;

use super::json::{Body, etag, if_match, present};
use super::problem::{OrProblem, Problem, Problems};

/// How an organization's people sign in.
#[derive(Serialize, ToSchema)]
pub struct Authentication {
    /// Counts the saves; also the ETag.
    version: i64,
    /// Hours after which a console session has to sign in again; `null`: the instance's 30 days.
    console_hours: Option<u32>,
    /// The same for a sign-in from the command line; `null`: the instance's 12 hours.
    cli_hours: Option<u32>,
    /// Days that a token may live; `null`: any.
    token_days: Option<u32>,
    /// If any, only addresses of these may be invited.
    trusted_domains: Vec<String>,
    /// Members' tokens that live longer than `token_days` and are refused; at most 100.
    refused_tokens: Vec<RefusedToken>,
}

#[derive(Serialize, ToSchema)]
struct RefusedToken {
    owner: String,
    name: String,
    /// `null`: never.
    expires_at: Option<String>,
}

impl From<AuthView> for Authentication {
    fn from(view: AuthView) -> Self {
        let refused = view.outliving.into_iter().map(|token| RefusedToken {
            owner: token.owner,
            name: token.name,
            expires_at: token.expires_at.map(|at| at.to_string()),
        });
        Self {
            version: view.version,
            console_hours: view.policy.console_hours,
            cli_hours: view.policy.cli_hours,
            token_days: view.policy.token_days,
            trusted_domains: view.policy.trusted_domains.iter().map(|host| host.as_str().to_owned()).collect(),
            refused_tokens: refused.collect(),
        }
    }
}

impl IntoResponse for Authentication {
    fn into_response(self) -> Response {
        let version = self.version;
        let mut response = Json(self).into_response();
        etag(response.headers_mut(), version);
        response
    }
}

/// What isn't sent stays; `null` leaves it to the instance.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthenticationUpdate {
    /// From 1 to 720.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u32>)]
    console_hours: Option<Option<u32>>,
    /// From 1 to 12.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u32>)]
    cli_hours: Option<Option<u32>>,
    /// From 1 to 3650, and no shorter than a session.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u32>)]
    token_days: Option<Option<u32>>,
    #[serde(default)]
    trusted_domains: Option<Vec<String>>,
}

/// Read how an organization's people sign in
#[utoipa::path(get, path = "/organizations/{handle}/authentication", tag = "Authentication",
    operation_id = "readAuthentication", params(("handle" = String, Path)),
    responses((status = 200, body = Authentication, headers(("ETag" = String, description = "For If-Match"))), Problems))]
pub async fn read(Extension(ctx): Extension<Ctx>, Path(handle): Path<String>) -> Result<Authentication, Problem> {
    Ok(auth_policy::read(&ctx, &handle).await.or_problem(&ctx)?.into())
}

/// Change how an organization's people sign in
#[utoipa::path(patch, path = "/organizations/{handle}/authentication", tag = "Authentication",
    operation_id = "updateAuthentication",
    params(("handle" = String, Path), ("If-Match" = String, Header, description = "The ETag that was read, or `*`")),
    request_body = AuthenticationUpdate, responses((status = 200, body = Authentication), Problems))]
pub async fn update(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    headers: HeaderMap,
    body: Body<AuthenticationUpdate>,
) -> Result<Authentication, Problem> {
    let base = if_match(&headers)?;
    let now = auth_policy::read(&ctx, &handle).await.or_problem(&ctx)?;
    let mut form = AuthForm::from(&now.policy);
    let text = |value: Option<Option<u32>>, field: &mut String| {
        if let Some(value) = value {
            *field = value.map(|number| number.to_string()).unwrap_or_default();
        }
    };
    text(body.value.console_hours, &mut form.console_hours);
    text(body.value.cli_hours, &mut form.cli_hours);
    text(body.value.token_days, &mut form.token_days);
    if let Some(domains) = body.value.trusted_domains {
        form.trusted_domains = domains.join(" ");
    }
    auth_policy::save(&ctx, &handle, base.or(now.version), &form).await.or_problem(&ctx)?;
    Ok(auth_policy::read(&ctx, &handle).await.or_problem(&ctx)?.into())
}

//! What server functions share on the server: the request's context, cookies, and the one conversion of errors.

use domain::Fault;
use domain::auth::{LINK_COOKIE_LIFETIME, SESSION_LIFETIME};
use http::HeaderValue;
use http::header::SET_COOKIE;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use service::auth::NewSession;
use service::{Ctx, Secret};

use super::Failure;

/// The request's context, which the server provides to every render and server function.
pub fn ctx() -> Result<Ctx, Failure> {
    use_context::<Ctx>().ok_or_else(|| {
        tracing::error!("no request context");
        internal()
    })
}

/// For what should never happen: people get the request's id, under which the log tells more.
pub fn internal() -> Failure {
    let request_id = use_context::<Ctx>().map(|ctx| ctx.request_id().to_string()).unwrap_or_default();
    Failure(Fault::Internal { request_id })
}

/// The one place where a service error becomes words: user faults pass, everything else is logged.
pub fn done<T>(ctx: &Ctx, result: Result<T, service::Error>) -> Result<T, Failure> {
    result.map_err(|error| Failure(error.into_fault(ctx)))
}

pub fn set_session(ctx: &Ctx, session: &NewSession) {
    set_cookie(ctx, service::cookie::SESSION, Some(&session.token), SESSION_LIFETIME.seconds());
    set_cookie(ctx, service::cookie::DEVICE, Some(&session.device), 400 * 86_400);
}

pub fn clear_session(ctx: &Ctx) {
    set_cookie(ctx, service::cookie::SESSION, None, 0);
}

pub fn set_link(ctx: &Ctx, token: &Secret) {
    set_cookie(ctx, service::cookie::LINK, Some(token), LINK_COOKIE_LIFETIME.seconds());
}

pub fn clear_link(ctx: &Ctx) {
    set_cookie(ctx, service::cookie::LINK, None, 0);
}

fn set_cookie(ctx: &Ctx, name: &str, value: Option<&Secret>, max_age: i64) {
    let text = service::cookie::set(name, value, max_age, ctx.services().secure_cookies());
    match (use_context::<ResponseOptions>(), HeaderValue::from_str(&text)) {
        (Some(response), Ok(mut value)) => {
            value.set_sensitive(true);
            response.append_header(SET_COOKIE, value);
        }
        _ => tracing::error!(name, "a cookie could not be set"),
    }
}

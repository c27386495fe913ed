//! For load balancers and supervisors.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::{Server, plain};

/// The process is up.
pub async fn alive() -> Response {
    plain::text(StatusCode::OK, "ok")
}

/// The database answers; its schema was brought up to date before the first request was taken.
pub async fn ready(State(server): State<Arc<Server>>) -> Response {
    match server.services.db().ping().await {
        Ok(()) => plain::text(StatusCode::OK, "ready"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            plain::text(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
    }
}

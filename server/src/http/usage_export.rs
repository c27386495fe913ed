//! What an organization used, as a download of CSV.

use std::sync::Arc;

use axum::extract::{Extension, Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::usage::page::UsageQuery;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use service::{Ctx, Error, usage};

use super::{Server, audit_export};

/// `GET /organizations/{handle}/usage/export`, for the console's link.
pub async fn download(
    State(server): State<Arc<Server>>,
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    Query(parameters): Query<Vec<(String, String)>>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let get = |name: &str| parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let query = UsageQuery::from_params(get);
    let page = |handle: &str| app::paths::org_text(handle).usage(&UsageQuery::default());
    audit_export::answer(&server, &ctx, &handle, &method, &headers, page, export(&ctx, &handle, &query)).await
}

pub async fn export(ctx: &Ctx, handle: &str, query: &UsageQuery) -> Result<Response, Error> {
    let text = usage::export(ctx, handle, query).await?;
    let name = HeaderValue::try_from(format!("attachment; filename=\"usage-{handle}.csv\""));
    let name = name.unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let media = HeaderValue::from_static("text/csv; charset=utf-8");
    Ok(([(CONTENT_TYPE, media), (CONTENT_DISPOSITION, name)], text).into_response())
}

//! An invoice as PDF, for the console's link.

use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use domain::billing::InvoiceNumber;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use service::{Ctx, Error, billing};

use super::{Server, audit_export};

/// `GET /organizations/{handle}/billing/invoices/{number}/pdf`.
pub async fn download(
    State(server): State<Arc<Server>>,
    Extension(ctx): Extension<Ctx>,
    Path((handle, number)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let page = |handle: &str| {
        let pages = app::paths::org_text(handle);
        InvoiceNumber::parse(&number).map_or_else(|| pages.billing(), |number| pages.invoice(number))
    };
    audit_export::answer(&server, &ctx, &handle, &method, &headers, page, document(&ctx, &handle, &number)).await
}

pub async fn document(ctx: &Ctx, handle: &str, number: &str) -> Result<Response, Error> {
    let file = billing::document(ctx, handle, number).await?;
    // It is a number, or there were no document.
    let name = HeaderValue::try_from(format!("inline; filename=\"{number}.pdf\""));
    let name = name.unwrap_or_else(|_| HeaderValue::from_static("inline"));
    let media = HeaderValue::from_static("application/pdf");
    Ok(([(CONTENT_TYPE, media), (CONTENT_DISPOSITION, name)], file).into_response())
}

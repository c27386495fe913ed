//! The audit log as a download: JSON lines or CSV, streamed a page at a time.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, Path, Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::audit::{self, AuditQuery};
use domain::{Fault, csv};
use futures::stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use service::audit::{ExportFormat, begin_export, export_page, json_line};
use service::{Ctx, Error};
use storage::audit::Read;

use super::{Server, origin, plain};

/// The query of both routes: the page's filters, and `format`.
pub type Parameters = Vec<(String, String)>;

/// `GET /organizations/{handle}/audit/export`, for the console's link.
pub async fn download(
    State(server): State<Arc<Server>>,
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    Query(parameters): Query<Parameters>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let page = |handle: &str| app::paths::org_text(handle).audit(&AuditQuery::default());
    answer(&server, &ctx, &handle, &method, &headers, page, export(&ctx, &handle, &parameters)).await
}

/// Answers a browser that asks for a download. `page`: where the link to it stands, of the organization with this handle.
pub(super) async fn answer(
    server: &Server,
    ctx: &Ctx,
    handle: &str,
    method: &Method,
    headers: &HeaderMap,
    page: impl Fn(&str) -> String,
    export: impl Future<Output = Result<Response, Error>>,
) -> Response {
    // An export is logged; neither a foreign page nor a look at the head makes one.
    if method == Method::HEAD {
        return StatusCode::OK.into_response();
    }
    if !origin::may_post(headers, &server.addresses.public_url) {
        let message = "The request came from another site, so nothing was exported. Open its page in the console.";
        let fault = Fault::Forbidden { message: message.to_owned() };
        return plain::refusal(plain::accepts_html(headers), StatusCode::FORBIDDEN, "Refused", &fault);
    }
    let error = match export.await {
        Ok(response) => return response,
        Err(error) => error.into_fault(ctx),
    };
    let there = |location: String| {
        HeaderValue::try_from(location).map(|location| (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
    };
    match &error {
        Fault::SignInRequired => there(app::paths::sign_in(Some(&page(handle)))),
        Fault::Moved { handle } => there(page(handle)),
        _ => Ok(plain::refusal(plain::accepts_html(headers), plain::status_of(&error), "Not exported", &error)),
    }
    .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Streams what the parameters ask for, after the log says so. The first page decides the status; a failure later cuts
/// the connection, so that no download ends early and looks whole.
pub async fn export(ctx: &Ctx, handle: &str, parameters: &Parameters) -> Result<Response, Error> {
    let get = |name: &str| parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let format = ExportFormat::parse(get("format").as_deref().unwrap_or("jsonl"))?;
    let query = filters(parameters, &["format"])?;
    begin_export(ctx, handle, format).await?;
    let first = export_page(ctx, handle, &query).await?;
    let (media, header) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", csv::line(&HEADER)),
        ExportFormat::JsonLines => ("application/jsonl", String::new()),
    };
    let state = Download { ctx: ctx.clone(), handle: handle.to_owned(), query, format, next: Some((header, first)) };
    let body = Body::from_stream(stream::try_unfold(state, Download::step));
    let name = format!("attachment; filename=\"audit-{handle}.{}\"", format.name());
    let name = HeaderValue::try_from(name).unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    Ok(([(CONTENT_TYPE, HeaderValue::from_static(media)), (CONTENT_DISPOSITION, name)], body).into_response())
}

/// The filters, strictly: what isn't understood is refused rather than answered with everything. `others`: names of
/// parameters that are no filters.
pub fn filters(parameters: &Parameters, others: &[&str]) -> Result<AuditQuery, Fault> {
    let get = |name: &str| parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let query = AuditQuery::from_params(get);
    let understood = [
        ("action", query.action.is_some(), "This is no action that the log knows."),
        ("actor", query.actor.is_some(), "This is the id of no person or service account."),
        ("from", query.from.is_some(), "A day is written YYYY-MM-DD."),
        ("until", query.until.is_some(), "A day is written YYYY-MM-DD."),
        ("before", query.before.is_some(), "This is no number of an entry."),
    ];
    for (name, value) in parameters {
        match understood.iter().find(|(known, ..)| known == name) {
            Some((_, false, message)) if !value.is_empty() => return Err(Fault::invalid(name.clone(), *message)),
            Some(_) => {}
            None if others.contains(&name.as_str()) => {}
            None => return Err(Fault::invalid(name.clone(), "There is no such parameter.")),
        }
    }
    Ok(query)
}

const HEADER: [&str; 8] = ["time", "number", "action", "who", "details", "address", "request", "hash"];

struct Download {
    ctx: Ctx,
    handle: String,
    query: AuditQuery,
    format: ExportFormat,
    /// What stands before the page, and the page.
    next: Option<(String, Vec<Read>)>,
}

impl Download {
    async fn step(mut self) -> Result<Option<(Bytes, Self)>, Error> {
        let Some((mut text, page)) = self.next.take() else { return Ok(None) };
        for read in &page {
            match self.format {
                ExportFormat::Csv => text.push_str(&csv_line(read)),
                ExportFormat::JsonLines => text.extend([json_line(read).as_str(), "\n"]),
            }
        }
        if let Some(last) = page.last() {
            self.query.before = Some(last.row.seq);
            let page = export_page(&self.ctx, &self.handle, &self.query).await.inspect_err(|error| {
                let request_id = self.ctx.request_id().to_string();
                tracing::warn!(request_id, %error, "an export was cut off");
            })?;
            self.next = (!page.is_empty()).then(|| (String::new(), page));
        }
        Ok(Some((Bytes::from(text), self)))
    }
}

fn csv_line(Read { row, hash, .. }: &Read) -> String {
    let details: Vec<String> = row.details.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let optional = |value: &Option<String>| value.clone().unwrap_or_default();
    csv::line(&[
        &row.at.precise(),
        &row.seq.to_string(),
        audit::label(&row.action),
        &row.who,
        &details.join("; "),
        &optional(&row.address),
        &optional(&row.request),
        hash,
    ])
}

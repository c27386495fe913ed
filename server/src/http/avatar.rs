//! Avatars: files sent by a form, and files served by their content's hash.

use std::sync::Arc;

use app::form::replay::Replay;
use axum::body::Body;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, Extension, FromRequest, Path, Request, State};
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use domain::Fault;
use domain::avatar::{AvatarFile, AvatarHash, FILE_MAX};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};
use service::ports::Crop;
use service::{Ctx, Error, profile};

use super::plain::{accepts_html, fault_json, retry_after, status_of};
use super::{Server, assets, functions, plain};

/// The largest upload: a file and the few words around it.
pub const UPLOAD_LIMIT: usize = FILE_MAX + 16 * 1024;
/// Where avatars are served.
pub const FOLDER: &str = "/avatars/";

/// Whether an address takes uploads, which may be larger than other bodies.
pub fn takes_uploads(path: &str) -> bool {
    path.strip_prefix("/organizations/").and_then(|rest| rest.strip_suffix("/avatar")).is_some_and(|h| !h.contains('/'))
}

/// `GET /avatars/{file}`.
pub fn files() -> MethodRouter<Arc<Server>> {
    get(show)
}

/// `POST /organizations/{handle}/avatar`.
pub fn uploads() -> MethodRouter<Arc<Server>> {
    post(upload.layer(DefaultBodyLimit::max(UPLOAD_LIMIT))).get(leave)
}

/// A file to whoever knows its hash: the picture is no secret, and nobody guesses a hash. What a hash leads to never
/// changes, so it can be kept for ever.
async fn show(Extension(ctx): Extension<Ctx>, Path(file): Path<String>, request: HeaderMap) -> Response {
    let not_found = || plain::text(StatusCode::NOT_FOUND, "no such avatar");
    let Some((hash, size)) = AvatarFile::parse(&file) else { return not_found() };
    let etag = format!("\"{file}\"");
    let known = assets::matches_etag(&request, &etag);
    let bytes = match profile::read_avatar(&ctx, &hash, size).await {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return not_found(),
        Err(error) => {
            error.into_fault(&ctx);
            return plain::text(StatusCode::SERVICE_UNAVAILABLE, "the avatar can't be read now");
        }
    };
    let mut response = match known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(CONTENT_TYPE, "image/webp")], Body::from(bytes)).into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, assets::Caching::Forever.header());
    if let Ok(etag) = HeaderValue::try_from(etag) {
        headers.insert(ETAG, etag);
    }
    response
}

/// Somebody reloads the answer to a refused upload.
async fn leave(Path(handle): Path<String>) -> Response {
    go(&app::paths::org_text(&handle).profile())
}

/// What the form holds.
#[derive(Default)]
struct Upload {
    file: Vec<u8>,
    numbers: [Option<u32>; 3],
    reset: bool,
}

impl Upload {
    /// All three numbers, or the largest square in the middle.
    fn crop(&self) -> Option<Crop> {
        let [x, y, side] = self.numbers;
        Some(Crop { x: x?, y: y?, side: side? })
    }
}

/// A picture for an organization, or with `reset` the end of one. What the browser says of the file's name and kind
/// counts for nothing. Script gets the new hash, or `null`; a form without script goes back to its page.
async fn upload(
    State(server): State<Arc<Server>>,
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let result = match read(Request::from_parts(parts.clone(), body)).await {
        Ok(upload) => save(&ctx, &handle, upload).await.map_err(|error| {
            let fault = error.into_fault(&ctx);
            (status_of(&fault), fault)
        }),
        Err(refused) => Err(refused),
    };
    if !accepts_html(&parts.headers) {
        return match result {
            Ok(hash) => axum::Json(hash).into_response(),
            Err((status, fault)) => fault_json(status, &fault),
        };
    }
    let page = app::paths::org_text(&handle).profile();
    match result {
        Ok(_) => go(&page),
        Err((_, Fault::SignInRequired)) => go(&app::paths::sign_in(Some(&page))),
        Err((status, fault)) => {
            let action = app::paths::org_text(&handle).avatar();
            let replay = Replay { action, fields: Vec::new(), outcome: Err(fault.clone()) };
            let mut response = functions::show(&server, ctx, &parts, &page, replay).await;
            if response.status() == StatusCode::PERMANENT_REDIRECT {
                *response.status_mut() = StatusCode::SEE_OTHER;
            }
            if response.status() == StatusCode::OK {
                *response.status_mut() = status;
                retry_after(response.headers_mut(), &fault);
            }
            response
        }
    }
}

async fn save(ctx: &Ctx, handle: &str, upload: Upload) -> Result<Option<AvatarHash>, Error> {
    if upload.reset {
        return profile::reset_avatar(ctx, handle).await.map(|()| None);
    }
    let crop = upload.crop();
    profile::set_avatar(ctx, handle, upload.file, crop).await.map(Some)
}

async fn read(request: Request) -> Result<Upload, (StatusCode, Fault)> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| {
        let fault = Fault::invalid("file", "The picture came in a form that can't be read.");
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, fault)
    })?;
    let mut upload = Upload::default();
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" => upload.file = field.bytes().await.map_err(unreadable)?.into(),
            "reset" => upload.reset = !field.bytes().await.map_err(unreadable)?.is_empty(),
            _ => {
                let place = ["x", "y", "side"].iter().position(|known| *known == name);
                let text = field.text().await.map_err(unreadable)?;
                if let Some(number) = place.and_then(|place| upload.numbers.get_mut(place)) {
                    *number = text.trim().parse().ok();
                }
            }
        }
    }
    Ok(upload)
}

fn unreadable(error: MultipartError) -> (StatusCode, Fault) {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => (StatusCode::PAYLOAD_TOO_LARGE, too_large()),
        _ => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Fault::invalid("file", "The picture didn't arrive whole. Send it again."),
        ),
    }
}

/// Beside the file's field.
pub fn too_large() -> Fault {
    Fault::invalid("file", "The picture is larger than 5 MiB.")
}

fn go(location: &str) -> Response {
    let location = HeaderValue::try_from(location).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::Path;
use axum::response::Json;
use domain::avatar::{AvatarFile, FILE_MAX};
use http::StatusCode;
use serde::Serialize;
use service::{Ctx, profile};
use utoipa::ToSchema;

use super::problem::{OrProblem, Problem, Problems};

/// Where an avatar's pictures lie; an address never leads to another picture.
#[derive(Serialize, ToSchema)]
pub struct Avatar {
    /// WebP of 256 by 256 pixels.
    large: String,
    /// WebP of 64 by 64 pixels.
    small: String,
}

/// Change an organization's avatar
///
/// The body is the picture itself: PNG, JPEG, WebP or GIF of at most 5 MiB and 40 megapixels. Its largest square in the
/// middle becomes the avatar.
#[utoipa::path(put, path = "/organizations/{handle}/avatar", tag = "Organizations", operation_id = "setAvatar",
    params(("handle" = String, Path)), request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Avatar), Problems))]
pub async fn set(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    body: Body,
) -> Result<Json<Avatar>, Problem> {
    let file = to_bytes(body, FILE_MAX).await.map_err(|_| {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "A picture has at most 5 MiB. Nothing was changed.")
    })?;
    let hash = profile::set_avatar(&ctx, &handle, file.into(), None).await.or_problem(&ctx)?;
    Ok(Json(Avatar { large: hash.address(AvatarFile::Large), small: hash.address(AvatarFile::Small) }))
}

/// Reset an organization's avatar
///
/// It is then generated from the organization's id and name.
#[utoipa::path(delete, path = "/organizations/{handle}/avatar", tag = "Organizations", operation_id = "resetAvatar",
    params(("handle" = String, Path)), responses((status = 204), Problems))]
pub async fn reset(Extension(ctx): Extension<Ctx>, Path(handle): Path<String>) -> Result<StatusCode, Problem> {
    profile::reset_avatar(&ctx, &handle).await.or_problem(&ctx)?;
    Ok(StatusCode::NO_CONTENT)
}

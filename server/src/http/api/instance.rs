use axum::Extension;
use axum::response::Json;
use domain::instance::{InstanceForm, InstanceSettings as Settings};
use serde::{Deserialize, Serialize};
use service::{Ctx, instance};
use utoipa::ToSchema;

use super::json::{Body, given};
use super::problem::{OrProblem, Problem, Problems};

/// What holds for every organization.
#[derive(Serialize, ToSchema)]
pub struct InstanceSettings {
    /// Days between deleting an organization and its end; 0 is at once.
    deletion_grace_days: u32,
    /// Whether owners may delete their organization themselves.
    owners_may_delete: bool,
}

impl From<Settings> for InstanceSettings {
    fn from(settings: Settings) -> Self {
        Self { deletion_grace_days: settings.deletion_grace_days, owners_may_delete: settings.owners_may_delete }
    }
}

/// What isn't sent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InstanceUpdate {
    /// From 0 to 365.
    #[serde(default, deserialize_with = "given")]
    deletion_grace_days: Option<u32>,
    #[serde(default, deserialize_with = "given")]
    owners_may_delete: Option<bool>,
}

/// Read the instance's settings
#[utoipa::path(get, path = "/instance/settings", tag = "Instance", operation_id = "readInstanceSettings",
    responses((status = 200, body = InstanceSettings), Problems))]
pub async fn read(Extension(ctx): Extension<Ctx>) -> Result<Json<InstanceSettings>, Problem> {
    Ok(Json(instance::read(&ctx).await.or_problem(&ctx)?.into()))
}

/// Change the instance's settings
#[utoipa::path(patch, path = "/instance/settings", tag = "Instance", operation_id = "updateInstanceSettings",
    request_body = InstanceUpdate, responses((status = 200, body = InstanceSettings), Problems))]
pub async fn update(
    Extension(ctx): Extension<Ctx>,
    body: Body<InstanceUpdate>,
) -> Result<Json<InstanceSettings>, Problem> {
    let mut form = InstanceForm::from(&instance::read(&ctx).await.or_problem(&ctx)?);
    if let Some(days) = body.value.deletion_grace_days {
        form.deletion_grace_days = days.to_string();
    }
    form.owners_may_delete = body.value.owners_may_delete.unwrap_or(form.owners_may_delete);
    Ok(Json(instance::save(&ctx, &form).await.or_problem(&ctx)?.into()))
}

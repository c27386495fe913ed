use domain::device::{DeviceRequest, client_name};
use storage::Audit;

use super::look_up::{Found, look_up};
use crate::ctx::Ctx;
use crate::error::Error;

/// What waits under a code, before anything is decided.
pub async fn find(ctx: &Ctx, code: &str) -> Result<DeviceRequest, Error> {
    let Found { tx, device, code, .. } = look_up(ctx, code).await?;
    tx.commit(Audit::none("looking at what asks changes nothing")).await?;
    Ok(DeviceRequest {
        code: code.to_string(),
        client: client_name(&device.client).unwrap_or(&device.client).to_owned(),
        address: device.address,
        created_at: device.created_at,
        now: ctx.now(),
    })
}

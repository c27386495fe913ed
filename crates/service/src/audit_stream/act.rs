use domain::audit_stream::{StreamAct, StreamDone};

use super::{remove, rotate, send_test, set_paused};
use crate::ctx::Ctx;
use crate::error::Error;

/// What one of the page's buttons does.
pub async fn act(ctx: &Ctx, handle: &str, act: StreamAct) -> Result<StreamDone, Error> {
    Ok(match act {
        StreamAct::Pause => set_paused(ctx, handle, true).await.map(|()| StreamDone::Paused)?,
        StreamAct::Resume => set_paused(ctx, handle, false).await.map(|()| StreamDone::Resumed)?,
        StreamAct::Rotate => StreamDone::Rotated { secret: rotate(ctx, handle).await? },
        StreamAct::Test => StreamDone::Tested { error: send_test(ctx, handle).await? },
        StreamAct::Remove => remove(ctx, handle).await.map(|()| StreamDone::Removed)?,
    })
}

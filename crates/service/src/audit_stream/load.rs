use domain::Fault;
use domain::audit_stream::{StreamPanel, StreamView};
use domain::authz::cap::OrgStreamRead;
use storage::Tx;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// What the log's page tells of the stream; the caller has seen that the actor may read it.
pub(crate) async fn panel(ctx: &Ctx, tx: &mut Tx, handle: &str) -> Result<StreamPanel, Error> {
    let grant: Granted<OrgStreamRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let stream = storage::audit_stream::find(tx, &grant).await?.map(|stored| stored.view);
    Ok(StreamPanel { stream })
}

/// The stream; for programs.
pub async fn find(ctx: &Ctx, handle: &str) -> Result<StreamView, Error> {
    let mut tx = ctx.read().await?;
    Ok(panel(ctx, &mut tx, handle).await?.stream.ok_or(Fault::NotFound)?)
}

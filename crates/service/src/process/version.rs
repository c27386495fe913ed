use domain::Fault;
use domain::job::ProcessState;

use super::load::Sees;
use crate::ctx::Ctx;
use crate::error::Error;

/// What moves with every change of a process, and its state; for those who watch it.
pub async fn version(ctx: &Ctx, process: &str) -> Result<(i64, ProcessState), Error> {
    let id = process.parse().map_err(|_| Fault::NotFound)?;
    let mut tx = ctx.read().await?;
    let sees = Sees::of(ctx, &mut tx, id).await?;
    Ok(sees.version(&mut tx, id).await?.ok_or(Fault::NotFound)?)
}

use domain::authz::cap::UsageRead;
use domain::usage::Dimension;
use domain::usage::page::Rehearsal;
use storage::Tx;
use storage::authz::{Granted, Target};
use storage::usage_limit as limits;

use crate::ctx::Ctx;
use crate::error::Error;

/// What a cap would stop, were it to take effect now. Nothing is.
pub async fn rehearse(ctx: &Ctx, handle: &str, dimension: Dimension) -> Result<Rehearsal, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<UsageRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    of(&mut tx, &grant, dimension).await
}

pub(super) async fn of(tx: &mut Tx, grant: &Granted<UsageRead>, dimension: Dimension) -> Result<Rehearsal, Error> {
    let (sleep, asleep) = match dimension {
        Dimension::Compute => limits::awake(tx, grant).await?,
        Dimension::Storage | Dimension::Users => (Vec::new(), 0),
    };
    let told = limits::owners(tx, grant).await?.into_iter().map(|(_, _, name)| name).collect();
    Ok(Rehearsal { dimension, sleep, asleep, told })
}

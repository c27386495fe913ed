use domain::authz::cap::AuditVerify;
use storage::audit::Problem;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// Checks every chain from its first entry to its head. Answers how many chains there are, and what is wrong with them.
pub async fn verify(ctx: &Ctx) -> Result<(usize, Vec<Problem>), Error> {
    let mut tx = ctx.read().await?;
    let _grant: Granted<AuditVerify> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let chains = storage::audit::heads(&mut tx).await?.len();
    Ok((chains, storage::audit::verify(&mut tx).await?))
}

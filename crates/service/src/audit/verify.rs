use domain::authz::cap::AuditVerify;
use storage::audit::{Head, Problem};
use storage::authz::{Granted, Target};

use super::Checkpoint;
use crate::ctx::Ctx;
use crate::error::Error;

/// Checks every chain from its first entry to its head. Answers how many chains there are, and what is wrong with them.
pub async fn verify(ctx: &Ctx) -> Result<(usize, Vec<Problem>), Error> {
    check(ctx, &[]).await
}

/// As [`verify`], and that every chain still holds what the checkpoint has signed.
pub async fn verify_against(ctx: &Ctx, checkpoint: &Checkpoint) -> Result<(usize, Vec<Problem>), Error> {
    check(ctx, &checkpoint.heads()).await
}

async fn check(ctx: &Ctx, signed: &[Head]) -> Result<(usize, Vec<Problem>), Error> {
    let mut tx = ctx.read().await?;
    let _grant: Granted<AuditVerify> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let chains = storage::audit::heads(&mut tx).await?.len();
    Ok((chains, storage::audit::verify_against(&mut tx, signed).await?))
}

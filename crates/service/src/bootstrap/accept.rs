use domain::Fault;
use domain::authz::cap::OwnSession;
use domain::name::Handle;
use storage::Audit;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// Redeems the link for the signed-in person, who becomes the first owner.
pub async fn accept(ctx: &Ctx) -> Result<Handle, Error> {
    let token = super::token(ctx)?;
    let mut tx = ctx.write().await?;
    let grant: Granted<OwnSession> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let person = grant.viewer()?.id;
    let proof = storage::link::redeem_bootstrap(&mut tx, &token.token_hash()).await?.ok_or(Fault::NotFound)?;
    let handle = proof.org(&tx)?.handle.clone();
    let mut entries = super::redeem::first_owner(ctx, &mut tx, &proof, person).await?;
    let first = entries.remove(0);
    tx.commit(Audit::many(first, entries)).await?;
    Ok(handle)
}

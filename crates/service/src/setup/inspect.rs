use domain::{Fault, Timestamp};

use crate::ctx::Ctx;
use crate::error::Error;

/// When the first-run link in the link cookie expires; `NotFound` when there is none that works.
pub async fn inspect(ctx: &Ctx) -> Result<Option<Timestamp>, Error> {
    let token = ctx.cookies().and_then(|cookies| cookies.link.as_ref()).ok_or(Fault::NotFound)?;
    let mut tx = ctx.read().await?;
    let found = storage::link::inspect_setup(&mut tx, &token.token_hash(), ctx.now()).await?;
    Ok(found.ok_or(Fault::NotFound)?)
}

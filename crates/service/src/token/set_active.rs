use domain::Fault;
use domain::audit::Action;
use domain::token::{TokenHolder, TokenRow};
use storage::Audit;

use super::holder::manage;
use crate::ctx::Ctx;
use crate::error::Error;

/// Turns one of the holder's tokens off, or on again; doing it twice is doing it once.
pub async fn set_active(ctx: &Ctx, holder: &TokenHolder, token: &str, active: bool) -> Result<TokenRow, Error> {
    let mut tx = ctx.write().await?;
    let managed = manage(ctx, &mut tx, holder).await?;
    let id = token.parse().map_err(|_| Fault::NotFound)?;
    let changed = storage::token::set_active(&mut tx, &managed, id, active).await?;
    let rows = storage::token::list(&mut tx, managed.seen()).await?;
    let row = rows.into_iter().find(|row| row.id == id).ok_or(Fault::NotFound)?;
    let entry = changed.then(|| managed.entry(Action::TokenChanged { token: id, active, of: managed.name() }));
    tx.commit(Audit::all(entry, "it was so already")).await?;
    Ok(row)
}

use domain::Fault;
use domain::audit::Action;
use domain::token::{Scopes, TokenHolder, TokenRow};
use storage::Audit;

use super::holder::manage;
use crate::ctx::Ctx;
use crate::error::Error;

/// Turns one of the holder's tokens off, or on again; doing it twice is doing it once.
pub async fn set_active(ctx: &Ctx, holder: &TokenHolder, token: &str, active: bool) -> Result<TokenRow, Error> {
    let mut tx = ctx.write().await?;
    let managed = manage(ctx, &mut tx, holder).await?;
    let id = token.parse().map_err(|_| Fault::NotFound)?;
    let rows = storage::token::list(&mut tx, managed.seen()).await?;
    let before = rows.into_iter().find(|row| row.id == id).ok_or(Fault::NotFound)?;
    // Turned on it would do what the acting token may not.
    if active && !Scopes::parse(&before.scopes).is_ok_and(|scopes| managed.scopes().includes(&scopes)) {
        return Err(Fault::conflict("A token can't turn on one that may do more than itself.").into());
    }
    let changed = storage::token::set_active(&mut tx, &managed, id, active).await?;
    let action = Action::TokenChanged { token: id, name: Some(before.name.clone()), active, of: managed.name() };
    let entry = changed.then(|| managed.entry(action));
    tx.commit(Audit::all(entry, "it was so already")).await?;
    Ok(TokenRow { active, ..before })
}

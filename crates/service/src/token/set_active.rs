use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::{AccountRead, AccountTokens};
use domain::token::TokenRow;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Turns one of the person's tokens off, or on again; doing it twice is doing it once.
pub async fn set_active(ctx: &Ctx, token: &str, active: bool) -> Result<TokenRow, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<AccountTokens> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let id = token.parse().map_err(|_| Fault::NotFound)?;
    let changed = storage::token::set_active(&mut tx, &grant, id, active).await?;
    let read: Granted<AccountRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let rows = storage::token::of_person(&mut tx, &read).await?;
    let row = rows.into_iter().find(|row| row.id == id).ok_or(Fault::NotFound)?;
    let chain = Chain::Account(grant.viewer()?.id);
    let action = Action::TokenChanged { token: id, active };
    let entry = changed.then(|| Entry::new(chain, grant.who(), Some(grant.via()), action));
    tx.commit(Audit::all(entry, "it was so already")).await?;
    Ok(row)
}

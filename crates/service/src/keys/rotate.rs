use domain::audit::{Action, Chain};
use domain::authz::cap::KeysRotate;
use storage::authz::{Granted, Target};
use storage::sealed::{self, BATCH, COLUMNS, Column};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Puts every stored secret under the current key and answers how many were under another. Servers go on meanwhile.
pub async fn rotate(ctx: &Ctx) -> Result<u64, Error> {
    let mut values = 0;
    for column in COLUMNS {
        values += rotate_column(ctx, column).await?;
    }
    let mut tx = ctx.write().await?;
    let grant: Granted<KeysRotate> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let action = Action::KeysRotated { key: ctx.services().vault().current()?.to_owned(), values };
    tx.commit(Audit::one(Entry::new(Chain::Instance, grant.who(), Some(grant.via()), action))).await?;
    Ok(values)
}

async fn rotate_column(ctx: &Ctx, column: Column) -> Result<u64, Error> {
    let (mut values, mut after) = (0, String::new());
    loop {
        let mut tx = ctx.write().await?;
        let grant: Granted<KeysRotate> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
        let vault = ctx.services().vault();
        let rows = sealed::under_other_keys(&mut tx, &grant, column, vault.current()?, &after).await?;
        let more = rows.len() == BATCH;
        for (id, before) in rows {
            if let Some(rewrapped) = vault.rewrap(&column.place(&id), &before)?
                && sealed::replace(&mut tx, &grant, column, &id, &before, &rewrapped).await?
            {
                values += 1;
            }
            after = id;
        }
        tx.commit(Audit::none("a batch of a rotation, which is logged at its end")).await?;
        if !more {
            return Ok(values);
        }
    }
}

/// Whether any stored secret still needs another key than the current one.
pub async fn in_use(ctx: &Ctx) -> Result<bool, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<KeysRotate> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let vault = ctx.services().vault();
    for column in COLUMNS {
        if !sealed::under_other_keys(&mut tx, &grant, column, vault.current()?, "").await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

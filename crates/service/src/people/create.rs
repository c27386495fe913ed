use domain::Fault;
use domain::authz::cap::PeopleWrite;
use domain::id::PersonId;
use storage::Audit;
use storage::authz::{Granted, Target};

use crate::auth::NewAccount;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;

/// Adds a person with a password.
pub async fn create(
    ctx: &Ctx,
    email: &str,
    name: &str,
    password: Secret,
    platform_admin: bool,
) -> Result<PersonId, Error> {
    let account = NewAccount::check(ctx, name, email, password).await?;
    let mut tx = ctx.write().await?;
    let grant: Granted<PeopleWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let entry = storage::people::insert(&mut tx, &grant, &account.row(platform_admin))
        .await?
        .ok_or_else(|| Fault::invalid("email", "This email already has an account."))?;
    tx.commit(Audit::one(entry)).await?;
    Ok(account.id)
}

use domain::Fault;
use domain::audit::{Action, Chain, Who};
use domain::instance::InstanceForm;
use storage::{Audit, Entry};

use crate::auth::{NewAccount, NewSession, Started};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::instance;
use crate::secret::Secret;

/// Redeems the first-run link: makes the first platform administrator, sets how long deleted organizations can be
/// restored, and signs them in.
pub async fn complete(
    ctx: &Ctx,
    name: &str,
    email: &str,
    password: Secret,
    grace_days: &str,
) -> Result<NewSession, Error> {
    super::inspect(ctx).await?;
    let form = InstanceForm { deletion_grace_days: grace_days.to_owned(), ..InstanceForm::from(&Default::default()) };
    let token = ctx.cookies().and_then(|cookies| cookies.link.as_ref()).ok_or(Fault::NotFound)?;
    let account = NewAccount::check(ctx, name, email, password).await?;
    let settings = form.check().map_err(|fields| Fault::Invalid { fields })?;
    let mut tx = ctx.write().await?;
    let proof = storage::link::redeem_setup(&mut tx, &token.token_hash()).await?.ok_or(Fault::NotFound)?;
    let created = storage::people::insert(&mut tx, &proof, &account.row(true))
        .await?
        .ok_or_else(|| Fault::invalid("email", "This email already has an account. Use another."))?;
    let mut entries = instance::set(&mut tx, &proof, &settings, Who::Anonymous, None).await?;
    let started = Started::start(ctx, &mut tx, account.id, 0).await?;
    let action = Action::InstanceSetUp { person: account.id };
    let set_up = Entry::new(Chain::Instance, Who::Anonymous, None, action);
    entries.extend([created, started.entry]);
    tx.commit(Audit::many(set_up, entries)).await?;
    Ok(started.session)
}

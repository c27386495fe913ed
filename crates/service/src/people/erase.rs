use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::PeopleErase;
use domain::email::Email;
use domain::id::{JobId, PersonId, ProcessId};
use storage::authz::{Granted, Target};
use storage::erase::Removal;
use storage::{Audit, Entry, throttle};

use crate::auth::account_bucket;
use crate::ctx::Ctx;
use crate::error::Error;

/// Removes a person's account at once, and leaves clearing the audit log of them to a job. Also for people whose account
/// went with their organization.
pub async fn erase(ctx: &Ctx, person: &str) -> Result<(), Error> {
    let person: PersonId = person.parse().map_err(|_| Fault::NotFound)?;
    let mut tx = ctx.write().await?;
    let grant: Granted<PeopleErase> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    match storage::erase::remove_account(&mut tx, &grant, person).await? {
        Removal::Gone(None) => {}
        Removal::Gone(Some(email)) => {
            let (bucket, subject) = account_bucket(&email);
            throttle::forget(&mut tx, &bucket, &subject).await?;
        }
        Removal::Unknown => return Err(Fault::NotFound.into()),
        Removal::LastAdministrator => {
            let message = "This is the last platform administrator. Nobody was erased; make another one first.";
            return Err(Fault::conflict(message).into());
        }
        Removal::MemberOf(organizations) => {
            let message = format!(
                "The person still belongs to {}. Nobody was erased; end the membership first.",
                organizations.join(", ")
            );
            return Err(Fault::conflict(message).into());
        }
    }
    let erasure = ctx.new_id(ProcessId::new);
    storage::erase::start(&mut tx, &grant, erasure, person).await?;
    storage::job::insert(&mut tx, ctx.new_id(JobId::new), crate::job::ERASE_PERSON, erasure, ctx.now()).await?;
    let action = Action::PersonErased { person };
    tx.commit(Audit::one(Entry::new(Chain::Instance, grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(())
}

/// Everyone whom an erasure by email would be about: who has it, and who had it when their account was removed.
pub async fn erasable(ctx: &Ctx, email: &str) -> Result<Vec<PersonId>, Error> {
    let email = Email::parse(email).map_err(|error| Fault::invalid("email", error.to_string()))?;
    let mut tx = ctx.read().await?;
    let grant: Granted<PeopleErase> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    Ok(storage::erase::by_email(&mut tx, &grant, &email).await?)
}

/// Whether the audit log is still being cleared of a person.
pub async fn erasure_goes_on(ctx: &Ctx, person: PersonId) -> Result<bool, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<PeopleErase> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    Ok(storage::erase::goes_on(&mut tx, &grant, person).await?)
}

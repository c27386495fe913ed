use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::OrgSecretsWrite;
use domain::id::SecretId;
use domain::org_secret::{SECRETS_MAX, check_value, parse_name};
use storage::authz::{Granted, Target};
use storage::sealed::ORG_SECRET;
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;

/// Gives a secret its value, making it when there is none of this name. Answers whether it replaced one.
pub async fn set(ctx: &Ctx, handle: &str, name: &str, value: &Secret) -> Result<bool, Error> {
    let (name, checked) = (parse_name(name), check_value(value.expose()));
    let name = match (name, checked) {
        (Ok(name), Ok(())) => name,
        (name, checked) => {
            let faults = [name.err(), checked.err()].into_iter().flatten();
            return Err(
                Fault::Invalid { fields: faults.flat_map(|fault| fault.field_errors().to_vec()).collect() }.into()
            );
        }
    };
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgSecretsWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let by = grant.actor_name();
    let found = storage::org_secret::find(&mut tx, &grant, &name).await?;
    let id = found.unwrap_or_else(|| ctx.new_id(SecretId::new));
    let sealed = ctx.services().vault().seal(&ORG_SECRET.place(id), value)?;
    if found.is_some() {
        storage::org_secret::replace(&mut tx, &grant, id, &sealed, &by).await?;
    } else {
        if storage::org_secret::count(&mut tx, &grant).await? >= SECRETS_MAX {
            let message = format!("An organization has at most {SECRETS_MAX} secrets. Remove one first.");
            return Err(Fault::conflict(message).into());
        }
        storage::org_secret::insert(&mut tx, &grant, id, &name, &sealed, &by).await?;
    }
    let chain = Chain::Org(grant.org(&tx)?.id);
    let action = Action::SecretSet { secret: id, name, replaced: found.is_some() };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(found.is_some())
}

use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::CloudWrite;
use domain::cloud::CloudAccountForm;
use domain::id::CloudAccountId;
use storage::authz::{Granted, Target};
use storage::cloud::Values;
use storage::sealed::CLOUD_SECRET;
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;

/// Connects a cloud account and answers its id. Nothing is asked of the connector yet.
pub async fn connect(ctx: &Ctx, handle: &str, form: &CloudAccountForm) -> Result<CloudAccountId, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<CloudWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let checked = form.check(None).map_err(|fields| Fault::Invalid { fields })?;
    let id = ctx.new_id(CloudAccountId::new);
    let secret = Secret::from(checked.secret.clone().unwrap_or_default());
    let sealed_secret = ctx.services().vault().seal(&CLOUD_SECRET.place(id), &secret)?;
    let values = Values {
        name: &checked.name,
        provider: &checked.provider,
        url: &checked.url,
        selector: &checked.selector,
        ca: checked.ca.as_deref(),
        sealed_secret: &sealed_secret,
        events: checked.events,
    };
    if !storage::cloud::insert(&mut tx, &grant, id, checked.connector, &values).await? {
        return Err(taken(&checked.name).into());
    }
    let chain = Chain::Org(grant.org(&tx)?.id);
    let (connector, url) = (checked.connector, checked.url.clone());
    let action = Action::CloudAccountConnected { account: id, name: checked.name.clone(), connector, url };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(id)
}

pub(super) fn taken(name: &str) -> Fault {
    Fault::invalid("name", format!("There is a cloud account “{name}” already. Choose another name."))
}

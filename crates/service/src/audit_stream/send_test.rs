use data_encoding::HEXLOWER;
use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::OrgStreamWrite;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Sends an event that holds no entry, and answers why it didn't arrive, if it didn't. Once one has arrived, entries that
/// failed before are tried at once.
pub async fn send_test(ctx: &Ctx, handle: &str) -> Result<Option<String>, Error> {
    let (to, body) = {
        let mut tx = ctx.read().await?;
        let grant: Granted<OrgStreamWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
        let stored = storage::audit_stream::find(&mut tx, &grant).await?.ok_or(Fault::NotFound)?;
        let org = grant.org(&tx)?;
        let data = serde_json::json!({ "organization": { "id": org.id, "handle": org.handle } });
        let body = serde_json::json!({ "type": "audit.test", "timestamp": ctx.now().precise(), "data": data });
        (super::receiver(ctx, org.id, stored.view.url, &stored.sealed_secret)?, body)
    };
    // Every test is its own.
    let key = ["test_", &HEXLOWER.encode(&ctx.services().random::<12>())].concat();
    let error = ctx.services().connectors().deliver(&to, &body.to_string(), &key).await.err();
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgStreamWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    if error.is_none() {
        storage::audit_stream::hurry(&mut tx, &grant).await?;
    }
    let action = Action::StreamTested { arrived: error.is_none() };
    let chain = Chain::Org(grant.org(&tx)?.id);
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(error.map(|error| error.to_string()))
}

use domain::Fault;
use domain::audit::{Action, Chain};
use domain::audit_stream::{StreamDone, origin, parse_url};
use domain::authz::cap::OrgStreamWrite;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Base;

/// Streams the log to an address from here on, beginning with the entry that says so; or what hasn't arrived to another
/// address, signed with the same secret. Without a `base` there is no stream yet.
pub async fn set(ctx: &Ctx, handle: &str, base: Option<Base>, url: &str) -> Result<StreamDone, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgStreamWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let url = parse_url(url)?;
    let org = grant.org(&tx)?.id;
    let before = storage::audit_stream::find(&mut tx, &grant).await?;
    let replaced = before.is_some();
    let done = match before {
        None if base.is_some() => return Err(Fault::NotFound.into()),
        Some(before) => {
            // Versions begin at 1.
            base.unwrap_or(Base::Version(0)).check(before.view.version)?;
            if before.view.url == url {
                return Ok(StreamDone::Moved);
            }
            storage::audit_stream::set_url(&mut tx, &grant, &url).await?;
            StreamDone::Moved
        }
        None => {
            let (secret, sealed) = super::new_secret(ctx, org)?;
            storage::audit_stream::insert(&mut tx, &grant, &url, &sealed).await?;
            StreamDone::Started { secret }
        }
    };
    let action = Action::StreamSet { origin: origin(&url).to_owned(), replaced };
    tx.commit(Audit::one(Entry::new(Chain::Org(org), grant.who(), Some(grant.via()), action))).await?;
    Ok(done)
}

use domain::audit::{Action, Chain};
use domain::authz::cap::OwnSession;
use storage::authz::{Granted, Target};
use storage::error::Denied;
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Ends the request's session; one that had ended already is as good.
pub async fn sign_out(ctx: &Ctx) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OwnSession> = match tx.authorize(&ctx.actor(), Target::None, ctx.now()).await {
        Err(storage::Error::Denied(Denied::SignInRequired)) => return Ok(()),
        other => other?,
    };
    storage::session::end(&mut tx, &grant).await?;
    let (person, session) = (grant.viewer()?.id, grant.session()?);
    let action = Action::SignedOut { session };
    tx.commit(Audit::one(Entry::new(Chain::Account(person), grant.who(), Some(grant.via()), action))).await?;
    Ok(())
}

use domain::Fault;
use domain::authz::cap::{
    AccountRead, AccountTokens, InstanceTokensRead, InstanceTokensWrite, ServiceAccountsRead, ServiceAccountsWrite,
    WorkspaceTokensRead, WorkspaceTokensWrite,
};
use domain::token::TokenHolder;
use storage::authz::Target;
use storage::token::{Managed, Seen};
use storage::{Tx, WriteTx};

use crate::ctx::Ctx;
use crate::error::Error;

/// Lets the actor see the holder's tokens.
pub(super) async fn see(ctx: &Ctx, tx: &mut Tx, holder: &TokenHolder) -> Result<Seen, Error> {
    let (actor, now) = (ctx.actor(), ctx.now());
    let seen = match holder {
        TokenHolder::Own => {
            let grant = tx.authorize::<AccountRead>(&actor, Target::None, now).await?;
            Some(Seen::own(tx, &grant)?)
        }
        TokenHolder::ServiceAccount(handle, id) => {
            let grant = tx.authorize::<ServiceAccountsRead>(&actor, Target::Handle(handle), now).await?;
            Seen::of_service_account(tx, &grant, *id).await?
        }
        TokenHolder::Workspace(handle, id) => {
            let grant = tx.authorize::<WorkspaceTokensRead>(&actor, Target::Handle(handle), now).await?;
            Seen::of_workspace(tx, &grant, *id).await?
        }
        TokenHolder::Admin | TokenHolder::Meter => {
            let grant = tx.authorize::<InstanceTokensRead>(&actor, Target::None, now).await?;
            Some(Seen::of_instance(tx, &grant)?)
        }
    };
    Ok(seen.ok_or(Fault::NotFound)?)
}

/// Lets the actor make, switch and delete the holder's tokens.
pub(super) async fn manage(ctx: &Ctx, tx: &mut WriteTx, holder: &TokenHolder) -> Result<Managed, Error> {
    let (actor, now) = (ctx.actor(), ctx.now());
    let managed = match holder {
        TokenHolder::Own => {
            let grant = tx.authorize::<AccountTokens>(&actor, Target::None, now).await?;
            Some(Managed::own(tx, &grant)?)
        }
        TokenHolder::ServiceAccount(handle, id) => {
            let grant = tx.authorize::<ServiceAccountsWrite>(&actor, Target::Handle(handle), now).await?;
            Managed::of_service_account(tx, &grant, *id).await?
        }
        TokenHolder::Workspace(handle, id) => {
            let grant = tx.authorize::<WorkspaceTokensWrite>(&actor, Target::Handle(handle), now).await?;
            Managed::of_workspace(tx, &grant, *id).await?
        }
        TokenHolder::Admin | TokenHolder::Meter => {
            let grant = tx.authorize::<InstanceTokensWrite>(&actor, Target::None, now).await?;
            Some(Managed::of_instance(tx, &grant)?)
        }
    };
    Ok(managed.ok_or(Fault::NotFound)?)
}

use domain::Fault;
use storage::authz::Actor;

use crate::ctx::Ctx;
use crate::error::Error;

/// Whether the request carries a token of the instance; what it may do is decided with each act.
pub async fn authenticate(ctx: &Ctx) -> Result<(), Error> {
    let known = match ctx.actor() {
        Actor::AdministrationToken => true,
        actor @ Actor::Token { .. } => {
            let mut tx = ctx.read().await?;
            tx.is_admin_token(&actor, ctx.now()).await?
        }
        _ => false,
    };
    if known { Ok(()) } else { Err(Fault::SignInRequired.into()) }
}

use domain::people::Viewer;
use storage::authz::Actor;

use crate::ctx::Ctx;
use crate::error::Error;

#[derive(Debug)]
pub struct Front {
    pub viewer: Option<Viewer>,
    /// No platform administrator exists yet.
    pub first_run: bool,
}

/// Who is looking, signed in or not.
pub async fn front(ctx: &Ctx) -> Result<Front, Error> {
    let mut tx = ctx.read().await?;
    let viewer = viewer(ctx, &mut tx).await?;
    let first_run = viewer.is_none() && !storage::people::any_administrator(&mut tx).await?;
    Ok(Front { viewer, first_run })
}

/// The signed-in person, if there is one.
pub(crate) async fn viewer(ctx: &Ctx, tx: &mut storage::Tx) -> Result<Option<Viewer>, Error> {
    match ctx.actor() {
        Actor::Session { token_hash } => Ok(storage::session::viewer(tx, &token_hash, ctx.now()).await?),
        Actor::Anonymous | Actor::Token { .. } | Actor::AdministrationToken | Actor::System => Ok(None),
    }
}

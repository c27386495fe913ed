use domain::audit::{Action, Chain};
use domain::authz::Via;
use domain::time::Span;
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::link::Made;

/// A first-run link lives this long; every start of the server makes a new one.
const LIFETIME: Span = Span::days(1);

/// Makes the first-run link and answers its address; `None` once there is a platform administrator.
pub async fn ensure_link(ctx: &Ctx) -> Result<Option<String>, Error> {
    let mut tx = ctx.write().await?;
    if storage::people::any_administrator(&mut tx).await? {
        return Ok(None);
    }
    let link = Made::new(ctx, "/setup", Some(ctx.now().plus(LIFETIME)));
    storage::link::insert_setup(&mut tx, &link.row()).await?;
    let action = Action::SetupLinkMade { link: link.id };
    tx.commit(Audit::one(Entry::new(Chain::Instance, domain::audit::Who::System, Some(Via::System), action))).await?;
    Ok(Some(link.shown.url))
}

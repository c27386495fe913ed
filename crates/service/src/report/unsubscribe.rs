use domain::Fault;
use domain::audit::{Action, Chain, Who};
use domain::report::UnsubscribePage;
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;

/// What the link in the link cookie leads to.
pub async fn inspect(ctx: &Ctx) -> Result<UnsubscribePage, Error> {
    let token = token(ctx)?;
    let mut tx = ctx.read().await?;
    let found = storage::report::by_token(&mut tx, &token.token_hash()).await?;
    let (organization, since) = found.ok_or(Fault::NotFound)?;
    Ok(UnsubscribePage { organization, since })
}

/// Ends the reports that the link in the link cookie is about.
pub async fn unsubscribe(ctx: &Ctx) -> Result<UnsubscribePage, Error> {
    unsubscribe_with(ctx, token(ctx)?).await
}

/// Ends the reports that a token is about, for mail programs that do it by one click. Repeating it changes nothing.
pub async fn unsubscribe_with(ctx: &Ctx, token: &Secret) -> Result<UnsubscribePage, Error> {
    let token_hash = token.token_hash();
    let mut tx = ctx.write().await?;
    let ended = storage::report::unsubscribe(&mut tx, &token_hash).await?;
    let (organization, since) = storage::report::by_token(&mut tx, &token_hash).await?.ok_or(Fault::NotFound)?;
    let entry = ended.map(|org| Entry::new(Chain::Org(org), Who::Anonymous, None, Action::ReportUnsubscribed));
    tx.commit(Audit::all(entry, "it was done before")).await?;
    Ok(UnsubscribePage { organization, since })
}

fn token(ctx: &Ctx) -> Result<&Secret, Fault> {
    ctx.cookies().and_then(|cookies| cookies.link.as_ref()).ok_or(Fault::NotFound)
}

use domain::Fault;
use domain::authz::cap::MailRead;
use domain::mail::{MailPage, MailRow, MailsPage, MailsQuery};
use storage::Tx;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// Mails of a page.
const PAGE_SIZE: usize = 50;

/// The page of the instance's mail.
pub async fn load_list(ctx: &Ctx, query: MailsQuery) -> Result<MailsPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<MailRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let (rows, more) = page(&mut tx, &grant, &query, PAGE_SIZE).await?;
    let is_configured = ctx.services().mailer().is_some();
    Ok(MailsPage { viewer, is_configured, query, rows, more, now: ctx.now() })
}

/// At most `limit` mails, newest first, and whether there are older ones; for programs.
pub async fn list(ctx: &Ctx, query: &MailsQuery, limit: usize) -> Result<(Vec<MailRow>, bool), Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<MailRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    page(&mut tx, &grant, query, limit).await
}

async fn page(
    tx: &mut Tx,
    grant: &Granted<MailRead>,
    query: &MailsQuery,
    limit: usize,
) -> Result<(Vec<MailRow>, bool), Error> {
    // One more than the page tells whether there are older ones.
    let found = storage::mail::list(tx, grant, query, limit as i64 + 1).await?;
    let more = found.len() > limit;
    Ok((found.into_iter().take(limit).collect(), more))
}

/// The page of one mail, its links hidden.
pub async fn load(ctx: &Ctx, mail: &str) -> Result<MailPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<MailRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let id = mail.parse().map_err(|_| Fault::NotFound)?;
    let mail = storage::mail::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let sealed = storage::mail::body(&mut tx, &grant, id).await?;
    let is_anothers = storage::mail::is_another_administrators(&mut tx, &grant, &mail, viewer.id).await?;
    let content = super::open(ctx, id, &sealed)?;
    let text = content.as_ref().map(domain::mail::MailContent::hidden_text);
    let files = content.map(|content| content.files.into_iter().map(|file| file.name).collect()).unwrap_or_default();
    let is_configured = ctx.services().mailer().is_some();
    Ok(MailPage { viewer, is_configured, mail, text, files, is_anothers, now: ctx.now() })
}

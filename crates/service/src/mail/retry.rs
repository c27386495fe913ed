use domain::Fault;
use domain::authz::cap::MailWrite;
use domain::mail::{MailRow, MailState};
use storage::Audit;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// Has a mail sent that failed, or that was kept while there was no mail server. One that waits needs no hurry.
pub async fn retry(ctx: &Ctx, mail: &str) -> Result<MailRow, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<MailWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let id = mail.parse().map_err(|_| Fault::NotFound)?;
    let found = storage::mail::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    if found.state == MailState::Sent {
        return Err(Fault::conflict("This mail was sent, and nothing is left of it to send again.").into());
    }
    if ctx.services().mailer().is_none() {
        return Err(Fault::conflict("No mail server is configured, so mail stays here.").into());
    }
    if storage::mail::requeue(&mut tx, &grant, id).await? {
        super::enqueue::send_later(ctx, &mut tx, id).await?;
    }
    let after = storage::mail::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    tx.commit(Audit::none("another attempt; what made the mail necessary is logged")).await?;
    ctx.services().jobs.notify_one();
    Ok(after)
}

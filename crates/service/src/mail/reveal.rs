use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::MailWrite;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// A mail's text with its links, which let whoever reads them act for the addressee; so it is logged, and refused where
/// that would be another platform administrator.
pub async fn reveal(ctx: &Ctx, mail: &str) -> Result<String, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<MailWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let person = grant.viewer()?.id;
    let id = mail.parse().map_err(|_| Fault::NotFound)?;
    let found = storage::mail::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    if storage::mail::is_another_administrators(&mut tx, &grant, &found, person).await? {
        let message = "This mail is for another platform administrator, whose links are theirs alone.".to_owned();
        return Err(Fault::Forbidden { message }.into());
    }
    let sealed = storage::mail::body(&mut tx, &grant, id).await?;
    let content = super::open(ctx, id, &sealed)?
        .ok_or_else(|| Fault::conflict("This mail was sent, and its text isn't kept any longer."))?;
    let action = Action::MailRevealed { mail: id, subject: found.subject };
    tx.commit(Audit::one(Entry::new(Chain::Instance, grant.who(), Some(grant.via()), action).with("to", found.to)))
        .await?;
    Ok(content.text)
}

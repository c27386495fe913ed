//! Sending mail.

use domain::id::MailId;
use domain::job::{MailToSend, backoff};
use storage::Audit;
use storage::job::Lease;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::ports::{Attachment, Mail, MailError};

/// After this many attempts, about three hours, a person has to look.
const ATTEMPTS_MAX: u32 = 25;

/// Sends one mail. A worker that is lost between sending and noting it sends a copy, which receivers know by its id.
pub(super) async fn run(ctx: &Ctx, lease: &Lease) -> Result<(), Error> {
    let id = MailToSend::from_text(&lease.payload).map(|payload| payload.mail);
    let queued = match id {
        Some(id) => storage::mail::queued(&mut *ctx.read().await?, lease, id).await?.map(|queued| (id, queued)),
        None => None,
    };
    let Some((id, queued)) = queued else {
        let mut tx = ctx.write().await?;
        storage::job::finish(&mut tx, lease).await?;
        tx.commit(Audit::none("a job without anything left to do")).await?;
        return Ok(());
    };
    let Some(mailer) = ctx.services().mailer() else {
        let mut tx = ctx.write().await?;
        storage::mail::keep(&mut tx, lease, id).await?;
        tx.commit(Audit::none("a mail that stays in the outbox")).await?;
        return Ok(());
    };
    let outcome = match mail(ctx, id, queued) {
        Ok(mail) => mailer.send(&mail).await,
        // A key that is missing may come back.
        Err(error) => Err(MailError::Temporary(format!("The mail can't be read: {error}."))),
    };
    let mut tx = ctx.write().await?;
    match outcome {
        Ok(()) => storage::mail::sent(&mut tx, lease, id).await?,
        Err(error) => {
            tracing::warn!(mail = %id, %error, "a mail could not be sent");
            let may_succeed = matches!(error, MailError::Temporary(_)) && lease.attempts < ATTEMPTS_MAX;
            let again = may_succeed.then(|| ctx.now().plus(backoff(lease.attempts)));
            storage::mail::not_sent(&mut tx, lease, id, &error.to_string(), again).await?;
        }
    }
    tx.commit(Audit::none("a mail about what is logged already")).await?;
    Ok(())
}

fn mail(ctx: &Ctx, id: MailId, queued: storage::mail::Queued) -> Result<Mail, Error> {
    let content = crate::mail::open(ctx, id, &queued.sealed_body)?.ok_or(domain::Fault::NotFound)?;
    let files = content.files.into_iter().map(|file| Attachment {
        name: file.name,
        content_type: file.content_type,
        bytes: file.text.into_bytes(),
    });
    Ok(Mail {
        message_id: format!("{id}@{}", host(ctx.services().public_url())),
        to: queued.to,
        subject: queued.subject,
        text: content.text,
        html: content.html,
        unsubscribe: content.unsubscribe,
        attachments: files.collect(),
    })
}

/// The host of the console's address.
fn host(url: &str) -> &str {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => authority.split(':').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_message_is_of_the_consoles_host() {
        for (url, host) in [
            ("https://console.example", "console.example"),
            ("http://localhost:3000", "localhost"),
            ("http://[::1]:3000", "::1"),
        ] {
            assert_eq!(super::host(url), host);
        }
    }
}

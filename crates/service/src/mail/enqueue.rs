use domain::id::{JobId, MailId, OrgId, PersonId};
use domain::job::MailToSend;
use domain::mail::{MailContent, MailFile, MailKind, MailState};
use storage::WriteTx;
use storage::mail::NewMail;
use storage::sealed::MAIL_BODY;

use super::Letter;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::job::MAIL;
use crate::secret::Secret;

/// A mail to be.
pub(crate) struct Draft<'a> {
    pub to: &'a str,
    /// Whose mail it is, where the address is an account's.
    pub person: Option<PersonId>,
    /// With which it is deleted.
    pub org: Option<OrgId>,
    pub kind: MailKind,
    pub subject: String,
    pub letter: Letter,
    pub files: Vec<MailFile>,
    /// Of two drafts with the same one, only the first is mailed.
    pub dedupe_key: Option<String>,
}

/// Has a mail sent once the transaction is committed, after which the caller wakes the worker. `None`: the like of it was
/// mailed before.
pub(crate) async fn enqueue(ctx: &Ctx, tx: &mut WriteTx, draft: Draft<'_>) -> Result<Option<MailId>, Error> {
    let id = ctx.new_id(MailId::new);
    let console = ctx.services().public_url();
    let links: Vec<String> = draft.letter.unsubscribe.iter().cloned().collect();
    let has_link = !links.is_empty();
    let content = MailContent {
        text: draft.letter.text(console),
        html: draft.letter.html(&draft.subject, console),
        links,
        unsubscribe: draft.letter.unsubscribe,
        files: draft.files,
    };
    let sealed = ctx.services().vault().seal(&MAIL_BODY.place(id), &Secret::from(content.to_text()))?;
    let has_mailer = ctx.services().mailer().is_some();
    let mail = NewMail {
        id,
        to: draft.to,
        to_person: draft.person,
        org: draft.org,
        kind: draft.kind,
        subject: &draft.subject,
        sealed_body: &sealed,
        has_link,
        state: if has_mailer { MailState::Queued } else { MailState::Kept },
        dedupe_key: draft.dedupe_key.as_deref(),
    };
    if !storage::mail::insert(tx, &mail).await? {
        return Ok(None);
    }
    if has_mailer {
        send_later(ctx, tx, id).await?;
    }
    Ok(Some(id))
}

/// Makes the job that sends a mail.
pub(super) async fn send_later(ctx: &Ctx, tx: &mut WriteTx, mail: MailId) -> Result<(), Error> {
    let payload = MailToSend { mail }.to_text();
    Ok(storage::job::insert_plain(tx, ctx.new_id(JobId::new), MAIL, &payload).await?)
}

/// What a mail says; `None` once it was sent.
pub(crate) fn open(ctx: &Ctx, id: MailId, sealed: &str) -> Result<Option<MailContent>, Error> {
    if sealed.is_empty() {
        return Ok(None);
    }
    let plain = ctx.services().vault().open(&MAIL_BODY.place(id), sealed)?;
    Ok(MailContent::from_text(plain.expose()))
}

use domain::mail::MailKind;
use storage::WriteTx;
use storage::authz::Granted;
use storage::usage_limit::{self, SeesLimits};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::mail::{Draft, Letter, Part, enqueue};

/// News about billing for an organization's owners.
pub(super) struct News<'a> {
    pub subject: String,
    pub said: Vec<String>,
    /// Of two with the same one, only the first is mailed.
    pub key: String,
    /// Where the reader goes on, below the organization's pages.
    pub page: &'a str,
}

/// Mails the owners.
pub(super) async fn tell_owners<P: SeesLimits>(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<P>,
    news: &News<'_>,
) -> Result<(), Error> {
    let org = grant.org(tx)?.clone();
    for (person, address, _) in usage_limit::owners(tx, grant).await? {
        let console = ctx.services().public_url();
        let page = format!("Open it: {console}/organizations/{}/{}", org.handle, news.page);
        let letter = Letter {
            parts: news.said.iter().cloned().chain([page]).map(Part::Text).collect(),
            why: format!("you own the organization {}.", org.display_name),
            unsubscribe: None,
        };
        let draft = Draft {
            to: &address,
            person: Some(person),
            org: Some(org.id),
            kind: MailKind::Billing,
            subject: news.subject.clone(),
            letter,
            files: Vec::new(),
            dedupe_key: Some(format!("billing:{}:{}:{person}", org.id, news.key)),
        };
        enqueue(ctx, tx, draft).await?;
    }
    Ok(())
}

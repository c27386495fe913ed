//! Who gets a report, and the link in it that ends them.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use domain::email::Email;
use domain::id::LinkId;
use domain::settings::Report;
use storage::authz::Granted;
use storage::report::{MakesReports, Recipient};
use storage::sealed::REPORT_TOKEN;
use storage::{Tx, WriteTx};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::{Secret, digest};

/// What is kept of an address.
pub(super) fn address_hash(email: &Email) -> String {
    HEXLOWER.encode(&digest(email.folded().as_bytes()))
}

async fn known<P: MakesReports>(tx: &mut Tx, grant: &Granted<P>) -> Result<BTreeMap<String, Recipient>, Error> {
    let known = storage::report::recipients(tx, grant).await?;
    Ok(known.into_iter().map(|recipient| (recipient.address_hash.clone(), recipient)).collect())
}

/// The recipients of the settings who want no more of it.
pub(crate) async fn unsubscribed<P: MakesReports>(
    tx: &mut Tx,
    grant: &Granted<P>,
    report: &Report,
) -> Result<Vec<String>, Error> {
    let known = known(tx, grant).await?;
    let has_ended =
        |email: &&Email| known.get(&address_hash(email)).is_some_and(|known| known.unsubscribed_at.is_some());
    Ok(report.recipients.iter().filter(has_ended).map(|email| email.as_str().to_owned()).collect())
}

/// Somebody to mail a report to.
pub(super) struct Reader<'a> {
    pub email: &'a Email,
    pub address_hash: String,
    pub unsubscribe: String,
}

/// Those who get the report, in one order in every process, each with their link.
pub(super) async fn readers<'a, P: MakesReports>(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<P>,
    report: &'a Report,
) -> Result<Vec<Reader<'a>>, Error> {
    let known = known(tx, grant).await?;
    let wanted: BTreeMap<String, &Email> = report.recipients.iter().map(|email| (address_hash(email), email)).collect();
    let mut readers = Vec::new();
    for (address_hash, email) in wanted {
        let token = match known.get(&address_hash) {
            Some(known) if known.unsubscribed_at.is_some() => continue,
            Some(known) => ctx.services().vault().open(&REPORT_TOKEN.place(known.id), &known.sealed_token)?,
            None => new_token(ctx, tx, grant, &address_hash).await?,
        };
        let unsubscribe = format!("{}{}?token={}", ctx.services().public_url(), super::UNSUBSCRIBE, token.expose());
        readers.push(Reader { email, address_hash, unsubscribe });
    }
    Ok(readers)
}

async fn new_token<P: MakesReports>(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<P>,
    address_hash: &str,
) -> Result<Secret, Error> {
    let (id, token) = (ctx.new_id(LinkId::new), Secret::random(ctx.services().rng()));
    let sealed_token = ctx.services().vault().seal(&REPORT_TOKEN.place(id), &token)?;
    let recipient = Recipient { id, address_hash: address_hash.to_owned(), sealed_token, unsubscribed_at: None };
    storage::report::add_recipient(tx, grant, &recipient, &token.token_hash()).await?;
    Ok(token)
}

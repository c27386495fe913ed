use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::BillingSettle;
use domain::billing::{Invoice, InvoiceNumber, InvoiceState};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry, WriteTx, invoice};

use super::hold::settle_hold;
use super::letter::{News, tell_owners};
use crate::ctx::Ctx;
use crate::error::Error;

/// Longest note or reason, in characters.
const NOTE_MAX: usize = 300;

/// Marks an invoice as paid. What it held is opened.
pub async fn mark_paid(ctx: &Ctx, handle: &str, number: &str, note: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BillingSettle> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let note = words("note", note)?;
    let state = InvoiceState::Paid { at: tx.now(), note: note.to_owned() };
    let entries = settle(ctx, &mut tx, &grant, number, state).await?;
    tx.commit(Audit::all(entries, "an invoice that was paid already")).await?;
    ctx.services().jobs.notify_one();
    Ok(())
}

/// Takes an open invoice back. Its number stays, and nobody is charged for it.
pub async fn void(ctx: &Ctx, handle: &str, number: &str, reason: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BillingSettle> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let reason = words("reason", reason)?;
    if reason.is_empty() {
        return Err(Fault::invalid("reason", "Say why, since it stays on the invoice.").into());
    }
    let state = InvoiceState::Void { at: tx.now(), reason: reason.to_owned() };
    let entries = settle(ctx, &mut tx, &grant, number, state).await?;
    super::pay::void_later(ctx, &mut tx, &grant, number).await?;
    tx.commit(Audit::all(entries, "an invoice that is void already")).await?;
    ctx.services().jobs.notify_one();
    Ok(())
}

fn words<'a>(field: &'static str, text: &'a str) -> Result<&'a str, Fault> {
    let text = text.trim();
    if text.chars().count() > NOTE_MAX || text.chars().any(char::is_control) {
        return Err(Fault::invalid(field, format!("At most {NOTE_MAX} characters, in one line.")));
    }
    Ok(text)
}

/// Settles an open invoice, lifts what it held, and tells the owners. Doing it twice is doing it once.
pub(super) async fn settle(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<BillingSettle>,
    number: &str,
    state: InvoiceState,
) -> Result<Vec<Entry>, Error> {
    let number = InvoiceNumber::parse(number).ok_or(Fault::NotFound)?;
    let before = invoice::find(tx, grant, number).await?.ok_or(Fault::NotFound)?.invoice;
    if before.state.name() == state.name() {
        return Ok(Vec::new());
    }
    if !invoice::settle(tx, grant, number, &state).await? {
        let message = format!("The invoice {number} is {} and stays so.", before.state.name());
        return Err(Fault::conflict(message).into());
    }
    let total = before.bill.total;
    tell(ctx, tx, grant, &before, &state).await?;
    let action = match state {
        InvoiceState::Void { reason, .. } => Action::InvoiceVoided { number, total, reason },
        InvoiceState::Paid { note, .. } => Action::InvoicePaid { number, total, note },
        InvoiceState::Open => return Ok(Vec::new()),
    };
    let org = grant.org(tx)?.id;
    let settled = Entry::new(Chain::Org(org), grant.who(), Some(grant.via()), action);
    Ok([settled].into_iter().chain(settle_hold(tx, org).await?).collect())
}

async fn tell(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<BillingSettle>,
    invoice: &Invoice,
    state: &InvoiceState,
) -> Result<(), Error> {
    let (number, total) = (invoice.number, invoice.bill.total);
    let (word, said) = match state {
        InvoiceState::Void { reason, .. } => ("void", format!("The invoice {number} is void: {reason}")),
        _ => ("paid", format!("The invoice {number} of {total} is paid. Thank you.")),
    };
    let news = News {
        subject: format!("Invoice {number} is {word}"),
        said: vec![said],
        key: format!("{word}:{number}"),
        page: &format!("billing/invoices/{number}"),
    };
    tell_owners(ctx, tx, grant, &news).await
}

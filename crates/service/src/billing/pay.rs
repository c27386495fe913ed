//! Having invoices paid by card, through the provider. What is asked there goes under the invoice's number, and is asked
//! again after a crash; what holds there counts, however often and in which order the provider tells of it.

use domain::Fault;
use domain::authz::cap::{BillingSettle, BillingWrite};
use domain::billing::page::CardPage;
use domain::billing::{Invoice, InvoiceNumber, InvoiceState};
use domain::id::{JobId, OrgId, PaymentMethodId};
use domain::job::backoff;
use serde::{Deserialize, Serialize};
use storage::authz::{Granted, Target};
use storage::job::Lease;
use storage::subscription::Subscribes;
use storage::{Audit, WriteTx, invoice, payment};

use super::letter::{News, tell_owners};
use super::settle::settle;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::job::{CHARGE, SYNC_PAYMENT, VOID_PAYMENT};
use crate::ports::{Charge, ChargeLine, NewCustomer, Payment, PaymentError, PaymentState};

/// After this many attempts, about three hours, a person has to look.
const ATTEMPTS_MAX: u32 = 25;

/// Which invoice a job is about.
#[derive(Serialize, Deserialize)]
struct About {
    org: OrgId,
    number: InvoiceNumber,
}

impl About {
    fn text(&self) -> String {
        // Identifiers only: nothing that JSON can't say.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What people are told of a provider that didn't do something.
pub(super) fn refused(error: PaymentError) -> Error {
    match error {
        PaymentError::Unknown(_) => Fault::NotFound.into(),
        PaymentError::NoCard => Fault::conflict("There is no card to charge. Add one first.").into(),
        PaymentError::Temporary(words) | PaymentError::Permanent(words) => Fault::Unreachable { message: words }.into(),
    }
}

/// Has an open invoice charged to the default card, where there is a provider.
pub(super) async fn pay_later<P: Subscribes>(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<P>,
    number: InvoiceNumber,
) -> Result<(), Error> {
    if ctx.services().payments().is_none() || invoice::new_attempt(tx, grant, number).await?.is_none() {
        return Ok(());
    }
    let about = About { org: grant.org(tx)?.id, number };
    storage::job::insert_plain(tx, ctx.new_id(JobId::new), CHARGE, &about.text()).await?;
    Ok(())
}

/// Has nobody be charged any more for an invoice that is void.
pub(super) async fn void_later(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<BillingSettle>,
    number: &str,
) -> Result<(), Error> {
    let number = InvoiceNumber::parse(number).ok_or(Fault::NotFound)?;
    if ctx.services().payments().is_some() {
        let about = About { org: grant.org(tx)?.id, number };
        storage::job::insert_plain(tx, ctx.new_id(JobId::new), VOID_PAYMENT, &about.text()).await?;
    }
    Ok(())
}

/// Tries once more to have an open invoice paid by card.
pub async fn pay(ctx: &Ctx, handle: &str, number: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BillingWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let number = InvoiceNumber::parse(number).ok_or(Fault::NotFound)?;
    let stored = invoice::find(&mut tx, &grant, number).await?.ok_or(Fault::NotFound)?;
    if stored.invoice.state != InvoiceState::Open {
        return Err(Fault::conflict(format!("The invoice {number} is {}.", stored.invoice.state.name())).into());
    }
    if ctx.services().payments().is_none() || payment::methods(&mut tx, &grant).await?.is_empty() {
        return Err(Fault::conflict("There is no card to charge. Add one first.").into());
    }
    pay_later(ctx, &mut tx, &grant, number).await?;
    tx.commit(Audit::none("a wish to pay; that it was paid is logged")).await?;
    ctx.services().jobs.notify_one();
    Ok(())
}

/// What a job has to do with an invoice at the provider.
pub(crate) async fn run(ctx: &Ctx, lease: &Lease) -> Result<(), Error> {
    let outcome = match lease.kind.as_str() {
        SYNC_PAYMENT => look(ctx, lease).await,
        kind => about(ctx, lease, kind == VOID_PAYMENT).await,
    };
    let mut tx = ctx.write().await?;
    match outcome {
        Ok(()) => storage::job::finish(&mut tx, lease).await?,
        Err(Problem::Provider(error)) => {
            tracing::warn!(job = %lease.job, %error, "the payment provider didn't do what it was asked");
            let may_succeed = matches!(error, PaymentError::Temporary(_)) && lease.attempts < ATTEMPTS_MAX;
            let again = may_succeed.then(|| ctx.now().plus(backoff(lease.attempts)));
            storage::job::failed(&mut tx, lease, &error.to_string(), again).await?;
        }
        Err(Problem::Own(error)) => return Err(error),
    }
    tx.commit(Audit::none("what came of it is logged")).await?;
    Ok(())
}

enum Problem {
    Provider(PaymentError),
    Own(Error),
}

impl<T: Into<Error>> From<T> for Problem {
    fn from(error: T) -> Self {
        Self::Own(error.into())
    }
}

/// Charges an invoice, or takes it back there.
async fn about(ctx: &Ctx, lease: &Lease, voids: bool) -> Result<(), Problem> {
    let Ok(About { org, number }) = serde_json::from_str(&lease.payload) else { return Ok(()) };
    let Some(provider) = ctx.services().payments() else { return Ok(()) };
    let mut tx = ctx.read().await?;
    let grant: Granted<BillingSettle> = match tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await {
        // It is deleted; its last invoice was charged before.
        Err(storage::Error::Denied(storage::error::Denied::NotFound)) => return Ok(()),
        other => other?,
    };
    let (Some(stored), Some(customer)) =
        (invoice::find(&mut tx, &grant, number).await?, payment::customer(&mut tx, &grant).await?)
    else {
        return Ok(());
    };
    drop(tx);
    if voids {
        let known = match stored.payment {
            Some(known) => Some(known),
            None => {
                let found = provider.find_payment(&customer, &number.to_string()).await;
                found.map_err(Problem::Provider)?.map(|found| found.id)
            }
        };
        return match known {
            Some(known) => provider.void_payment(&known).await.map_err(Problem::Provider),
            None => Ok(()),
        };
    }
    if stored.invoice.state != InvoiceState::Open {
        return Ok(());
    }
    let answer = charge(ctx, &stored.invoice, &customer, stored.payment.as_deref(), stored.attempt).await;
    match answer {
        Ok(paid) => Ok(note(ctx, org, number, &paid).await?),
        Err(PaymentError::NoCard) => Ok(note_error(ctx, org, number, None, "There is no card to charge.").await?),
        Err(error) => Err(Problem::Provider(error)),
    }
}

/// Asks the provider for the money of an invoice.
pub(super) async fn charge(
    ctx: &Ctx,
    invoice: &Invoice,
    customer: &str,
    known: Option<&str>,
    attempt: i64,
) -> Result<Payment, PaymentError> {
    let Some(provider) = ctx.services().payments() else { return Err(PaymentError::NoCard) };
    let number = invoice.number.to_string();
    let lines = invoice.bill.lines.iter();
    let lines: Vec<ChargeLine> =
        lines.map(|line| ChargeLine { text: line.text.clone(), minor: line.amount.minor }).collect();
    let charge = Charge {
        customer,
        invoice: &number,
        number: &number,
        currency: invoice.bill.currency.code(),
        lines: &lines,
        total: invoice.bill.total.minor,
        known,
        attempt: u32::try_from(attempt).unwrap_or(u32::MAX),
    };
    provider.charge(&charge, &format!("invoice:{number}")).await
}

/// Looks how a payment stands that the provider told of.
async fn look(ctx: &Ctx, lease: &Lease) -> Result<(), Problem> {
    let Some(provider) = ctx.services().payments() else { return Ok(()) };
    let found = match provider.payment(&lease.payload).await {
        Ok(found) => found,
        // It is none of ours.
        Err(PaymentError::Unknown(_)) => None,
        Err(error) => return Err(Problem::Provider(error)),
    };
    let Some(found) = found else { return Ok(()) };
    let Some(number) = InvoiceNumber::parse(&found.invoice) else { return Ok(()) };
    let org = invoice::org_of(&mut *ctx.read().await?, number).await?;
    match org {
        Some(org) => Ok(note(ctx, org, number, &found).await?),
        None => Ok(()),
    }
}

/// Notes how a payment stands.
pub(super) async fn note(ctx: &Ctx, org: OrgId, number: InvoiceNumber, paid: &Payment) -> Result<(), Error> {
    let words = match &paid.state {
        PaymentState::Paid => return note_paid(ctx, org, number, &paid.id).await,
        PaymentState::Open | PaymentState::Processing | PaymentState::Void => None,
        PaymentState::RequiresAction { .. } => Some("Your bank asks you to confirm this payment.".to_owned()),
        PaymentState::Failed { reason } => Some(reason.clone()),
    };
    match words {
        Some(words) => note_error(ctx, org, number, Some(&paid.id), &words).await,
        None => {
            let mut tx = ctx.write().await?;
            let grant: Granted<BillingSettle> = tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await?;
            invoice::set_payment(&mut tx, &grant, number, Some(&paid.id), None).await?;
            tx.commit(Audit::none("where a payment is looked for")).await?;
            Ok(())
        }
    }
}

async fn note_paid(ctx: &Ctx, org: OrgId, number: InvoiceNumber, id: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BillingSettle> = tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await?;
    invoice::set_payment(&mut tx, &grant, number, Some(id), None).await?;
    let state = InvoiceState::Paid { at: tx.now(), note: "By card".to_owned() };
    let entries = match settle(ctx, &mut tx, &grant, &number.to_string(), state).await {
        // Void here, and paid there: for a person to look at.
        Err(Error::Fault(Fault::Conflict { message })) => {
            tracing::error!(%org, %number, message, "an invoice was paid that isn't open");
            Vec::new()
        }
        other => other?,
    };
    tx.commit(Audit::all(entries, "a payment that was noted before")).await?;
    ctx.services().jobs.notify_one();
    Ok(())
}

async fn note_error(
    ctx: &Ctx,
    org: OrgId,
    number: InvoiceNumber,
    payment: Option<&str>,
    words: &str,
) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BillingSettle> = tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await?;
    let Some(stored) = invoice::find(&mut tx, &grant, number).await? else { return Ok(()) };
    if stored.invoice.state != InvoiceState::Open {
        return Ok(());
    }
    let payment = payment.or(stored.payment.as_deref());
    invoice::set_payment(&mut tx, &grant, number, payment, Some(words)).await?;
    let news = News {
        subject: format!("The payment of invoice {number} didn't go through"),
        said: vec![format!("The invoice {number} of {} is still open: {words}", stored.invoice.bill.total)],
        key: format!("failed:{number}:{}", stored.attempt),
        page: &format!("billing/invoices/{number}"),
    };
    tell_owners(ctx, &mut tx, &grant, &news).await?;
    tx.commit(Audit::none("a payment that didn't go through, which the invoice shows")).await?;
    ctx.services().jobs.notify_one();
    Ok(())
}

/// What the provider posted: noted once, looked at by a job.
pub async fn receive(ctx: &Ctx, signature: &str, body: &[u8]) -> Result<Received, Error> {
    let Some(provider) = ctx.services().payments() else { return Ok(Received::NotFound) };
    let Ok(event) = provider.event(signature, body, ctx.now()) else { return Ok(Received::Refused) };
    let mut tx = ctx.write().await?;
    if !payment::take_event(&mut tx, &event.id).await? {
        return Ok(Received::Taken);
    }
    if let Some(object) = event.object.filter(|_| ["invoice", "payment_intent"].contains(&event.object_kind.as_str())) {
        storage::job::insert_plain(&mut tx, ctx.new_id(JobId::new), SYNC_PAYMENT, &object).await?;
    }
    tx.commit(Audit::none("that something happened at the provider; what comes of it is logged")).await?;
    ctx.services().jobs.notify_one();
    Ok(Received::Taken)
}

/// What came of something posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    Taken,
    /// It isn't the provider's.
    Refused,
    /// There is no provider.
    NotFound,
}

/// The page on which a browser enters a card at the provider; nothing of it comes here.
pub async fn load_card(ctx: &Ctx, handle: &str) -> Result<CardPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<BillingWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let provider = ctx.services().payments().ok_or(Fault::NotFound)?;
    let known = payment::customer(&mut tx, &grant).await?;
    let org = grant.org(&tx)?.clone();
    let (viewer, header) = (grant.viewer()?.clone(), grant.header(&tx)?);
    let email = viewer.email.clone();
    drop(tx);
    let customer = match known {
        Some(customer) => customer,
        None => {
            let (organization, name) = (org.id.to_string(), org.display_name.to_string());
            let new = NewCustomer { organization: &organization, name: &name, email: &email };
            let made = provider.create_customer(&new, &format!("customer:{organization}")).await.map_err(refused)?;
            let mut tx = ctx.write().await?;
            let grant: Granted<BillingWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
            payment::set_customer(&mut tx, &grant, &made).await?;
            let kept = payment::customer(&mut tx, &grant).await?.unwrap_or(made);
            tx.commit(Audit::none("what the provider calls the organization")).await?;
            kept
        }
    };
    let key = ctx.new_id(PaymentMethodId::new).to_string();
    let setup = provider.begin_card(&customer, &key).await.map_err(refused)?;
    let browser = provider.browser();
    Ok(CardPage {
        viewer,
        org: header,
        setup: setup.id,
        client_secret: setup.client_secret.expose().to_owned(),
        publishable_key: browser.publishable_key,
        script: browser.script,
    })
}

/// Takes up a card that a browser entered at the provider. The first one is the default, and open invoices are tried again.
pub async fn finish_card(ctx: &Ctx, handle: &str, setup: &str) -> Result<(), Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<BillingWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let provider = ctx.services().payments().ok_or(Fault::NotFound)?;
    let customer = payment::customer(&mut tx, &grant).await?.ok_or(Fault::NotFound)?;
    let known = payment::methods(&mut tx, &grant).await?;
    drop(tx);
    let state = provider.card_setup(setup).await.map_err(refused)?;
    if state.customer.as_deref() != Some(customer.as_str()) {
        return Err(Fault::NotFound.into());
    }
    let Some(card) = state.card else {
        return Err(Fault::conflict("The card was not confirmed. Nothing was added; try again.").into());
    };
    let cards = provider.cards(&customer).await.map_err(refused)?;
    let found = cards.into_iter().find(|one| one.id == card).ok_or(Fault::NotFound)?;
    // What was only agreed charges nothing by itself.
    let is_first = known.iter().all(|method| method.reference.is_empty());
    if is_first {
        provider.set_default_card(&customer, &card).await.map_err(refused)?;
    }
    let label =
        format!("{} ending in {}, until {:02}/{}", found.brand, found.last4, found.expiry_month, found.expiry_year);
    let mut tx = ctx.write().await?;
    let grant: Granted<BillingWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let id = ctx.new_id(PaymentMethodId::new);
    if !payment::insert(&mut tx, &grant, id, &card, &label, false).await? {
        return Ok(());
    }
    if is_first {
        payment::set_default(&mut tx, &grant, id).await?;
    }
    for number in invoice::open(&mut tx, &grant).await? {
        pay_later(ctx, &mut tx, &grant, number).await?;
    }
    let action = domain::audit::Action::PaymentMethodAdded { label };
    let chain = domain::audit::Chain::Org(grant.org(&tx)?.id);
    tx.commit(Audit::one(storage::Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(())
}

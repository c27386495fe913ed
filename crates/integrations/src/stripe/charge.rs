//! An invoice of ours paid by an invoice of Stripe's, found again by our id in its metadata. Stripe pays an invoice once, so
//! that all that matters is never to make a second one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use service::Secret;
use service::ports::{Charge, Payment, PaymentError, PaymentState};

use super::api::{self, List, NOTHING, Refusal, permanent, unreadable};
use super::{StripePayments, amount, decline};

const INVOICE: &str = "tenantry_invoice";
const LINE: &str = "tenantry_line";
/// Each line is a request; longer invoices end in a sum of the rest.
const LINES_MAX: usize = 25;
/// The longest text of a line, in characters.
const TEXT_MAX: usize = 250;
/// How many pages of a customer's invoices are looked through, at 100 on each.
const PAGES_MAX: usize = 20;

/// With its PaymentIntent expanded.
#[derive(Deserialize)]
pub struct StripeInvoice {
    id: String,
    status: Option<String>,
    total: i64,
    currency: String,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    payment_intent: Option<PaymentIntent>,
}

/// As it stands in a list.
#[derive(Deserialize)]
struct Listed {
    id: String,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    status: Option<String>,
}

#[derive(Deserialize)]
struct PaymentIntent {
    status: String,
    client_secret: Option<String>,
    payment_method: Option<String>,
    last_payment_error: Option<LastError>,
}

#[derive(Deserialize)]
struct LastError {
    code: Option<String>,
    decline_code: Option<String>,
}

#[derive(Deserialize)]
struct OfInvoice {
    invoice: Option<String>,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Made {
    id: String,
}

#[derive(Serialize)]
struct DraftForm<'a> {
    customer: &'a str,
    currency: &'a str,
    number: &'a str,
    description: String,
    /// Stripe would try again by itself, and mail.
    auto_advance: bool,
    /// What else waits for the customer isn't ours.
    pending_invoice_items_behavior: &'a str,
    metadata: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct LineForm<'a> {
    customer: &'a str,
    invoice: &'a str,
    currency: &'a str,
    amount: i64,
    description: &'a str,
    metadata: BTreeMap<&'a str, String>,
}

#[derive(Serialize)]
struct FinalForm {
    auto_advance: bool,
}

/// A line as Stripe gets it.
struct Item {
    text: String,
    amount: i64,
}

impl StripeInvoice {
    fn status(&self) -> &str {
        self.status.as_deref().unwrap_or_default()
    }

    fn state(&self) -> Result<PaymentState, PaymentError> {
        Ok(match (self.status(), &self.payment_intent) {
            ("paid", _) => PaymentState::Paid,
            ("void", _) => PaymentState::Void,
            ("uncollectible", _) => {
                PaymentState::Failed { reason: "The invoice was written off at Stripe.".to_owned() }
            }
            ("draft", _) | ("open", None) => PaymentState::Open,
            ("open", Some(intent)) => intent.state()?,
            _ => return Err(unreadable()),
        })
    }

    pub fn into_payment(self) -> Result<Payment, PaymentError> {
        let state = self.state()?;
        let invoice = self.metadata.get(INVOICE).cloned().ok_or_else(unreadable)?;
        Ok(Payment { id: self.id, invoice, state })
    }
}

impl PaymentIntent {
    fn state(&self) -> Result<PaymentState, PaymentError> {
        Ok(match (self.status.as_str(), &self.last_payment_error) {
            ("succeeded", _) => PaymentState::Paid,
            ("processing" | "requires_capture", _) => PaymentState::Processing,
            ("canceled", _) => PaymentState::Void,
            ("requires_action", _) => {
                let client_secret = Secret::from(self.client_secret.clone().ok_or_else(unreadable)?);
                PaymentState::RequiresAction { client_secret }
            }
            ("requires_payment_method" | "requires_confirmation", Some(LastError { code, decline_code })) => {
                let reason = decline::reason(code.as_deref(), decline_code.as_deref()).to_owned();
                PaymentState::Failed { reason }
            }
            ("requires_payment_method" | "requires_confirmation", None) => PaymentState::Open,
            _ => return Err(unreadable()),
        })
    }
}

pub async fn charge(stripe: &StripePayments, charge: &Charge<'_>, key: &str) -> Result<Payment, PaymentError> {
    let items = items(charge)?;
    let total = amount::of(charge.currency, charge.total).map_err(permanent)?;
    let found = match charge.known {
        Some(id) => Some(get(stripe, id).await?),
        None => find(stripe, charge.customer, charge.invoice).await?,
    };
    if let Some(invoice) = &found {
        if invoice.metadata.get(INVOICE).is_none_or(|id| id != charge.invoice) {
            return Err(permanent(format!("{} at Stripe is another invoice than {}.", invoice.id, charge.number)));
        }
        if matches!(invoice.state()?, PaymentState::Paid | PaymentState::Processing | PaymentState::Void) {
            return found.map_or_else(|| Err(unreadable()), StripeInvoice::into_payment);
        }
    }
    let card = stripe.customer(charge.customer).await?.invoice_settings.default_payment_method;
    let card = card.ok_or(PaymentError::NoCard)?;
    let mut invoice = match found {
        Some(invoice) => invoice,
        None => {
            let made = draft(stripe, charge, key).await?;
            get(stripe, &made).await?
        }
    };
    if invoice.status() == "draft" {
        invoice = issue(stripe, charge, &invoice.id, &items, total, key).await?;
    }
    let waits_for_holder = matches!(invoice.state()?, PaymentState::RequiresAction { .. });
    let tried = invoice.payment_intent.as_ref().and_then(|intent| intent.payment_method.as_ref());
    if waits_for_holder && tried == Some(&card) {
        return invoice.into_payment();
    }
    pay(stripe, invoice, &format!("{key}-pay-{}", charge.attempt)).await
}

/// The lines, checked and counted as Stripe does.
fn items(charge: &Charge<'_>) -> Result<Vec<Item>, PaymentError> {
    let sum = charge.lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.minor));
    if sum != Some(charge.total) {
        return Err(permanent(format!("The lines of invoice {} don't add up to its total.", charge.number)));
    }
    if charge.total <= 0 {
        return Err(permanent(format!("Invoice {} is over nothing that could be charged.", charge.number)));
    }
    let shown = if charge.lines.len() > LINES_MAX { LINES_MAX - 1 } else { charge.lines.len() };
    let (shown, rest) = charge.lines.split_at(shown);
    let mut items = Vec::new();
    for line in shown {
        let amount = amount::of(charge.currency, line.minor).map_err(permanent)?;
        items.push(Item { text: line.text.chars().take(TEXT_MAX).collect(), amount });
    }
    if !rest.is_empty() {
        let minor = rest.iter().map(|line| line.minor).sum();
        let text = format!("{} more lines of invoice {}", rest.len(), charge.number);
        items.push(Item { text, amount: amount::of(charge.currency, minor).map_err(permanent)? });
    }
    Ok(items)
}

/// Makes the invoice, still without lines: nothing is charged for a draft.
async fn draft(stripe: &StripePayments, charge: &Charge<'_>, key: &str) -> Result<String, PaymentError> {
    let form = DraftForm {
        customer: charge.customer,
        currency: &charge.currency.to_ascii_lowercase(),
        number: charge.number,
        description: format!("Invoice {}", charge.number),
        auto_advance: false,
        pending_invoice_items_behavior: "exclude",
        metadata: BTreeMap::from([(INVOICE, charge.invoice)]),
    };
    let made: Made = stripe.api.post("/v1/invoices", &form, Some(&format!("{key}-draft"))).await?;
    Ok(made.id)
}

/// Gives a draft the lines it lacks and, when it adds up, issues it.
async fn issue(
    stripe: &StripePayments,
    charge: &Charge<'_>,
    id: &str,
    items: &[Item],
    total: i64,
    key: &str,
) -> Result<StripeInvoice, PaymentError> {
    let path = format!("/v1/invoices/{}", api::id(id)?);
    let lines: List<Line> = stripe.api.get(&format!("{path}/lines"), &BTreeMap::from([("limit", "100")])).await?;
    let there: BTreeSet<&str> = lines.data.iter().filter_map(|line| Some(line.metadata.get(LINE)?.as_str())).collect();
    let currency = charge.currency.to_ascii_lowercase();
    for (n, item) in items.iter().enumerate() {
        let n = n.to_string();
        if there.contains(n.as_str()) {
            continue;
        }
        let line_key = format!("{key}-line-{n}");
        let form = LineForm {
            customer: charge.customer,
            invoice: id,
            currency: &currency,
            amount: item.amount,
            description: &item.text,
            metadata: BTreeMap::from([(INVOICE, charge.invoice.to_owned()), (LINE, n)]),
        };
        stripe.api.post::<Made>("/v1/invoiceitems", &form, Some(&line_key)).await?;
    }
    let complete = get(stripe, id).await?;
    if complete.total != total || complete.currency != currency {
        return Err(permanent(format!(
            "The draft of invoice {} at Stripe doesn't add up to it; delete {id} there and try again a day later.",
            charge.number
        )));
    }
    let form = FinalForm { auto_advance: false };
    stripe.api.post::<Made>(&format!("{path}/finalize"), &form, Some(&format!("{key}-final"))).await?;
    get(stripe, id).await
}

/// Has the default card pay. Whatever is answered, the invoice itself says what came of it.
async fn pay(stripe: &StripePayments, invoice: StripeInvoice, key: &str) -> Result<Payment, PaymentError> {
    let path = format!("/v1/invoices/{}/pay", api::id(&invoice.id)?);
    let answer = stripe.api.post::<Made>(&path, &NOTHING, Some(key)).await;
    if let Err(Refusal::Failed(error @ PaymentError::Temporary(_))) = answer {
        return Err(error);
    }
    let payment = get(stripe, &invoice.id).await?.into_payment()?;
    match (payment.state, answer) {
        (PaymentState::Open, Err(Refusal::Declined(reason))) => {
            Ok(Payment { state: PaymentState::Failed { reason: reason.to_owned() }, ..payment })
        }
        (PaymentState::Open | PaymentState::Failed { .. }, Err(Refusal::Failed(error))) => Err(error),
        (state, _) => Ok(Payment { state, ..payment }),
    }
}

async fn get(stripe: &StripePayments, id: &str) -> Result<StripeInvoice, PaymentError> {
    let path = format!("/v1/invoices/{}", api::id(id)?);
    Ok(stripe.api.get(&path, &BTreeMap::from([("expand", ["payment_intent"])])).await?)
}

/// Stripe's side of an invoice. Lists hold what was made a moment ago, which searches don't.
pub async fn find(
    stripe: &StripePayments,
    customer: &str,
    invoice: &str,
) -> Result<Option<StripeInvoice>, PaymentError> {
    let mut after = None;
    for _ in 0..PAGES_MAX {
        let mut query = BTreeMap::from([("customer", customer), ("limit", "100")]);
        query.extend(after.as_deref().map(|after| ("starting_after", after)));
        let page: List<Listed> = stripe.api.get("/v1/invoices", &query).await?;
        let is_theirs = |listed: &&Listed| listed.metadata.get(INVOICE).is_some_and(|id| id == invoice);
        // Somebody's copy in Stripe's dashboard has the same metadata: what isn't void counts.
        let theirs = page.data.iter().filter(is_theirs);
        if let Some(found) = theirs.min_by_key(|listed| listed.status.as_deref() == Some("void")) {
            return get(stripe, &found.id).await.map(Some);
        }
        after = page.data.last().map(|last| last.id.clone());
        if !page.has_more || after.is_none() {
            return Ok(None);
        }
    }
    Err(permanent("The customer has more invoices at Stripe than are looked through."))
}

/// By the id of an invoice or of a PaymentIntent.
pub async fn payment(stripe: &StripePayments, id: &str) -> Result<Option<Payment>, PaymentError> {
    let of_intent;
    let id = if id.starts_with("pi_") {
        let path = format!("/v1/payment_intents/{}", api::id(id)?);
        of_intent = match stripe.api.get::<OfInvoice>(&path, &NOTHING).await {
            Err(Refusal::Failed(PaymentError::Unknown(_))) => None,
            found => found?.invoice,
        };
        of_intent.as_deref()
    } else {
        Some(id)
    };
    let Some(id) = id.filter(|id| id.starts_with("in_")) else { return Ok(None) };
    match get(stripe, id).await {
        Ok(invoice) if invoice.metadata.contains_key(INVOICE) => invoice.into_payment().map(Some),
        Ok(_) | Err(PaymentError::Unknown(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

pub async fn void(stripe: &StripePayments, id: &str) -> Result<(), PaymentError> {
    let path = format!("/v1/invoices/{}", api::id(id)?);
    let invoice = match get(stripe, id).await {
        Err(PaymentError::Unknown(_)) => return Ok(()),
        found => found?,
    };
    match (invoice.status(), invoice.state()?) {
        ("draft", _) => stripe.api.delete::<Made>(&path).await?,
        (_, PaymentState::Void) => return Ok(()),
        (_, PaymentState::Paid) => return Err(permanent("It is paid already.")),
        (_, PaymentState::Processing) => return Err(permanent("The bank is about to pay it.")),
        _ => stripe.api.post::<Made>(&format!("{path}/void"), &NOTHING, None).await?,
    };
    Ok(())
}

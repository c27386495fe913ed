//! Invoices: numbered without gaps, never changed but for whether they are paid.

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{BillingRead, BillingSettle, BillingWrite, OrgAdminWrite, PlansRead};
use domain::billing::page::{InvoiceRow, InvoicesQuery};
use domain::billing::{Invoice, InvoiceNumber, InvoiceState};
use domain::id::OrgId;
use domain::name::Handle;
use domain::usage::Day;

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::subscription::Subscribes;
use crate::tx::{Tx, WriteTx};

queries! {
    /// The row stays locked until the end of the transaction, so that no number is given and then not used.
    NEXT = "INSERT INTO invoice_counter (name, last) VALUES ('invoice', 1)
        ON CONFLICT (name) DO UPDATE SET last = invoice_counter.last + 1 RETURNING last";
    INSERT = "INSERT INTO invoice (number, org_id, content, currency, total, issued_on, due_on, state, settled_at, note,
            required, reminded, payment_attempt, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, $12)";
    OF_ORG = "SELECT number, content, state, settled_at, note, payment, payment_attempt, payment_error, required
        FROM invoice WHERE org_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
    ONE = "SELECT number, content, state, settled_at, note, payment, payment_attempt, payment_error, required
        FROM invoice WHERE org_id = $1 AND number = $2";
    EVERY = "SELECT i.number, i.content, i.state, i.settled_at, i.note, i.payment, i.payment_attempt, i.payment_error,
            i.required, o.handle
        FROM invoice i LEFT JOIN organization o ON o.id = i.org_id
        WHERE i.number < $1 AND (CAST($2 AS TEXT) IS NULL OR i.state = $2)
            AND (CAST($3 AS BIGINT) IS NULL OR i.due_on < $3) ORDER BY i.number DESC LIMIT $4";
    OPEN = "SELECT number FROM invoice WHERE org_id = $1 AND state = 'open' ORDER BY number";
    SETTLE = "UPDATE invoice SET state = $3, settled_at = $4, note = $5, payment_error = NULL
        WHERE org_id = $1 AND number = $2 AND state = 'open' RETURNING number";
    REQUIRED = "SELECT number FROM invoice WHERE org_id = $1 AND required AND state = 'open' LIMIT 1";
    TO_REMIND = "SELECT number, org_id FROM invoice
        WHERE state = 'open' AND due_on < $1 AND reminded < $2 ORDER BY number LIMIT $3";
    REMINDED = "UPDATE invoice SET reminded = $3, required = (required OR $4)
        WHERE org_id = $1 AND number = $2 AND state = 'open' AND reminded < $3 RETURNING number";
    ATTEMPT = "UPDATE invoice SET payment_attempt = payment_attempt + 1, payment_error = NULL
        WHERE org_id = $1 AND number = $2 AND state = 'open' RETURNING payment_attempt";
    SET_PAYMENT = "UPDATE invoice SET payment = $3, payment_error = $4 WHERE org_id = $1 AND number = $2";
    ORG_OF = "SELECT org_id FROM invoice WHERE number = $1";
}

/// What may see invoices of an organization.
pub trait SeesInvoices: Capability {}
impl SeesInvoices for BillingRead {}
impl SeesInvoices for BillingWrite {}
impl SeesInvoices for BillingSettle {}
impl SeesInvoices for OrgAdminWrite {}

/// An invoice, and how its payment goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub invoice: Invoice,
    /// Its id at the provider, once it was asked.
    pub payment: Option<String>,
    /// Wishes to pay it so far.
    pub attempt: i64,
    pub payment_error: Option<String>,
    /// Whether the organization is held until it is paid.
    pub required: bool,
}

impl From<Stored> for InvoiceRow {
    fn from(stored: Stored) -> Self {
        let Invoice { number, bill_to, issued, due, bill, state, .. } = stored.invoice;
        Self {
            number,
            display_name: bill_to.display_name,
            handle: bill_to.handle,
            leads_to: None,
            issued,
            due,
            total: bill.total,
            state,
            payment_error: stored.payment_error,
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    number: i64,
    content: String,
    state: String,
    settled_at: Option<i64>,
    note: String,
    payment: Option<String>,
    payment_attempt: i64,
    payment_error: Option<String>,
    required: bool,
}

#[derive(sqlx::FromRow)]
struct EveryRow {
    #[sqlx(flatten)]
    row: Row,
    /// None when the organization is gone.
    handle: Option<String>,
}

impl TryFrom<Row> for Stored {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let id = row.number.to_string();
        let invoice: Invoice = read(serde_json::from_str(&row.content).ok(), "invoice", "content", &id)?;
        let at = Timestamp::from_micros(row.settled_at.unwrap_or_default());
        let state = match row.state.as_str() {
            "open" => Some(InvoiceState::Open),
            "paid" => Some(InvoiceState::Paid { at, note: row.note }),
            "void" => Some(InvoiceState::Void { at, reason: row.note }),
            _ => None,
        };
        Ok(Self {
            invoice: Invoice { state: read(state, "invoice", "state", &id)?, ..invoice },
            payment: row.payment,
            attempt: row.payment_attempt,
            payment_error: row.payment_error,
            required: row.required,
        })
    }
}

/// What a state is kept as: its name, when it came, and a note.
fn parts(state: &InvoiceState) -> (&'static str, Option<i64>, &str) {
    match state {
        InvoiceState::Open => ("open", None, ""),
        InvoiceState::Paid { at, note } => ("paid", Some(at.micros()), note),
        InvoiceState::Void { at, reason } => ("void", Some(at.micros()), reason),
    }
}

/// The next number, which is used unless the transaction comes to nothing.
pub async fn next_number<P: Subscribes>(tx: &mut WriteTx, grant: &Granted<P>) -> Result<InvoiceNumber, Error> {
    grant.check(tx)?;
    let number: i64 = on!(tx, c => sqlx::query_scalar(NEXT).fetch_one(c).await)?;
    Ok(InvoiceNumber::new(number))
}

/// Keeps an invoice under its number.
pub async fn insert<P: Subscribes>(
    tx: &mut WriteTx,
    grant: &Granted<P>,
    invoice: &Invoice,
    required: bool,
) -> Result<(), Error> {
    let (org, now) = (grant.org(tx)?.id.to_string(), tx.now().micros());
    let content = read(serde_json::to_string(invoice).ok(), "invoice", "content", &org)?;
    let (state, settled_at, note) = parts(&invoice.state);
    on!(tx, c => sqlx::query(INSERT)
        .bind(invoice.number.number())
        .bind(&org)
        .bind(&content)
        .bind(invoice.bill.currency.code())
        .bind(invoice.bill.total.minor)
        .bind(invoice.issued.number())
        .bind(invoice.due.number())
        .bind(state)
        .bind(settled_at)
        .bind(note)
        .bind(required)
        .bind(now)
        .execute(c).await.map(drop))
}

/// At most `limit` of the organization before a number, newest first.
pub async fn page<P: SeesInvoices>(
    tx: &mut Tx,
    grant: &Granted<P>,
    before: Option<InvoiceNumber>,
    limit: i64,
) -> Result<Vec<Stored>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let before = before.map_or(i64::MAX, InvoiceNumber::number);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_ORG).bind(org).bind(before).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(Stored::try_from).collect()
}

pub async fn find<P: SeesInvoices>(
    tx: &mut Tx,
    grant: &Granted<P>,
    number: InvoiceNumber,
) -> Result<Option<Stored>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let row: Option<Row> = on!(tx, c => sqlx::query_as(ONE).bind(org).bind(number.number()).fetch_optional(c).await)?;
    row.map(Stored::try_from).transpose()
}

/// At most `limit` of all organizations, also of those that are gone, newest first.
pub async fn every(
    tx: &mut Tx,
    grant: &Granted<PlansRead>,
    query: &InvoicesQuery,
    today: Day,
    limit: i64,
) -> Result<Vec<InvoiceRow>, Error> {
    grant.check(tx)?;
    let (state, due) = match query.state.as_deref() {
        Some("overdue") => (Some("open"), Some(today.number())),
        other => (other, None),
    };
    let before = query.before.map_or(i64::MAX, InvoiceNumber::number);
    let rows: Vec<EveryRow> = on!(tx, c => sqlx::query_as(EVERY)
        .bind(before).bind(state).bind(due).bind(limit).fetch_all(c).await)?;
    rows.into_iter()
        .map(|EveryRow { row, handle }| {
            let leads_to = handle.and_then(|handle| Handle::parse(&handle).ok());
            Ok(InvoiceRow { leads_to, ..Stored::try_from(row)?.into() })
        })
        .collect()
}

/// Numbers of the organization's open invoices, oldest first.
pub async fn open<P: SeesInvoices>(tx: &mut Tx, grant: &Granted<P>) -> Result<Vec<InvoiceNumber>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let numbers: Vec<i64> = on!(tx, c => sqlx::query_scalar(OPEN).bind(org).fetch_all(c).await)?;
    Ok(numbers.into_iter().map(InvoiceNumber::new).collect())
}

/// Marks an open invoice as paid or void; `false` when it isn't open any more.
pub async fn settle(
    tx: &mut WriteTx,
    grant: &Granted<BillingSettle>,
    number: InvoiceNumber,
    state: &InvoiceState,
) -> Result<bool, Error> {
    let org = grant.org(tx)?.id.to_string();
    let (state, at, note) = parts(state);
    let settled: Option<i64> = on!(tx, c => sqlx::query_scalar(SETTLE)
        .bind(org).bind(number.number()).bind(state).bind(at).bind(note).fetch_optional(c).await)?;
    Ok(settled.is_some())
}

/// Whether the organization has to pay an invoice before it is opened again.
pub async fn is_required<P: SeesInvoices>(tx: &mut Tx, grant: &Granted<P>) -> Result<bool, Error> {
    let org = grant.org(tx)?.id.to_string();
    let number: Option<i64> = on!(tx, c => sqlx::query_scalar(REQUIRED).bind(org).fetch_optional(c).await)?;
    Ok(number.is_some())
}

/// Open invoices that were due `days` days ago or earlier, and whose reminder of then wasn't sent.
pub async fn to_remind(tx: &mut Tx, today: Day, days: i64, limit: i64) -> Result<Vec<(InvoiceNumber, OrgId)>, Error> {
    let due_before = today.plus(1 - days).number();
    let rows: Vec<(i64, String)> = on!(tx, c => sqlx::query_as(TO_REMIND)
        .bind(due_before).bind(days).bind(limit).fetch_all(c).await)?;
    rows.into_iter()
        .map(|(number, org)| Ok((InvoiceNumber::new(number), read(org.parse().ok(), "invoice", "org_id", &org)?)))
        .collect()
}

/// Takes a reminder for this transaction; `false` when it was sent, or isn't needed any more. `required`: the organization
/// is held from now on.
pub async fn take_reminder(
    tx: &mut WriteTx,
    grant: &Granted<BillingSettle>,
    number: InvoiceNumber,
    days: i64,
    required: bool,
) -> Result<bool, Error> {
    let org = grant.org(tx)?.id.to_string();
    let taken: Option<i64> = on!(tx, c => sqlx::query_scalar(REMINDED)
        .bind(org).bind(number.number()).bind(days).bind(required).fetch_optional(c).await)?;
    Ok(taken.is_some())
}

/// Counts another wish to pay an open invoice, and answers how many there were; `None` when it isn't open.
pub async fn new_attempt<P: Subscribes>(
    tx: &mut WriteTx,
    grant: &Granted<P>,
    number: InvoiceNumber,
) -> Result<Option<i64>, Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query_scalar(ATTEMPT).bind(org).bind(number.number()).fetch_optional(c).await)
}

/// Notes what the provider calls the payment, and why it doesn't go through, if it doesn't.
pub async fn set_payment(
    tx: &mut WriteTx,
    grant: &Granted<BillingSettle>,
    number: InvoiceNumber,
    payment: Option<&str>,
    error: Option<&str>,
) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query(SET_PAYMENT)
        .bind(org).bind(number.number()).bind(payment).bind(error).execute(c).await.map(drop))
}

/// Whose an invoice is.
pub async fn org_of(tx: &mut Tx, number: InvoiceNumber) -> Result<Option<OrgId>, Error> {
    let org: Option<String> = on!(tx, c => sqlx::query_scalar(ORG_OF).bind(number.number()).fetch_optional(c).await)?;
    org.map(|org| read(org.parse().ok(), "invoice", "org_id", &org)).transpose()
}

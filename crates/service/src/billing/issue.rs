use domain::audit::{Action, Chain};
use domain::billing::{BillTo, Cycle, Invoice, InvoiceState};
use domain::money::Money;
use domain::usage::Day;
use storage::authz::Granted;
use storage::subscription::Subscribes;
use storage::usage_limit::SeesLimits;
use storage::{Entry, WriteTx, invoice};

use super::letter::{News, tell_owners};
use super::owed::Reckoned;
use crate::ctx::Ctx;
use crate::error::Error;

/// Days within which an invoice is to be paid.
pub(super) const DAYS_TO_PAY: i64 = 14;

/// What came of a bill.
pub(super) struct Issued {
    /// For the next bill, in minor units.
    pub credit: i64,
    pub entry: Option<Entry>,
}

/// Makes an invoice of what is owed, under the next number, and tells the owners. `required`: the organization is held until
/// it is paid.
pub(super) async fn issue<P: Subscribes + SeesLimits>(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<P>,
    reckoned: Reckoned,
    cycle: Cycle,
    required: bool,
) -> Result<Issued, Error> {
    let (bill, changed) = reckoned.bill()?;
    reckoned.note(tx, grant, changed).await?;
    let credit = bill.credit_carried.minor;
    if bill.lines.iter().all(|line| line.amount.is_zero()) {
        return Ok(Issued { credit, entry: None });
    }
    let (org, now) = (grant.org(tx)?.clone(), tx.now());
    let today = Day::of(now);
    let total = bill.total;
    let state = match total.is_zero() {
        true => InvoiceState::Paid { at: now, note: "Nothing is left to pay.".to_owned() },
        false => InvoiceState::Open,
    };
    let number = invoice::next_number(tx, grant).await?;
    let issued = Invoice {
        number,
        issuer: ctx.services().issuer().join(", "),
        bill_to: BillTo { display_name: org.display_name.to_string(), handle: org.handle.to_string() },
        cycle,
        issued: today,
        due: today.plus(DAYS_TO_PAY),
        bill,
        state,
    };
    let is_open = issued.state == InvoiceState::Open;
    invoice::insert(tx, grant, &issued, required && is_open).await?;
    tell(ctx, tx, grant, &issued, total).await?;
    if is_open {
        super::pay::pay_later(ctx, tx, grant, number).await?;
    }
    let action = Action::InvoiceIssued { number, total };
    let entry = Entry::new(Chain::Org(org.id), grant.who(), Some(grant.via()), action);
    Ok(Issued { credit, entry: Some(entry) })
}

async fn tell<P: SeesLimits>(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<P>,
    invoice: &Invoice,
    total: Money,
) -> Result<(), Error> {
    let number = invoice.number;
    let issuer = ctx.services().issuer().first().map(String::as_str).unwrap_or_default();
    let due = match &invoice.state {
        InvoiceState::Open => format!("It is to be paid by {}.", invoice.due),
        _ => "Nothing is to be paid.".to_owned(),
    };
    let news = News {
        subject: format!("Invoice {number} from {issuer}: {total}"),
        said: vec![format!("The invoice {number} for {} comes to {total}.", invoice.bill_to.display_name), due],
        key: format!("issued:{number}"),
        page: &format!("billing/invoices/{number}"),
    };
    tell_owners(ctx, tx, grant, &news).await
}

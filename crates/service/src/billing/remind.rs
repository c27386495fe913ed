use std::sync::Arc;

use domain::authz::cap::BillingSettle;
use domain::billing::InvoiceNumber;
use domain::id::OrgId;
use domain::usage::Day;
use storage::authz::{Granted, Target};
use storage::{Audit, invoice};

use super::hold::settle_hold;
use super::letter::{News, tell_owners};
use crate::ctx::{Ctx, Services};
use crate::error::Error;

/// Days overdue at which owners are reminded; at the last one, the organization is held.
const STAGES: [i64; 4] = [1, 7, 14, 21];
/// Invoices of one look.
const SOME: i64 = 100;

/// Reminds owners of invoices that are overdue, and in the end holds their organization until they are paid. Of processes
/// that look at once, one does it; a server that was away for long sends the latest reminder only.
pub async fn remind_due(services: &Arc<Services>) -> Result<(), Error> {
    let ctx = Ctx::system(Arc::clone(services));
    let today = Day::of(ctx.now());
    let mut reminded = false;
    for days in STAGES.into_iter().rev() {
        let due = invoice::to_remind(&mut *ctx.read().await?, today, days, SOME).await?;
        for (number, org) in due {
            if let Err(error) = remind(&ctx, org, number, days).await {
                tracing::error!(%org, %number, %error, "a reminder could not be made");
            }
            reminded = true;
        }
    }
    if reminded {
        ctx.services().jobs.notify_one();
    }
    Ok(())
}

async fn remind(ctx: &Ctx, org: OrgId, number: InvoiceNumber, days: i64) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BillingSettle> = match tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await {
        // Nobody is left to remind.
        Err(storage::Error::Denied(storage::error::Denied::NotFound)) => return Ok(()),
        other => other?,
    };
    let is_last = Some(&days) == STAGES.last();
    if !invoice::take_reminder(&mut tx, &grant, number, days, is_last).await? {
        return Ok(());
    }
    let Some(stored) = invoice::find(&mut tx, &grant, number).await? else { return Ok(()) };
    let name = grant.org(&tx)?.display_name.to_string();
    let (total, due) = (stored.invoice.bill.total, stored.invoice.due);
    let mut said =
        vec![format!("The invoice {number} for {name}, {total}, was to be paid by {due} and is still open.")];
    match STAGES.last().map(|last| stored.invoice.due.plus(*last)) {
        Some(day) if !is_last => said.push(format!("From {day} on, {name} is closed until it is paid.")),
        _ => said.push(format!("{name} is closed from now on, until it is paid. Nothing is lost.")),
    }
    let news = News {
        subject: format!("Invoice {number} is overdue since {due}"),
        said,
        key: format!("overdue:{number}:{days}"),
        page: &format!("billing/invoices/{number}"),
    };
    tell_owners(ctx, &mut tx, &grant, &news).await?;
    let hold = if is_last { settle_hold(&mut tx, org).await? } else { None };
    tx.commit(Audit::all(hold, "a reminder, which the outbox shows")).await?;
    Ok(())
}

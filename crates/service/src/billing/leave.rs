//! Billing of an organization that is being deleted.

use domain::audit::{Action, Chain};
use domain::authz::cap::BillingSettle;
use domain::billing::page::ProvidedBy;
use domain::id::OrgId;
use storage::authz::{Granted, Target};
use storage::subscription::{self, Subscription};
use storage::{Entry, WriteTx, invoice, payment};

use super::issue::issue;
use super::owed::Reckoned;
use super::pay;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::ports::PaymentError;

/// Has no further cycle begin; `None` without a plan, and when it was done before.
pub(crate) async fn cancel_for_deletion(ctx: &Ctx, tx: &mut WriteTx, org: OrgId) -> Result<Option<Entry>, Error> {
    let grant: Granted<BillingSettle> = tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await?;
    let Some(found) = subscription::find(tx, &grant).await? else { return Ok(None) };
    if found.cancels {
        return Ok(None);
    }
    let plan = found.plan.clone();
    subscription::save(tx, &grant, &Subscription { cancels: true, turns_on: None, ..found }).await?;
    let action = Action::SubscriptionCancelled { plan };
    Ok(Some(Entry::new(Chain::Org(org), grant.who(), Some(grant.via()), action)))
}

/// Bills what was used until now and takes the organization off its plan.
pub(crate) async fn close_for_deletion(ctx: &Ctx, tx: &mut WriteTx, org: OrgId) -> Result<Vec<Entry>, Error> {
    let grant: Granted<BillingSettle> = tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await?;
    let Some(found) = subscription::find(tx, &grant).await? else { return Ok(Vec::new()) };
    let mut entries = Vec::new();
    if found.by == ProvidedBy::Direct {
        let cycle = found.cycle.cycle;
        // What lapsed was billed when it did.
        let ended = match found.state {
            domain::billing::page::SubscriptionState::Lapsed => None,
            _ => Some(found.cycle),
        };
        if let Some(reckoned) = Reckoned::of(tx, &grant, found.credit, ended, None).await? {
            entries.extend(issue(ctx, tx, &grant, reckoned, cycle, false).await?.entry);
        }
    }
    subscription::end(tx, &grant).await?;
    let action = Action::SubscriptionEnded { plan: found.plan };
    entries.push(Entry::new(Chain::Org(org), grant.who(), Some(grant.via()), action));
    Ok(entries)
}

/// Has the default card pay what is open, while there still is one. A card that is declined leaves its invoice open.
pub(crate) async fn charge_for_deletion(ctx: &Ctx, org: OrgId) -> Result<Result<(), PaymentError>, Error> {
    if ctx.services().payments().is_none() {
        return Ok(Ok(()));
    }
    let mut tx = ctx.read().await?;
    let grant: Granted<BillingSettle> = tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await?;
    let Some(customer) = payment::customer(&mut tx, &grant).await? else { return Ok(Ok(())) };
    let mut open = Vec::new();
    for number in invoice::open(&mut tx, &grant).await? {
        open.extend(invoice::find(&mut tx, &grant, number).await?);
    }
    drop(tx);
    for stored in open {
        let known = stored.payment.as_deref();
        match pay::charge(ctx, &stored.invoice, &customer, known, stored.attempt).await {
            Ok(paid) => pay::note(ctx, org, stored.invoice.number, &paid).await?,
            Err(PaymentError::NoCard) => return Ok(Ok(())),
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(()))
}

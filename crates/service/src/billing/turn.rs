use std::sync::Arc;

use domain::audit::{Action, Chain};
use domain::authz::cap::BillingSettle;
use domain::billing::CycleTerms;
use domain::billing::page::{ProvidedBy, SubscriptionState};
use domain::id::OrgId;
use domain::org::Hold;
use domain::usage::Day;
use storage::authz::{Granted, Target};
use storage::subscription::{self, Subscription};
use storage::{Audit, Entry, WriteTx};

use super::hold::settle_hold;
use super::issue::issue;
use super::letter::{News, tell_owners};
use super::owed::Reckoned;
use crate::ctx::{Ctx, Services};
use crate::error::Error;

/// Organizations of one look.
const SOME: i64 = 100;

/// Turns every cycle that is over: bills what was used and what begins, and ends or holds what doesn't go on. Of processes
/// that look at once, one does it; a server that was away for long turns one cycle after the other.
pub async fn turn_due(services: &Arc<Services>) -> Result<(), Error> {
    let ctx = Ctx::system(Arc::clone(services));
    let due = subscription::due(&mut *ctx.read().await?, Day::of(ctx.now()), SOME).await?;
    for org in &due {
        loop {
            match turn(&ctx, *org).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    // One organization keeps no other waiting.
                    tracing::error!(%org, %error, "a cycle could not be turned");
                    break;
                }
            }
        }
    }
    if !due.is_empty() {
        ctx.services().jobs.notify_one();
    }
    Ok(())
}

/// Turns one cycle; `false` when none is over.
async fn turn(ctx: &Ctx, org: OrgId) -> Result<bool, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BillingSettle> = match tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await {
        Err(storage::Error::Denied(storage::error::Denied::NotFound)) => return Ok(false),
        other => other?,
    };
    // On the way out, its last invoice is the deletion's.
    if !grant.org(&tx)?.state.is_open() {
        return Ok(false);
    }
    let Some(subscription) = subscription::find(&mut tx, &grant).await? else { return Ok(false) };
    let Some(turns_on) = subscription.turns_on.filter(|day| *day <= Day::of(ctx.now())) else { return Ok(false) };
    let entries = match subscription.by {
        ProvidedBy::Direct => turn_own(ctx, &mut tx, &grant, subscription, turns_on).await?,
        ProvidedBy::Partner | ProvidedBy::Platform => {
            let terms = super::terms(&mut tx, &grant, &subscription.plan, false).await?;
            let cycle = subscription.next_cycle(turns_on);
            let next = Subscription {
                state: SubscriptionState::Active,
                cycle: CycleTerms::new(cycle, terms),
                turns_on: Some(cycle.end),
                ..subscription
            };
            subscription::save(&mut tx, &grant, &next).await?;
            Vec::new()
        }
    };
    tx.commit(Audit::all(entries, "a cycle that goes on, and costs its organization nothing")).await?;
    Ok(true)
}

async fn turn_own(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<BillingSettle>,
    subscription: Subscription,
    turns_on: Day,
) -> Result<Vec<Entry>, Error> {
    let org = grant.org(tx)?.clone();
    let is_trial = subscription.state == SubscriptionState::Trial;
    let goes_on = !subscription.cancels
        && match is_trial {
            true => !storage::payment::methods(tx, grant).await?.is_empty(),
            // An old bill comes first.
            false => !org.holds.contains(Hold::Billing),
        };
    let ended = subscription.cycle.clone();
    let entry = |action| Entry::new(Chain::Org(org.id), grant.who(), Some(grant.via()), action);
    let plan = subscription.plan.clone();
    let mut entries = Vec::new();
    if goes_on {
        let terms = super::terms(tx, grant, &plan, false).await?;
        let anchor = if is_trial { turns_on } else { subscription.anchor };
        let mut next = Subscription { anchor, state: SubscriptionState::Active, ..subscription };
        let cycle = next.next_cycle(turns_on);
        let reckoned = Reckoned::of(tx, grant, next.credit, Some(ended), Some((cycle, terms.clone()))).await?;
        next.cycle = CycleTerms::new(cycle, terms);
        next.turns_on = Some(cycle.end);
        if let Some(reckoned) = reckoned {
            let issued = issue(ctx, tx, grant, reckoned, cycle, false).await?;
            next.credit = issued.credit;
            entries.extend(issued.entry);
        }
        subscription::save(tx, grant, &next).await?;
        return Ok(entries);
    }
    let cycle = ended.cycle;
    if let Some(reckoned) = Reckoned::of(tx, grant, subscription.credit, Some(ended), None).await? {
        entries.extend(issue(ctx, tx, grant, reckoned, cycle, false).await?.entry);
    }
    if subscription.cancels {
        subscription::end(tx, grant).await?;
        entries.push(entry(Action::SubscriptionEnded { plan }));
    } else {
        let lapsed = Subscription { state: SubscriptionState::Lapsed, turns_on: None, credit: 0, ..subscription };
        subscription::save(tx, grant, &lapsed).await?;
        entries.push(entry(Action::SubscriptionLapsed { plan }));
        let why = if is_trial { "its trial is over, and there is no way to pay" } else { "a bill is unpaid" };
        let news = News {
            subject: format!("{} is closed until its bill is settled", org.display_name),
            said: vec![format!(
                "{} is closed: {why}. Nothing is lost. Settle it on the page Billing, and it opens again.",
                org.display_name
            )],
            key: format!("lapsed:{turns_on}"),
            page: "billing",
        };
        tell_owners(ctx, tx, grant, &news).await?;
    }
    entries.extend(settle_hold(tx, org.id).await?);
    Ok(entries)
}

use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::Via;
use domain::authz::cap::BillingWrite;
use domain::billing::page::{ProvidedBy, SubscriptionState};
use domain::billing::{Buyer, Cycle, CycleTerms, Plan, PlanTerms};
use domain::usage::Day;
use storage::authz::{Granted, Target};
use storage::subscription::{self, Subscription};
use storage::{Audit, Entry, WriteTx};

use super::hold::settle_hold;
use super::issue::issue;
use super::owed::Reckoned;
use crate::ctx::Ctx;
use crate::error::Error;

/// Not told yet how soon a trial ends.
const NOT_WARNED: i64 = 1_000;

/// Puts an organization on a plan, or on another one: owners on what they pay for, the owners of its partner on what the
/// partner pays for. A first plan begins with its trial, if it has one; a change counts from today on.
pub async fn subscribe(ctx: &Ctx, handle: &str, plan: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BillingWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let found = storage::billing_plan::find(&mut tx, &grant, plan).await?.map(|row| row.plan);
    let by = if grant.via() == Via::PartnerOwner { ProvidedBy::Partner } else { ProvidedBy::Direct };
    let buyer = if by == ProvidedBy::Partner { Buyer::Partners } else { Buyer::Owners };
    let plan = found
        .filter(|plan| !plan.archived && plan.buyer == buyer)
        .ok_or_else(|| Fault::invalid("plan", "Choose one of the plans on this page."))?;
    let before = subscription::find(&mut tx, &grant).await?;
    let entries = match before {
        None => begin(ctx, &mut tx, &grant, &plan, by).await?,
        Some(before) if before.by != by => {
            let who = match before.by {
                ProvidedBy::Direct => "its owners bought",
                ProvidedBy::Partner => "its partner provides",
                ProvidedBy::Platform => "the platform provides",
            };
            let message = format!("The organization is on a plan that {who}. That has to end first.");
            return Err(Fault::conflict(message).into());
        }
        Some(before) if before.state == SubscriptionState::Lapsed => go_on(ctx, &mut tx, &grant, &plan, before).await?,
        Some(before) => change(&mut tx, &grant, &plan, before).await?,
    };
    tx.commit(Audit::all(entries, "the plan that the organization is on already")).await?;
    ctx.services().jobs.notify_one();
    Ok(())
}

fn entry(grant: &Granted<BillingWrite>, tx: &WriteTx, action: Action) -> Result<Entry, Error> {
    Ok(Entry::new(Chain::Org(grant.org(tx)?.id), grant.who(), Some(grant.via()), action))
}

async fn begin(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<BillingWrite>,
    plan: &Plan,
    by: ProvidedBy,
) -> Result<Vec<Entry>, Error> {
    let is_own = by == ProvidedBy::Direct;
    let trial = is_own && plan.trial_days > 0 && !subscription::had_trial(tx, grant).await?;
    let today = Day::of(tx.now());
    let cycle = match trial {
        true => Cycle { start: today, end: today.plus(plan.trial_days) },
        false => Cycle::nth(today, 0),
    };
    let terms = super::terms(tx, grant, &plan.key, trial).await?;
    let mut entries = vec![entry(grant, tx, Action::SubscriptionStarted { plan: plan.key.clone(), by, trial })?];
    let mut new = Subscription {
        plan: plan.key.clone(),
        by,
        state: if trial { SubscriptionState::Trial } else { SubscriptionState::Active },
        anchor: today,
        cycle: CycleTerms::new(cycle, terms.clone()),
        turns_on: Some(cycle.end),
        cancels: false,
        credit: 0,
        warned_days: NOT_WARNED,
        version: 0,
    };
    if trial {
        subscription::begin_trial(tx, grant).await?;
    } else if is_own {
        refuse_without_card(ctx, tx, grant).await?;
        (new.credit, entries) = first_bill(ctx, tx, grant, cycle, terms, false, entries).await?;
    }
    subscription::save(tx, grant, &new).await?;
    Ok(entries)
}

/// Begins a new cycle today for an organization whose plan lapsed; it is opened once that is paid.
async fn go_on(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<BillingWrite>,
    plan: &Plan,
    before: Subscription,
) -> Result<Vec<Entry>, Error> {
    refuse_without_card(ctx, tx, grant).await?;
    let today = Day::of(tx.now());
    let cycle = Cycle::nth(today, 0);
    let terms = super::terms(tx, grant, &plan.key, false).await?;
    let started = Action::SubscriptionStarted { plan: plan.key.clone(), by: ProvidedBy::Direct, trial: false };
    let entries = vec![entry(grant, tx, started)?];
    let (credit, mut entries) = first_bill(ctx, tx, grant, cycle, terms.clone(), true, entries).await?;
    let next = Subscription {
        plan: plan.key.clone(),
        state: SubscriptionState::Active,
        anchor: today,
        cycle: CycleTerms::new(cycle, terms),
        turns_on: Some(cycle.end),
        credit,
        ..before
    };
    subscription::save(tx, grant, &next).await?;
    entries.extend(settle_hold(tx, grant.org(tx)?.id).await?);
    Ok(entries)
}

/// With a provider that charges cards, there has to be one.
async fn refuse_without_card(ctx: &Ctx, tx: &mut WriteTx, grant: &Granted<BillingWrite>) -> Result<(), Error> {
    if ctx.services().payments().is_some() && storage::payment::methods(tx, grant).await?.is_empty() {
        return Err(Fault::conflict("Add a card first; the plan is charged ahead.").into());
    }
    Ok(())
}

async fn first_bill(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<BillingWrite>,
    cycle: Cycle,
    terms: PlanTerms,
    required: bool,
    mut entries: Vec<Entry>,
) -> Result<(i64, Vec<Entry>), Error> {
    let Some(reckoned) = Reckoned::of(tx, grant, 0, None, Some((cycle, terms))).await? else {
        return Ok((0, entries));
    };
    let issued = issue(ctx, tx, grant, reckoned, cycle, required).await?;
    entries.extend(issued.entry);
    Ok((issued.credit, entries))
}

/// Another plan from today on; what that gives back and costs stands on the next invoice.
async fn change(
    tx: &mut WriteTx,
    grant: &Granted<BillingWrite>,
    plan: &Plan,
    mut before: Subscription,
) -> Result<Vec<Entry>, Error> {
    if before.plan == plan.key {
        return Ok(Vec::new());
    }
    let terms = super::terms(tx, grant, &plan.key, before.state == SubscriptionState::Trial).await?;
    if !before.cycle.change(Day::of(tx.now()), terms) {
        let message =
            "This plan is in another currency. Cancel the one there is, and choose this one when it has ended.";
        return Err(Fault::invalid("plan", message).into());
    }
    let old = std::mem::replace(&mut before.plan, plan.key.clone());
    before.cancels = false;
    subscription::save(tx, grant, &before).await?;
    Ok(vec![entry(grant, tx, Action::SubscriptionChanged { before: old, after: plan.key.clone() })?])
}

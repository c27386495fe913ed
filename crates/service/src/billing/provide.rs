use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::OrgAdminWrite;
use domain::billing::page::{ProvidedBy, SubscriptionState};
use domain::billing::{Cycle, CycleTerms, PlanKey};
use domain::settings::field;
use domain::usage::Day;
use storage::authz::Granted;
use storage::subscription::{self, Subscription};
use storage::{Entry, WriteTx};

use super::hold::settle_hold;
use crate::error::Error;

/// Puts an organization on the plan that the platform provides, or takes it off. Nothing is charged.
pub(crate) async fn provide(
    tx: &mut WriteTx,
    grant: &Granted<OrgAdminWrite>,
    plan: Option<&PlanKey>,
) -> Result<Vec<Entry>, Error> {
    let before = subscription::find(tx, grant).await?;
    let org = grant.org(tx)?.id;
    let entry = |action| Entry::new(Chain::Org(org), grant.who(), Some(grant.via()), action);
    match (&before, plan) {
        (Some(Subscription { by: ProvidedBy::Direct | ProvidedBy::Partner, plan, .. }), Some(_)) => {
            let message = format!(
                "The organization is on the plan “{plan}” already, which the platform doesn't provide. That has to end first."
            );
            return Err(Fault::invalid(field::PLAN, message).into());
        }
        (Some(Subscription { by: ProvidedBy::Platform, plan, .. }), None) => {
            let ended = Action::SubscriptionEnded { plan: plan.clone() };
            subscription::end(tx, grant).await?;
            let hold = settle_hold(tx, org).await?;
            return Ok([entry(ended)].into_iter().chain(hold).collect());
        }
        (_, None) => return Ok(Vec::new()),
        (Some(before), Some(plan)) if before.plan == *plan => return Ok(Vec::new()),
        _ => {}
    }
    let Some(key) = plan else { return Ok(Vec::new()) };
    let found = storage::billing_plan::find(tx, grant, key.as_str()).await?;
    if found.is_none_or(|row| row.plan.archived) {
        return Err(Fault::invalid(field::PLAN, format!("There is no plan “{key}” to choose.")).into());
    }
    let today = Day::of(tx.now());
    let cycle = Cycle::nth(today, 0);
    let terms = super::terms(tx, grant, key, false).await?;
    let new = Subscription {
        plan: key.clone(),
        by: ProvidedBy::Platform,
        state: SubscriptionState::Active,
        anchor: today,
        cycle: CycleTerms::new(cycle, terms),
        turns_on: Some(cycle.end),
        cancels: false,
        credit: 0,
        warned_days: 0,
        version: 0,
    };
    subscription::save(tx, grant, &new).await?;
    let action = match before {
        Some(before) => Action::SubscriptionChanged { before: before.plan, after: key.clone() },
        None => Action::SubscriptionStarted { plan: key.clone(), by: ProvidedBy::Platform, trial: false },
    };
    Ok(vec![entry(action)])
}

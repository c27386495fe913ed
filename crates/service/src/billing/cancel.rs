use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::Via;
use domain::authz::cap::BillingWrite;
use domain::billing::page::{ProvidedBy, SubscriptionState};
use storage::authz::{Granted, Target};
use storage::subscription::{self, Subscription};
use storage::{Audit, Entry};

use super::hold::settle_hold;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Base;

/// Has the plan end with its cycle, or with `cancels` false go on after all. One that lapsed, or that a partner provides,
/// ends at once.
pub async fn cancel(ctx: &Ctx, handle: &str, base: Base, cancels: bool) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BillingWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let Some(before) = subscription::find(&mut tx, &grant).await? else {
        return Err(Fault::conflict("The organization is on no plan.").into());
    };
    base.check(before.version)?;
    let is_partner = grant.via() == Via::PartnerOwner;
    if before.by == ProvidedBy::Platform || is_partner != (before.by == ProvidedBy::Partner) {
        return Err(Fault::conflict("Whoever provides the plan can end it.").into());
    }
    let org = grant.org(&tx)?.id;
    let entry = |action| Entry::new(Chain::Org(org), grant.who(), Some(grant.via()), action);
    let plan = before.plan.clone();
    let mut entries = Vec::new();
    if cancels && (before.state == SubscriptionState::Lapsed || is_partner) {
        subscription::end(&mut tx, &grant).await?;
        entries.push(entry(Action::SubscriptionEnded { plan }));
        entries.extend(settle_hold(&mut tx, org).await?);
    } else if before.cancels != cancels {
        subscription::save(&mut tx, &grant, &Subscription { cancels, ..before }).await?;
        let cancelled = Action::SubscriptionCancelled { plan: plan.clone() };
        entries.push(entry(if cancels { cancelled } else { Action::SubscriptionKept { plan } }));
    }
    tx.commit(Audit::all(entries, "how it was already")).await?;
    Ok(())
}

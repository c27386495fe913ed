use std::sync::Arc;

use domain::authz::cap::BillingSettle;
use domain::id::OrgId;
use domain::usage::Day;
use storage::authz::{Granted, Target};
use storage::subscription::{self, Subscription};
use storage::{Audit, payment};

use super::letter::{News, tell_owners};
use crate::ctx::{Ctx, Services};
use crate::error::Error;

/// Days before the end of a trial on which its owners are told.
const DAYS: [i64; 2] = [7, 1];
/// Organizations of one look.
const SOME: i64 = 100;

/// Tells owners that their trial is about to end, and what happens then.
pub async fn warn_trials(services: &Arc<Services>) -> Result<(), Error> {
    let ctx = Ctx::system(Arc::clone(services));
    let today = Day::of(ctx.now());
    let mut warned = false;
    // The nearest first: a server that was away for long tells once.
    for days in DAYS.into_iter().rev() {
        for org in subscription::to_warn(&mut *ctx.read().await?, today, days, SOME).await? {
            if let Err(error) = warn(&ctx, org, days).await {
                tracing::error!(%org, %error, "the end of a trial could not be told of");
            }
            warned = true;
        }
    }
    if warned {
        ctx.services().jobs.notify_one();
    }
    Ok(())
}

async fn warn(ctx: &Ctx, org: OrgId, days: i64) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<BillingSettle> = tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await?;
    let Some(found) = subscription::find(&mut tx, &grant).await?.filter(|found| found.warned_days > days) else {
        return Ok(());
    };
    let Some(ends) = found.turns_on else { return Ok(()) };
    let name = grant.org(&tx)?.display_name.to_string();
    let can_pay = !payment::methods(&mut tx, &grant).await?.is_empty();
    let then = match (found.cancels, can_pay) {
        (true, _) => "It ends then, as you chose.".to_owned(),
        (false, true) => "Your plan goes on then, and is charged from that day.".to_owned(),
        (false, false) => {
            format!(
                "Without a way to pay, {name} is closed from that day on, until there is one. Add it on the page Billing."
            )
        }
    };
    let news = News {
        subject: format!("The trial of {name} ends on {ends}"),
        said: vec![format!("The trial of {name} ends when {ends} begins, in UTC."), then],
        key: format!("trial:{ends}:{days}"),
        page: "billing",
    };
    tell_owners(ctx, &mut tx, &grant, &news).await?;
    subscription::save(&mut tx, &grant, &Subscription { warned_days: days, ..found }).await?;
    tx.commit(Audit::none("a reminder, which the outbox shows")).await?;
    Ok(())
}

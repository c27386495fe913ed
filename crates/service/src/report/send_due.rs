use std::sync::Arc;

use domain::Timestamp;
use domain::authz::cap::OrgAdminRead;
use domain::id::OrgId;
use domain::time::Span;
use storage::Audit;
use storage::authz::{Granted, Target};
use storage::report::Reckoned;

use super::make::make;
use super::schedule::Plan;
use crate::ctx::{Ctx, Services};
use crate::error::Error;

/// Organizations of one look.
const LIMIT: i64 = 500;
/// For the ends of the calendar.
const LOOK_AGAIN: Span = Span::days(1);

/// Makes every report that is due, a transaction each; of processes that look at once, one makes it.
pub async fn send_due(services: &Arc<Services>) -> Result<(), Error> {
    let ctx = Ctx::system(Arc::clone(services));
    let due = storage::report::due(&mut *ctx.read().await?, ctx.now(), LIMIT).await?;
    for org in &due {
        if let Err(error) = send(&ctx, *org).await {
            // One organization keeps no other waiting.
            tracing::error!(%org, %error, "a report could not be made");
        }
    }
    if !due.is_empty() {
        ctx.services().jobs.notify_one();
    }
    Ok(())
}

/// Makes the latest report that is due and not done yet: a server that was away for long sends one, not all it missed.
async fn send(ctx: &Ctx, org: OrgId) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgAdminRead> = tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await?;
    let Some(before) = storage::report::take(&mut tx, &grant).await? else { return Ok(()) };
    let report = storage::org::settings(&mut tx, &grant).await?.settings.report;
    if !report.enabled {
        storage::report::forget(&mut tx, &grant).await?;
        tx.commit(Audit::none("nothing to report, as the settings say")).await?;
        return Ok(());
    }
    let (plan, now) = (Plan::of(&report), ctx.now());
    // Before the first report, and after a change of the schedule, nothing is overdue.
    let done_at = if before.plan == plan.text() { before.done_at } else { now };
    let due = plan.last_due(now).filter(|due| due.at > done_at);
    let facts = grant.org(&tx)?;
    let is_open = facts.state.is_open() && facts.holds.first().is_none();
    // What falls due while an organization is held or on its way out is never made.
    if let Some(due) = due.as_ref().filter(|_| is_open) {
        make(ctx, &mut tx, &grant, &report, &due.period, false).await?;
    }
    let done_at = due.map_or(done_at, |due| due.at);
    let next: Timestamp = plan.next_due(now).unwrap_or_else(|| now.plus(LOOK_AGAIN));
    storage::report::put_off(&mut tx, &grant, next, &Reckoned { plan: plan.text(), done_at }).await?;
    tx.commit(Audit::none("a report by schedule, which the outbox shows")).await?;
    Ok(())
}

use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::OrgAdminWrite;
use domain::report::TestReport;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use super::make::make;
use super::schedule::Plan;
use crate::ctx::Ctx;
use crate::error::Error;

/// Mails the report of the latest period at once, marked as a test, to the recipients as they are saved.
pub async fn send_test(ctx: &Ctx, handle: &str) -> Result<TestReport, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgAdminWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let report = storage::org::settings(&mut tx, &grant).await?.settings.report;
    if !report.enabled || report.recipients.is_empty() {
        return Err(Fault::conflict("Turn the report on and save its recipients first.").into());
    }
    if grant.org(&tx)?.holds.first().is_some() {
        return Err(Fault::conflict("The organization is held, and no report of it is mailed.").into());
    }
    let due = Plan::of(&report).last_due(ctx.now()).ok_or(Fault::NotFound)?;
    let recipients = make(ctx, &mut tx, &grant, &report, &due.period, true).await?;
    if recipients == 0 {
        return Err(Fault::conflict("Every recipient has unsubscribed, so nothing was mailed.").into());
    }
    let action = Action::TestReportSent { recipients };
    let org = grant.org(&tx)?.id;
    tx.commit(Audit::one(Entry::new(Chain::Org(org), grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(TestReport { recipients })
}

use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::UsageLimitsWrite;
use domain::mail::MailKind;
use domain::usage::{Day, Dimension};
use storage::authz::{Granted, Target};
use storage::usage_limit as limits;
use storage::{Audit, Entry};

use super::cycle::cycle;
use super::letter::Standing;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::mail::{Draft, enqueue};

/// Mails the owners what a limit's warning would say now, marked as a test, and answers to how many. No step is taken.
pub async fn test_limit(ctx: &Ctx, handle: &str, dimension: Dimension) -> Result<u64, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<UsageLimitsWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let Some(limit) = limits::limits(&mut tx, &grant).await?[dimension as usize].limit else {
        return Err(Fault::conflict("There is no limit to test yet. Save one first.").into());
    };
    let today = Day::of(tx.now());
    let cycle = cycle(&mut tx, &grant, today).await?;
    let used = limits::used(&mut tx, &grant, dimension, cycle, today).await?;
    let org = grant.org(&tx)?.clone();
    let (org_name, handle) = (org.display_name.as_str(), org.handle.as_str());
    let standing = Standing { org_name, handle, limit: &limit, used, cycle };
    let mut recipients = 0;
    for (person, address, _) in limits::owners(&mut tx, &grant).await? {
        let draft = Draft {
            to: &address,
            person: Some(person),
            org: Some(org.id),
            kind: MailKind::UsageLimit,
            subject: format!("Test: {}", standing.subject(limit.percent(used))),
            letter: standing.letter(ctx),
            files: Vec::new(),
            dedupe_key: None,
        };
        enqueue(ctx, &mut tx, draft).await?;
        recipients += 1;
    }
    if recipients == 0 {
        return Err(Fault::conflict("Nobody owns the organization yet, so nobody would be warned.").into());
    }
    let action = Action::UsageTestSent { dimension, recipients };
    tx.commit(Audit::one(Entry::new(Chain::Org(org.id), grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(recipients)
}

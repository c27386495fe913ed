use std::sync::Arc;

use domain::audit::{Action, Chain};
use domain::authz::cap::UsageLimitsWrite;
use domain::billing::page::SubscriptionState;
use domain::id::{JobId, OrgId};
use domain::mail::MailKind;
use domain::usage::{Day, Dimension, Limit, LimitAction};
use storage::authz::{Granted, Target};
use storage::usage_limit as limits;
use storage::{Audit, Entry, WriteTx};

use super::cycle::cycle;
use super::letter::Standing;
use crate::ctx::{Ctx, Services};
use crate::error::Error;
use crate::job::CAP_WORKSPACES;
use crate::mail::{Draft, enqueue};

/// Organizations of one look.
const SOME: i64 = 100;

/// Holds the use of every organization that changed against its limits: mails steps that were reached, puts caps in force
/// and lifts them. Of processes that look at once, one does it.
pub async fn check_changed(services: &Arc<Services>) -> Result<(), Error> {
    let ctx = Ctx::system(Arc::clone(services));
    let due = limits::due(&mut *ctx.read().await?, SOME).await?;
    for org in &due {
        if let Err(error) = check(&ctx, *org).await {
            // One organization keeps no other waiting.
            tracing::error!(%org, %error, "limits of use could not be looked at");
        }
    }
    if !due.is_empty() {
        ctx.services().jobs.notify_one();
    }
    Ok(())
}

/// What is done each minute: members are counted, and organizations with a cap looked at, since their cycle may have turned.
pub async fn look(services: &Arc<Services>) -> Result<(), Error> {
    let ctx = Ctx::system(Arc::clone(services));
    super::count_users(services).await?;
    if !limits::any_cap(&mut *ctx.read().await?).await? {
        return Ok(());
    }
    let mut tx = ctx.write().await?;
    limits::look_at_capped(&mut tx).await?;
    tx.commit(Audit::none("has others look")).await?;
    Ok(())
}

async fn check(ctx: &Ctx, org: OrgId) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<UsageLimitsWrite> = match tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await {
        Err(storage::Error::Denied(storage::error::Denied::NotFound)) => {
            limits::forget(&mut tx, org).await?;
            tx.commit(Audit::none("nothing is left to look at")).await?;
            return Ok(());
        }
        other => other?,
    };
    if !limits::take(&mut tx, &grant).await? {
        return Ok(());
    }
    let mut entries = Vec::new();
    if grant.org(&tx)?.state.is_open() {
        for dimension in Dimension::ALL {
            entries.extend(check_dimension(ctx, &mut tx, &grant, dimension).await?);
        }
    }
    tx.commit(Audit::all(entries, "limits that nothing came near to, and mail, which the outbox shows")).await?;
    Ok(())
}

async fn check_dimension(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<UsageLimitsWrite>,
    dimension: Dimension,
) -> Result<Option<Entry>, Error> {
    let today = Day::of(tx.now());
    let own = limits::limits(tx, grant).await?[dimension as usize].limit;
    // A trial's compute is capped where it ends, whatever its owners chose.
    let trial = match dimension {
        Dimension::Compute => trial_limit(tx, grant).await?,
        Dimension::Storage | Dimension::Users => None,
    };
    let Some(limit) = own.or(trial) else { return set_cap(ctx, tx, grant, dimension, None).await };
    let cycle = cycle(tx, grant, today).await?;
    let used = limits::used(tx, grant, dimension, cycle, today).await?;
    let mut newest = None;
    for percent in limit.reached(used).collect::<Vec<_>>() {
        if limits::take_step(tx, grant, &limit, cycle, percent).await? {
            newest = Some(percent);
        }
    }
    // Steps that are reached at once are one piece of news.
    if let Some(percent) = newest {
        let org = grant.org(tx)?.clone();
        let standing =
            Standing { org_name: org.display_name.as_str(), handle: org.handle.as_str(), limit: &limit, used, cycle };
        for (person, address, _) in limits::owners(tx, grant).await? {
            let key =
                format!("usage:{}:{}:{}:{}:{percent}:{person}", org.id, dimension.name(), cycle.start, limit.value);
            let draft = Draft {
                to: &address,
                person: Some(person),
                org: Some(org.id),
                kind: MailKind::UsageLimit,
                subject: standing.subject(percent),
                letter: standing.letter(ctx),
                files: Vec::new(),
                dedupe_key: Some(key),
            };
            enqueue(ctx, tx, draft).await?;
        }
    }
    let caps = [Some(limit), trial].into_iter().flatten().find(|limit| limit.caps(used));
    set_cap(ctx, tx, grant, dimension, caps.as_ref().map(|limit| (limit, used))).await
}

/// What a trial includes; nothing beyond it is used.
async fn trial_limit(tx: &mut WriteTx, grant: &Granted<UsageLimitsWrite>) -> Result<Option<Limit>, Error> {
    let found = storage::subscription::find(tx, grant).await?;
    let trial = found.filter(|found| found.state == SubscriptionState::Trial);
    let value = trial.map(|found| found.cycle.included(Dimension::Compute)).filter(|value| *value > 0);
    Ok(value.map(|value| Limit { dimension: Dimension::Compute, value, action: LimitAction::Cap }))
}

/// Puts a cap in force, or lifts it.
async fn set_cap(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<UsageLimitsWrite>,
    dimension: Dimension,
    cap: Option<(&Limit, i64)>,
) -> Result<Option<Entry>, Error> {
    if !limits::set_cap(tx, grant, dimension, cap.is_some()).await? {
        return Ok(None);
    }
    let org = grant.org(tx)?.id;
    if dimension == Dimension::Compute {
        storage::job::insert_plain(tx, ctx.new_id(JobId::new), CAP_WORKSPACES, &org.to_string()).await?;
    }
    let action = match cap {
        Some((limit, used)) => {
            let (used, limit) = (dimension.show(used), dimension.show(limit.value));
            Action::UsageCapped { dimension, used, limit }
        }
        None => Action::UsageCapLifted { dimension },
    };
    Ok(Some(Entry::new(Chain::Org(org), grant.who(), Some(grant.via()), action)))
}

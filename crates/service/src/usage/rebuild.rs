use domain::authz::cap::UsageWrite;
use domain::id::OrgId;
use domain::usage::Day;
use storage::Audit;
use storage::authz::{Granted, Target};
use storage::usage::RollUpError;

use crate::ctx::Ctx;
use crate::error::Error;

/// Organizations that are looked for at once.
const SOME: i64 = 200;

/// What a rebuild found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rebuilt {
    pub organizations: u64,
    pub days: u64,
    /// Rows of roll-ups that weren't what their events come to, and are now.
    pub mended: u64,
}

/// Reckons every roll-up anew from its events, a day of an organization a transaction, while events go on coming in.
/// `org`: only this one's.
pub async fn rebuild(ctx: &Ctx, org: Option<&str>) -> Result<Rebuilt, Error> {
    let mut done = Rebuilt::default();
    if let Some(handle) = org {
        let mut tx = ctx.read().await?;
        let grant: Granted<UsageWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
        let org = grant.org(&tx)?.id;
        drop(tx);
        rebuild_org(ctx, org, &mut done).await?;
        return Ok(done);
    }
    let mut after = None;
    loop {
        let mut tx = ctx.read().await?;
        let grant: Granted<UsageWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
        let orgs = storage::usage::organizations(&mut tx, &grant, after, SOME).await?;
        drop(tx);
        let Some(last) = orgs.last() else { return Ok(done) };
        after = Some(*last);
        for org in orgs {
            rebuild_org(ctx, org, &mut done).await?;
        }
    }
}

async fn rebuild_org(ctx: &Ctx, org: OrgId, done: &mut Rebuilt) -> Result<(), Error> {
    done.organizations += 1;
    let mut from = Day::from_number(i64::MIN);
    loop {
        let mut tx = ctx.write().await?;
        let grant: Granted<UsageWrite> = match tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await {
            // It was deleted meanwhile.
            Err(storage::Error::Denied(storage::error::Denied::NotFound)) => return Ok(()),
            other => other?,
        };
        let Some(day) = storage::usage::next_day(&mut tx, &grant, from).await? else { return Ok(()) };
        let aggregations = storage::meter::aggregations(&mut tx, &grant).await?;
        let mended = match storage::usage::rebuild_day(&mut tx, &grant, day, &aggregations).await {
            Ok(mended) => mended,
            Err(RollUpError::Storage(error)) => return Err(error.into()),
            Err(RollUpError::TooMuch(meter)) => {
                return Err(
                    domain::Fault::conflict(format!("The {day} of {meter} is beyond what can be counted.")).into()
                );
            }
        };
        if mended > 0 {
            tx.commit(Audit::none("roll-ups, which say nothing that their events don't")).await?;
            tracing::warn!(%org, %day, mended, "roll-ups weren't what their events come to");
        }
        done.days += 1;
        done.mended += mended;
        from = day.plus(1);
    }
}

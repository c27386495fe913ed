//! Many organizations, and much use, for measuring; only the command line's hidden `seed` comes here.

use domain::Timestamp;
use domain::authz::cap::UsageWrite;
use domain::id::{OrgId, WorkspaceId};
use domain::name::{DisplayName, Handle};
use domain::time::Span;
use domain::usage::{BuiltIn, Day, UsageEvent};
use storage::Audit;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

const ADJECTIVES: [&str; 10] =
    ["Amber", "Brisk", "Coastal", "Distant", "Eastern", "Fluent", "Granite", "Hollow", "Inland", "Jagged"];
const NOUNS: [&str; 10] =
    ["Labs", "Foundry", "Robotics", "Observatory", "Institute", "Works", "Motors", "Analytics", "Energy", "Studio"];
/// Organizations a transaction.
const BATCH: usize = 2_000;

/// Adds `count` active organizations with plausible names, the first numbered `from`.
pub async fn organizations(ctx: &Ctx, from: usize, count: usize) -> Result<(), Error> {
    let start = ctx.now().minus(Span::days(365));
    let mut orgs: Vec<(OrgId, Handle, DisplayName, Timestamp)> = Vec::with_capacity(BATCH);
    for n in from..from + count {
        let (adjective, noun) = (ADJECTIVES[n % 10], NOUNS[n / 10 % 10]);
        let name = format!("{adjective} {noun} {n}");
        let handle = format!("{}-{}-{n}", adjective.to_lowercase(), noun.to_lowercase());
        if let (Ok(handle), Ok(name)) = (Handle::parse(&handle), DisplayName::parse(&name)) {
            let at = start.plus(Span::from_seconds(i64::try_from(n).unwrap_or(0)));
            orgs.push((ctx.new_id(OrgId::new), handle, name, at));
        }
        if orgs.len() == BATCH || n + 1 == from + count {
            let mut tx = ctx.write().await?;
            storage::seed::organizations(&mut tx, &orgs).await?;
            tx.commit(Audit::none("made-up organizations for measuring")).await?;
            orgs.clear();
        }
    }
    Ok(())
}

/// The organization whose use is measured, and how many workspaces it has.
const METERED: &str = "metered";
const WORKSPACES: usize = 1_000;
/// Events of one transaction, and days that they are spread over.
const EVENTS: usize = 1_000;
const DAYS: usize = 365;

/// Adds an organization that told of `count` events over the last year, the oldest day first.
pub async fn usage(ctx: &Ctx, count: usize) -> Result<(), Error> {
    let new = crate::org::NewOrg { display_name: "Metered".into(), handle: METERED.into(), ..Default::default() };
    crate::org::create(ctx, new).await?;
    let mut tx = ctx.read().await?;
    let grant: Granted<UsageWrite> = tx.authorize(&ctx.actor(), Target::Handle(METERED), ctx.now()).await?;
    let org = grant.org(&tx)?.id;
    drop(tx);
    let mut workspaces: Vec<WorkspaceId> = Vec::with_capacity(WORKSPACES);
    for n in 0..WORKSPACES {
        workspaces.push(crate::workspace::create(ctx, METERED, &format!("w{n}")).await?.id);
    }
    let meters = [BuiltIn::DbExecutionMs, BuiltIn::ProcessExecutionMs, BuiltIn::DbVolumeBytes];
    let first = Day::of(ctx.now()).plus(1 - DAYS as i64);
    for from in (0..count).step_by(EVENTS) {
        let event = |n: usize| {
            let day = first.plus((n * DAYS / count.max(1)) as i64);
            let meter = meters[n % meters.len()];
            UsageEvent {
                source: "/seed".to_owned(),
                id: n.to_string(),
                workspace: workspaces.get(n / meters.len() % WORKSPACES).copied(),
                meter: meter.key(),
                at: day.start().plus(Span::from_seconds((n % 86_400) as i64)),
                quantity: 1 + (n % 60_000) as i64,
                key: None,
                group: None,
            }
        };
        let events = (from..count.min(from + EVENTS)).map(|n| (event(n), org)).collect();
        let mut tx = ctx.write().await?;
        let grant: Granted<UsageWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
        crate::usage::ingest_own(&mut tx, &grant, events).await?;
        tx.commit(Audit::none("made-up use for measuring")).await?;
    }
    Ok(())
}

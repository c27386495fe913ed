use std::collections::{BTreeMap, HashMap};

use domain::Fault;
use domain::authz::Permission;
use domain::authz::cap::UsageRead;
use domain::billing::Cycle;
use domain::id::WorkspaceId;
use domain::usage::limit::{TREND_DAYS, forecast_flow, forecast_level};
use domain::usage::page::{
    CustomDays, DaySummary, DimensionDays, LimitView, Series, UsagePage, UsageQuery, WORKSPACES_MAX, WorkspaceUse,
    WorkspacesUsePage,
};
use domain::usage::{BuiltIn, CustomMeter, Day, Dimension, Limit, MeterKey};
use storage::Tx;
use storage::authz::{Granted, Target};
use storage::usage_limit::{self as limits, Kept};
use storage::usage_read::{self, DayValue};

use super::charges::{self, OnPlan};
use super::cycle::cycle;
use super::rehearse;
use crate::ctx::Ctx;
use crate::error::Error;

/// The page of what an organization uses. What it costs to answer depends on the days that are asked for, not on how many
/// events there were.
pub async fn load(ctx: &Ctx, handle: &str, query: UsageQuery) -> Result<UsagePage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<UsageRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let org = grant.header(&tx)?;
    let today = Day::of(ctx.now());
    let cycle = cycle(&mut tx, &grant, today).await?;
    let (first, last) = query.range.days(today, cycle);
    let workspace = match query.workspace {
        Some(id) => Some((id, workspace_name(&mut tx, &grant, id).await?)),
        None => None,
    };
    let starts = cycle.starts(first, last);
    // Back far enough for the summary, for forecasts, and for what the first cycle had come to.
    let begun = starts.first().copied().unwrap_or(first);
    let from = begun.min(today.plus(-TREND_DAYS));
    let values = Values::of(match query.workspace {
        Some(id) => usage_read::of_workspace(&mut tx, &grant, id, from, today).await?,
        None => usage_read::totals(&mut tx, &grant, from, today).await?,
    });
    let custom = storage::meter::custom(&mut tx, &grant).await?;
    let limits = match query.workspace {
        Some(_) => Vec::new(),
        None => limit_views(&mut tx, &grant, &values, cycle, today).await?,
    };
    let on_plan = match query.workspace {
        Some(_) => None,
        None => charges::on_plan(&mut tx, &grant).await?,
    };
    let (charges, included) = match on_plan {
        Some(OnPlan { charges, included }) => (Some(charges), included),
        None => (None, [None; 3]),
    };
    let rehearsal = match query.rehearse {
        Some(dimension) if query.workspace.is_none() => Some(rehearse::of(&mut tx, &grant, dimension).await?),
        _ => None,
    };
    let yesterday = today.plus(-1);
    let summary = Dimension::ALL.map(|dimension| (dimension, values.day_of(dimension, yesterday)));
    // A workspace has no members.
    let shown = |dimension: &Dimension| workspace.is_none() || *dimension != Dimension::Users;
    Ok(UsagePage {
        summary: DaySummary { day: yesterday, values: summary.into_iter().filter(|(one, _)| shown(one)).collect() },
        charts: Dimension::ALL
            .into_iter()
            .filter(shown)
            .map(|one| values.chart(one, begun, first, last, included[one as usize]))
            .collect(),
        custom: values.custom(custom, begun, first, last),
        cycles: starts.into_iter().filter(|start| *start >= first).collect(),
        is_fed: usage_read::is_fed(&mut tx, &grant).await?,
        charges,
        can_set_limits: org.can(Permission::UsageLimitsWrite),
        viewer,
        org,
        query,
        first,
        last,
        today,
        workspace,
        cycle,
        limits,
        rehearsal,
        now: ctx.now(),
    })
}

/// Every meter's days, for programs: first and last day, and a value each.
pub async fn days(ctx: &Ctx, handle: &str, query: &UsageQuery) -> Result<(Day, Day, Vec<DayValue>), Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<UsageRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let today = Day::of(ctx.now());
    let cycle = cycle(&mut tx, &grant, today).await?;
    let (first, last) = query.range.days(today, cycle);
    let values = match query.workspace {
        Some(id) => {
            workspace_name(&mut tx, &grant, id).await?;
            usage_read::of_workspace(&mut tx, &grant, id, first, last).await?
        }
        None => usage_read::totals(&mut tx, &grant, first, last).await?,
    };
    Ok((first, last, values))
}

/// Each dimension's limit and how things stand with it; for programs.
pub async fn limit_list(ctx: &Ctx, handle: &str) -> Result<Vec<LimitView>, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<UsageRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let today = Day::of(ctx.now());
    let cycle = cycle(&mut tx, &grant, today).await?;
    let values = Values::of(usage_read::totals(&mut tx, &grant, today.plus(-TREND_DAYS), today).await?);
    limit_views(&mut tx, &grant, &values, cycle, today).await
}

/// The page of what each workspace uses.
pub async fn load_workspaces(ctx: &Ctx, handle: &str, query: UsageQuery) -> Result<WorkspacesUsePage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<UsageRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let (viewer, org) = (grant.viewer()?.clone(), grant.header(&tx)?);
    let (first, last, rows, count) = by_workspace(ctx, &mut tx, &grant, &query).await?;
    Ok(WorkspacesUsePage { viewer, org, query, first, last, rows, count, now: ctx.now() })
}

/// What each workspace uses, for programs: first and last day, the workspaces with most compute first, and how many there
/// are in all.
pub async fn workspaces(
    ctx: &Ctx,
    handle: &str,
    query: &UsageQuery,
) -> Result<(Day, Day, Vec<WorkspaceUse>, u64), Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<UsageRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    by_workspace(ctx, &mut tx, &grant, query).await
}

async fn by_workspace(
    ctx: &Ctx,
    tx: &mut Tx,
    grant: &Granted<UsageRead>,
    query: &UsageQuery,
) -> Result<(Day, Day, Vec<WorkspaceUse>, u64), Error> {
    let today = Day::of(ctx.now());
    let cycle = cycle(tx, grant, today).await?;
    let (first, last) = query.range.days(today, cycle);
    let names: HashMap<WorkspaceId, String> = limits::workspace_names(tx, grant).await?.into_iter().collect();
    let mut rows: BTreeMap<WorkspaceId, WorkspaceUse> = BTreeMap::new();
    let days = last.since(first) + 1;
    for (id, meter, value) in usage_read::by_workspace(tx, grant, first, last).await? {
        let name = names.get(&id).cloned();
        let row = rows.entry(id).or_insert(WorkspaceUse { id, name, compute: 0, storage: 0 });
        match BuiltIn::from_name(meter.as_str()).map(BuiltIn::dimension) {
            Some(Dimension::Compute) => row.compute += value,
            Some(Dimension::Storage) => row.storage += value / days,
            Some(Dimension::Users) | None => {}
        }
    }
    let mut rows: Vec<WorkspaceUse> = rows.into_values().collect();
    rows.sort_by(|a, b| (b.compute, b.storage, &a.name).cmp(&(a.compute, a.storage, &b.name)));
    let count = rows.len() as u64;
    rows.truncate(WORKSPACES_MAX);
    Ok((first, last, rows, count))
}

async fn workspace_name(tx: &mut Tx, grant: &Granted<UsageRead>, id: WorkspaceId) -> Result<String, Error> {
    let names = limits::workspace_names(tx, grant).await?;
    Ok(names.into_iter().find(|(known, _)| *known == id).map(|(_, name)| name).ok_or(Fault::NotFound)?)
}

/// Values by meter and day.
struct Values(HashMap<MeterKey, BTreeMap<Day, i64>>);

impl Values {
    fn of(days: Vec<DayValue>) -> Self {
        let mut values = HashMap::<_, BTreeMap<_, _>>::new();
        for (meter, day, value) in days {
            values.entry(meter).or_default().insert(day, value);
        }
        Self(values)
    }

    fn on(&self, meter: &MeterKey, day: Day) -> Option<i64> {
        self.0.get(meter)?.get(&day).copied()
    }

    /// `begun`: when the cycle of the first day did.
    fn series(&self, meter: &MeterKey, begun: Day, first: Day, last: Day) -> Series {
        let on = |from: Day, until: Day| (0..=until.since(from)).map(move |n| self.on(meter, from.plus(n)));
        Series { values: on(first, last).collect(), before: on(begun, first.plus(-1)).flatten().sum() }
    }

    /// A day of all meters of a dimension; `None` where none of them told anything.
    fn day_of(&self, dimension: Dimension, day: Day) -> Option<i64> {
        meters(dimension).filter_map(|meter| self.on(&meter.key(), day)).reduce(|a, b| a + b)
    }

    fn chart(&self, dimension: Dimension, begun: Day, first: Day, last: Day, included: Option<i64>) -> DimensionDays {
        let parts = meters(dimension).map(|meter| (meter, self.series(&meter.key(), begun, first, last)));
        DimensionDays { dimension, parts: parts.collect(), included }
    }

    /// Archived ones only where they have days.
    fn custom(&self, meters: Vec<CustomMeter>, begun: Day, first: Day, last: Day) -> Vec<CustomDays> {
        let days = meters.into_iter().map(|meter| {
            let days = self.series(&meter.key, begun, first, last);
            CustomDays { days, meter }
        });
        days.filter(|days| !days.meter.archived || days.days.values.iter().any(Option::is_some)).collect()
    }
}

fn meters(dimension: Dimension) -> impl Iterator<Item = BuiltIn> {
    BuiltIn::ALL.into_iter().filter(move |meter| meter.dimension() == dimension)
}

async fn limit_views(
    tx: &mut Tx,
    grant: &Granted<UsageRead>,
    values: &Values,
    cycle: Cycle,
    today: Day,
) -> Result<Vec<LimitView>, Error> {
    let kept = limits::limits(tx, grant).await?;
    let caps = limits::caps(tx, grant).await?;
    let mut views = Vec::new();
    for (dimension, Kept { limit, version }) in Dimension::ALL.into_iter().zip(kept) {
        let used = limits::used(tx, grant, dimension, cycle, today).await?;
        let mailed = match &limit {
            Some(limit) => limits::steps(tx, grant, limit, cycle).await?,
            None => Vec::new(),
        };
        let capped = caps.iter().find(|(capped, _)| *capped == dimension);
        views.push(LimitView {
            dimension,
            version,
            used,
            forecast: limit.as_ref().map(|limit| forecast(limit, used, values, cycle, today)),
            capped_since: capped.map(|(_, since)| *since),
            mailed,
            limit,
        });
    }
    Ok(views)
}

fn forecast(limit: &Limit, used: i64, values: &Values, cycle: Cycle, today: Day) -> domain::usage::Forecast {
    let full = (1..=TREND_DAYS).rev().filter_map(|n| values.day_of(limit.dimension, today.plus(-n)));
    let days: Vec<i64> = full.collect();
    match limit.dimension {
        Dimension::Compute => forecast_flow(limit.value, used, &days, today, cycle.end),
        Dimension::Storage | Dimension::Users => forecast_level(limit.value, used, &days, today),
    }
}

//! A year of use. It goes into the roll-ups as any use does; only the rule that events older than 35 days are refused
//! doesn't hold here.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::authz::cap::{UsageLimitsWrite, UsageWrite};
use domain::id::{OrgId, WorkspaceId};
use domain::time::Span;
use domain::usage::event::OWN_SOURCE;
use domain::usage::{Aggregation, BuiltIn, Day, Dimension, LimitAction, LimitForm, MeterForm, MeterKey, UsageEvent};
use domain::workspace::WorkspacesQuery;
use storage::Audit;
use storage::authz::{Granted, Target};
use storage::usage::{Located, RollUpError};

use crate::ctx::{Ctx, Services};
use crate::error::Error;
use crate::org::Base;
use crate::{meter, usage, workspace};

const DAYS: i64 = 365;
const MINUTE: i64 = 60_000;
const GIGABYTE: i64 = 1_000_000_000;
/// Events of one transaction.
const SOME: usize = 4_000;
const GPU: &str = "gpu_minutes";

/// What a workspace uses on a working day nowadays.
struct Use {
    org: &'static str,
    workspace: &'static str,
    /// Days ago that it was used from and until, and that its data was kept until.
    from: i64,
    until: i64,
    kept: i64,
    /// In minutes.
    db: i64,
    process: i64,
    gpu: i64,
    /// In gigabytes.
    volume: i64,
    logs: i64,
    snapshots: i64,
}

const USE: &[Use] = &[
    Use {
        org: "acme",
        workspace: "build",
        from: DAYS,
        until: 0,
        kept: 0,
        db: 46,
        process: 214,
        gpu: 0,
        volume: 38,
        logs: 9,
        snapshots: 14,
    },
    Use {
        org: "acme",
        workspace: "staging",
        from: 300,
        until: 3,
        kept: 0,
        db: 22,
        process: 71,
        gpu: 0,
        volume: 17,
        logs: 4,
        snapshots: 6,
    },
    Use {
        org: "acme",
        workspace: "training",
        from: 190,
        until: 0,
        kept: 0,
        db: 11,
        process: 389,
        gpu: 260,
        volume: 64,
        logs: 6,
        snapshots: 31,
    },
    Use {
        org: "acme",
        workspace: "trial-2025",
        from: DAYS,
        until: 210,
        kept: 180,
        db: 9,
        process: 58,
        gpu: 0,
        volume: 5,
        logs: 1,
        snapshots: 2,
    },
    Use {
        org: "northwind",
        workspace: "portal",
        from: 240,
        until: 0,
        kept: 0,
        db: 18,
        process: 96,
        gpu: 0,
        volume: 12,
        logs: 3,
        snapshots: 5,
    },
];

/// Organization, and how many members it has had: days ago from when on, and how many.
const MEMBERS: &[(&str, &[(i64, i64)])] =
    &[("acme", &[(DAYS, 1), (280, 2), (150, 3), (40, 4)]), ("northwind", &[(DAYS, 1), (200, 3)])];

/// Organization, dimension, what of its limit is used, in percent, and what the limit does.
const LIMITS: &[(&str, Dimension, i64, LimitAction)] = &[
    ("acme", Dimension::Compute, 81, LimitAction::Warn),
    ("acme", Dimension::Storage, 103, LimitAction::Warn),
    ("acme", Dimension::Users, 80, LimitAction::Cap),
    ("northwind", Dimension::Compute, 101, LimitAction::Cap),
];

struct Told {
    event: UsageEvent,
    org: OrgId,
    aggregation: Aggregation,
}

/// A meter of the platform's own, a year of events, and limits that are about to be reached or were.
pub async fn fill(services: &Arc<Services>, system: &Ctx, admin: &Ctx) -> Result<(), Error> {
    let form = MeterForm {
        key: GPU.into(),
        label: "GPU time".into(),
        unit: "GPU min".into(),
        aggregation: Aggregation::Sum.name().into(),
        prices: "EUR 0.031\nUSD 0.034".into(),
        archived: false,
    };
    let gpu = meter::create(admin, &form).await?.key;
    let mut told = Vec::new();
    for used in USE {
        let org = super::org_id(admin, used.org).await?;
        let query = WorkspacesQuery { search: used.workspace.into(), ..WorkspacesQuery::default() };
        let rows = workspace::load(admin, used.org, query).await?.rows;
        if let Some(row) = rows.into_iter().find(|row| row.name.to_string() == used.workspace) {
            of_workspace(admin, used, org, row.id, &gpu, &mut told);
        }
    }
    for (handle, steps) in MEMBERS {
        of_members(admin, super::org_id(admin, handle).await?, steps, &mut told);
    }
    for some in told.chunks(SOME) {
        keep(system, some).await?;
    }
    usage::count_users(services).await?;
    super::billing::fill(services, admin).await?;
    for (handle, dimension, percent, action) in LIMITS {
        set_limit(system, admin, handle, *dimension, *percent, *action).await?;
    }
    usage::check_changed(services).await
}

fn of_workspace(ctx: &Ctx, used: &Use, org: OrgId, id: WorkspaceId, gpu: &MeterKey, told: &mut Vec<Told>) {
    let now = ctx.now();
    let today = Day::of(now);
    for ago in (used.kept..used.from).rev() {
        let day = today.plus(-ago);
        // From half of what it is today, less on weekends, and never the same twice.
        let grown = 1_000 - 500 * ago / DAYS;
        let weekend = matches!(day.number().rem_euclid(7), 2 | 3);
        let busy = match weekend {
            _ if ago < used.until => 0,
            true => 220,
            false => 1_000,
        };
        // A day that isn't over has had its part.
        let over = if ago == 0 { now.micros().rem_euclid(Span::days(1).micros()) / 86_400_000 } else { 1_000 };
        let flow = |meter: i64, minutes: i64| {
            let share = grown * busy / 1_000 * (850 + noise(day, meter, id) % 300) / 1_000 * over / 1_000;
            minutes * MINUTE * share / 1_000
        };
        let level = |meter: i64, gigabytes: i64, share: i64| {
            gigabytes * GIGABYTE / 1_000 * (share + noise(day, meter, id) % 15)
        };
        let week = 1_000 - 500 * (ago / 7 * 7) / DAYS;
        let values = [
            (BuiltIn::DbExecutionMs.key(), Aggregation::Sum, flow(1, used.db)),
            (BuiltIn::ProcessExecutionMs.key(), Aggregation::Sum, flow(2, used.process)),
            (BuiltIn::DbVolumeBytes.key(), Aggregation::Last, level(3, used.volume, grown)),
            // Logs are thrown away after four weeks, snapshots are made weekly.
            (
                BuiltIn::ProcessLogBytes.key(),
                Aggregation::Last,
                level(4, used.logs, 300 + 25 * day.number().rem_euclid(28)),
            ),
            (BuiltIn::SnapshotStorageBytes.key(), Aggregation::Last, level(5, used.snapshots, week)),
            (gpu.clone(), Aggregation::Sum, flow(6, used.gpu) / MINUTE),
        ];
        let at = day.start().plus(Span::hours(6)).min(now);
        for (meter, aggregation, quantity) in values.into_iter().filter(|(.., quantity)| *quantity > 0) {
            let event = UsageEvent {
                source: "/demonstration".into(),
                id: format!("{id}/{meter}/{day}"),
                workspace: Some(id),
                meter,
                at,
                quantity,
                key: None,
                group: None,
            };
            told.push(Told { event, org, aggregation });
        }
    }
}

/// Today's are counted as they are.
fn of_members(ctx: &Ctx, org: OrgId, steps: &[(i64, i64)], told: &mut Vec<Told>) {
    let today = Day::of(ctx.now());
    for ago in (1..DAYS).rev() {
        let Some((_, count)) = steps.iter().rev().find(|(from, _)| *from >= ago) else { continue };
        let day = today.plus(-ago);
        let event = UsageEvent {
            source: OWN_SOURCE.to_owned(),
            id: format!("user_count/{org}/{day}/{count}"),
            workspace: None,
            meter: BuiltIn::UserCount.key(),
            at: day.start(),
            quantity: *count,
            key: None,
            group: None,
        };
        told.push(Told { event, org, aggregation: BuiltIn::UserCount.aggregation() });
    }
}

/// From 0 to 999, always the same for a day and meter of a workspace.
fn noise(day: Day, meter: i64, id: WorkspaceId) -> i64 {
    let seed = day.number().wrapping_mul(31) + meter * 7 + i64::from(id.bytes()[15]);
    let mixed = seed.wrapping_mul(0x2545_F491_4F6C_DD1D);
    (mixed ^ (mixed >> 29)).rem_euclid(1_000)
}

async fn keep(system: &Ctx, told: &[Told]) -> Result<(), Error> {
    let mut tx = system.write().await?;
    let grant: Granted<UsageWrite> = tx.authorize(&system.actor(), Target::None, system.now()).await?;
    let located: Vec<Located<'_>> = told
        .iter()
        .map(|Told { event, org, aggregation }| Located { event, org: *org, aggregation: *aggregation })
        .collect();
    storage::usage::insert(&mut tx, &grant, &located).await?;
    match storage::usage::add(&mut tx, &grant, &located).await {
        Err(RollUpError::Storage(error)) => return Err(error.into()),
        Err(RollUpError::TooMuch(meter)) => {
            return Err(domain::Fault::conflict(format!("{meter} is beyond what can be counted.")).into());
        }
        Ok(()) => {}
    }
    let orgs: BTreeSet<OrgId> = told.iter().map(|told| told.org).collect();
    storage::usage::touch_all(&mut tx, &grant, &orgs).await?;
    tx.commit(Audit::none("made-up use for the demonstration")).await?;
    Ok(())
}

/// A limit of which so much is used now.
async fn set_limit(
    system: &Ctx,
    admin: &Ctx,
    handle: &str,
    dimension: Dimension,
    percent: i64,
    action: LimitAction,
) -> Result<(), Error> {
    let mut tx = system.read().await?;
    let grant: Granted<UsageLimitsWrite> = tx.authorize(&system.actor(), Target::Handle(handle), system.now()).await?;
    let today = Day::of(system.now());
    let cycle = usage::cycle::cycle(&mut tx, &grant, today).await?;
    let used = storage::usage_limit::used(&mut tx, &grant, dimension, cycle, today).await?;
    drop(tx);
    // In whole units, as people would set it.
    let value = (used * 100 / percent / dimension.per_unit()).max(1);
    let form = LimitForm { value: value.to_string(), action: action.name().into() };
    usage::set_limit(admin, handle, dimension, Base::Current, &form).await.map(drop)
}

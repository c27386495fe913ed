//! On which plan an organization is, which cycle runs, and what was billed of those that ended.

use std::collections::BTreeMap;

use domain::authz::Capability;
use domain::authz::cap::{
    BillingRead, BillingSettle, BillingWrite, OrgAdminRead, OrgAdminWrite, OrgProfileRead, UsageLimitsWrite, UsageRead,
};
use domain::billing::page::{ProvidedBy, SubscriptionState};
use domain::billing::{Cycle, CycleTerms, Metered, PlanKey, Used};
use domain::id::OrgId;
use domain::usage::{BuiltIn, Day, Dimension, MeterKey};

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

queries! {
    FIND = "SELECT plan, provided_by, state, anchor, cycle, turns_on, cancels, credit, warned_days, version
        FROM subscription WHERE org_id = $1";
    SAVE = "INSERT INTO subscription
        (org_id, plan, provided_by, state, anchor, cycle, turns_on, cancels, credit, warned_days, version, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)
        ON CONFLICT (org_id) DO UPDATE SET plan = excluded.plan, provided_by = excluded.provided_by,
            state = excluded.state, anchor = excluded.anchor, cycle = excluded.cycle, turns_on = excluded.turns_on,
            cancels = excluded.cancels, credit = excluded.credit, warned_days = excluded.warned_days,
            version = subscription.version + 1
        RETURNING version";
    END = "DELETE FROM subscription WHERE org_id = $1";
    TRIALED = "SELECT trialed FROM organization WHERE id = $1";
    SET_TRIALED = "UPDATE organization SET trialed = TRUE WHERE id = $1";
    DUE = "SELECT org_id FROM subscription WHERE turns_on <= $1 ORDER BY turns_on, org_id LIMIT $2";
    TO_WARN = "SELECT org_id FROM subscription
        WHERE state = 'trial' AND turns_on > $1 AND turns_on <= $2 AND warned_days > $3 ORDER BY org_id LIMIT $4";
    USED = "SELECT meter, day, value FROM usage_total WHERE org_id = $1 AND day >= $2 AND day < $3";
    BILLED_CYCLES = "SELECT terms FROM billed_cycle WHERE org_id = $1 ORDER BY starts_on";
    ADD_CYCLE = "INSERT INTO billed_cycle (org_id, starts_on, ends_on, terms) VALUES ($1, $2, $3, $4)";
    BILLED_DAYS = "SELECT metered, day, value FROM billed_day WHERE org_id = $1 AND starts_on = $2";
    SET_DAY = "INSERT INTO billed_day (org_id, starts_on, metered, day, value) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (org_id, starts_on, metered, day) DO UPDATE SET value = excluded.value";
    FORGET_CYCLES = "DELETE FROM billed_cycle WHERE org_id = $1 AND ends_on < $2";
    FORGET_DAYS = "DELETE FROM billed_day WHERE org_id = $1 AND starts_on NOT IN
        (SELECT starts_on FROM billed_cycle WHERE org_id = $1)";
}

/// What may see the plan an organization is on.
pub trait SeesSubscription: Capability {}
impl SeesSubscription for BillingRead {}
impl SeesSubscription for BillingWrite {}
impl SeesSubscription for BillingSettle {}
impl SeesSubscription for UsageRead {}
impl SeesSubscription for UsageLimitsWrite {}
impl SeesSubscription for OrgAdminRead {}
impl SeesSubscription for OrgAdminWrite {}
impl SeesSubscription for OrgProfileRead {}

/// What may change it.
pub trait Subscribes: Capability {}
impl Subscribes for BillingWrite {}
impl Subscribes for BillingSettle {}
impl Subscribes for OrgAdminWrite {}

/// How an organization is on its plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    pub plan: PlanKey,
    pub by: ProvidedBy,
    pub state: SubscriptionState,
    /// Cycles are months from this day.
    pub anchor: Day,
    /// The running cycle, or the last that ran.
    pub cycle: CycleTerms,
    /// When the next one begins; `None` while none runs.
    pub turns_on: Option<Day>,
    pub cancels: bool,
    /// What the last invoice carried on, in minor units of the plan's currency.
    pub credit: i64,
    /// On how many days before the trial's end its owners were told last.
    pub warned_days: i64,
    /// Counts its changes; [`save`] moves it on.
    pub version: i64,
}

impl Subscription {
    /// The cycle that begins on `day`.
    pub fn next_cycle(&self, day: Day) -> Cycle {
        let anchor = if self.state == SubscriptionState::Trial { day } else { self.anchor };
        Cycle::containing(anchor, day)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    plan: String,
    provided_by: String,
    state: String,
    anchor: i64,
    cycle: String,
    turns_on: Option<i64>,
    cancels: bool,
    credit: i64,
    warned_days: i64,
    version: i64,
}

/// The organization's subscription, if it is on a plan.
pub async fn find<P: SeesSubscription>(tx: &mut Tx, grant: &Granted<P>) -> Result<Option<Subscription>, Error> {
    const TABLE: &str = "subscription";
    let org = grant.org(tx)?.id.to_string();
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(&org).fetch_optional(c).await)?;
    row.map(|row| {
        Ok(Subscription {
            plan: read(PlanKey::parse(&row.plan), TABLE, "plan", &org)?,
            by: read(ProvidedBy::from_name(&row.provided_by), TABLE, "provided_by", &org)?,
            state: read(SubscriptionState::from_name(&row.state), TABLE, "state", &org)?,
            anchor: Day::from_number(row.anchor),
            cycle: read(serde_json::from_str(&row.cycle).ok(), TABLE, "cycle", &org)?,
            turns_on: row.turns_on.map(Day::from_number),
            cancels: row.cancels,
            credit: row.credit,
            warned_days: row.warned_days,
            version: row.version,
        })
    })
    .transpose()
}

/// Puts the organization on a plan, or changes how it is on it, and answers the version.
pub async fn save<P: Subscribes>(
    tx: &mut WriteTx,
    grant: &Granted<P>,
    subscription: &Subscription,
) -> Result<i64, Error> {
    let (org, now) = (grant.org(tx)?.id.to_string(), tx.now().micros());
    let cycle = read(serde_json::to_string(&subscription.cycle).ok(), "subscription", "cycle", &org)?;
    on!(tx, c => sqlx::query_scalar(SAVE)
        .bind(&org)
        .bind(subscription.plan.as_str())
        .bind(subscription.by.name())
        .bind(subscription.state.name())
        .bind(subscription.anchor.number())
        .bind(&cycle)
        .bind(subscription.turns_on.map(Day::number))
        .bind(subscription.cancels)
        .bind(subscription.credit)
        .bind(subscription.warned_days)
        .bind(now)
        .fetch_one(c).await)
}

/// The organization is on no plan any more.
pub async fn end<P: Subscribes>(tx: &mut WriteTx, grant: &Granted<P>) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query(END).bind(org).execute(c).await.map(drop))
}

/// Whether the organization had its trial.
pub async fn had_trial<P: SeesSubscription>(tx: &mut Tx, grant: &Granted<P>) -> Result<bool, Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query_scalar(TRIALED).bind(org).fetch_one(c).await)
}

/// It has it now.
pub async fn begin_trial<P: Subscribes>(tx: &mut WriteTx, grant: &Granted<P>) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query(SET_TRIALED).bind(org).execute(c).await.map(drop))
}

fn orgs(ids: Vec<String>) -> Result<Vec<OrgId>, Error> {
    ids.iter().map(|id| read(id.parse().ok(), "subscription", "org_id", id)).collect()
}

/// Organizations whose cycle is over.
pub async fn due(tx: &mut Tx, today: Day, limit: i64) -> Result<Vec<OrgId>, Error> {
    orgs(on!(tx, c => sqlx::query_scalar(DUE).bind(today.number()).bind(limit).fetch_all(c).await)?)
}

/// Organizations whose trial ends within `days`, and whose owners weren't told of that yet.
pub async fn to_warn(tx: &mut Tx, today: Day, days: i64, limit: i64) -> Result<Vec<OrgId>, Error> {
    orgs(on!(tx, c => sqlx::query_scalar(TO_WARN)
        .bind(today.number()).bind(today.plus(days).number()).bind(days).bind(limit).fetch_all(c).await)?)
}

/// What was used in a cycle, of everything that may be charged.
pub async fn used<P: SeesSubscription>(tx: &mut Tx, grant: &Granted<P>, cycle: Cycle) -> Result<Used, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, i64, i64)> = on!(tx, c => sqlx::query_as(USED)
        .bind(&org).bind(cycle.start.number()).bind(cycle.end.number()).fetch_all(c).await)?;
    // The meters of a dimension are charged together.
    let mut sums: BTreeMap<(Metered, Day), i64> = BTreeMap::new();
    for (meter, day, value) in rows {
        let what = match BuiltIn::from_name(&meter) {
            Some(meter) => Metered::Dimension(meter.dimension()),
            None => Metered::Meter(read(MeterKey::parse(&meter), "usage_total", "meter", &org)?),
        };
        *sums.entry((what, Day::from_number(day))).or_default() += value;
    }
    Ok(sums.into_iter().map(|((what, day), value)| (what, day, value)).collect())
}

/// Cycles that were billed and can still change, oldest first.
pub async fn billed_cycles<P: SeesSubscription>(tx: &mut Tx, grant: &Granted<P>) -> Result<Vec<CycleTerms>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<String> = on!(tx, c => sqlx::query_scalar(BILLED_CYCLES).bind(&org).fetch_all(c).await)?;
    rows.iter().map(|terms| read(serde_json::from_str(terms).ok(), "billed_cycle", "terms", &org)).collect()
}

/// The values that a cycle was billed with.
pub async fn billed<P: SeesSubscription>(tx: &mut Tx, grant: &Granted<P>, cycle: Cycle) -> Result<Used, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, i64, i64)> =
        on!(tx, c => sqlx::query_as(BILLED_DAYS).bind(&org).bind(cycle.start.number()).fetch_all(c).await)?;
    rows.into_iter()
        .map(|(metered, day, value)| {
            let what = match metered.strip_prefix(METER) {
                Some(key) => MeterKey::parse(key).map(Metered::Meter),
                None => Dimension::from_name(&metered).map(Metered::Dimension),
            };
            Ok((read(what, "billed_day", "metered", &org)?, Day::from_number(day), value))
        })
        .collect()
}

const METER: &str = "meter:";

fn metered_text(what: &Metered) -> String {
    match what {
        Metered::Dimension(dimension) => dimension.name().to_owned(),
        Metered::Meter(key) => format!("{METER}{key}"),
    }
}

/// Keeps a cycle that is billed now, until late events can't change it any more.
pub async fn add_billed<P: Subscribes>(tx: &mut WriteTx, grant: &Granted<P>, terms: &CycleTerms) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    let text = read(serde_json::to_string(terms).ok(), "billed_cycle", "terms", &org)?;
    let (start, end) = (terms.cycle.start.number(), terms.cycle.end.number());
    on!(tx, c => sqlx::query(ADD_CYCLE).bind(&org).bind(start).bind(end).bind(&text).execute(c).await.map(drop))
}

/// Notes with which values days were billed.
pub async fn set_billed<P: Subscribes>(
    tx: &mut WriteTx,
    grant: &Granted<P>,
    cycle: Cycle,
    days: impl IntoIterator<Item = (Metered, Day, i64)>,
) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    for (what, day, value) in days {
        let metered = metered_text(&what);
        on!(tx, c => sqlx::query(SET_DAY)
            .bind(&org)
            .bind(cycle.start.number())
            .bind(&metered)
            .bind(day.number())
            .bind(value)
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Forgets billed cycles that ended before `day`.
pub async fn forget_billed<P: Subscribes>(tx: &mut WriteTx, grant: &Granted<P>, day: Day) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query(FORGET_CYCLES).bind(&org).bind(day.number()).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(FORGET_DAYS).bind(&org).execute(c).await.map(drop))
}

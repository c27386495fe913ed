//! What organizations used: events, each kept once, and what their days come to.
//!
//! One order of locks for every transaction, so that none waits for one that waits for it: organizations, events by source
//! and id, totals by key, then cells, which only the holder of their total touches.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::Timestamp;
use domain::authz::cap::UsageWrite;
use domain::id::{OrgId, WorkspaceId};
use domain::org::OrgState;
use domain::usage::{Aggregation, Cell, Day, MeterKey, TOTAL_MAX, TooMuch, UsageEvent};
use futures::TryStreamExt;
use sqlx::QueryBuilder;

use crate::authz::Granted;
use crate::dialect::POSTGRES_SHARE;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

/// Rows of a statement.
const ROWS: usize = 500;

queries! {
    /// The empty update waits for whoever takes the row.
    TOUCH = "INSERT INTO usage_change (org_id, since) VALUES ($1, $2)
        ON CONFLICT (org_id) DO UPDATE SET since = usage_change.since";
    FIRST_EVENT = "SELECT MIN(day) FROM usage_event WHERE org_id = $1 AND day >= $2";
    FIRST_TOTAL = "SELECT MIN(day) FROM usage_total WHERE org_id = $1 AND day >= $2";
    EVENTS_OF_DAY = "SELECT source, id, org_id, workspace_id, meter, at, quantity, key, group_name FROM usage_event
        WHERE org_id = $1 AND day = $2";
    CELLS_OF_DAY = "SELECT org_id, workspace_id, meter, day, value, events, latest_at, latest_source, latest_id
        FROM usage_day WHERE org_id = $1 AND day = $2";
    TOTALS_OF_DAY = "SELECT meter, value, events FROM usage_total WHERE org_id = $1 AND day = $2";
    KEYS_OF_DAY = "SELECT workspace_id, meter, key FROM usage_key WHERE org_id = $1 AND day = $2";
    CLEAR_CELLS = "DELETE FROM usage_day WHERE org_id = $1 AND day = $2";
    CLEAR_TOTALS = "DELETE FROM usage_total WHERE org_id = $1 AND day = $2";
    CLEAR_KEYS = "DELETE FROM usage_key WHERE org_id = $1 AND day = $2";
    /// Those with more members than the day knows of.
    GROWN = "SELECT o.id, COUNT(m.id) FROM organization o
        LEFT JOIN usage_total t ON t.org_id = o.id AND t.meter = 'user_count' AND t.day = $1
        LEFT JOIN member m ON m.org_id = o.id AND m.role <> 'external'
            AND m.state IN ('active', 'frozen')
        WHERE o.state IN ('pending_bootstrap', 'active')
        GROUP BY o.id, t.value HAVING COUNT(m.id) > COALESCE(t.value, -1) ORDER BY o.id LIMIT $2";
    ORGS = "SELECT id FROM organization WHERE id > $1 ORDER BY id LIMIT $2";
}

/// An event of a known organization and meter.
#[derive(Debug, Clone, Copy)]
pub struct Located<'a> {
    pub event: &'a UsageEvent,
    pub org: OrgId,
    pub aggregation: Aggregation,
}

#[derive(sqlx::FromRow)]
struct EventRow {
    source: String,
    id: String,
    org_id: String,
    workspace_id: String,
    meter: String,
    at: i64,
    quantity: i64,
    key: Option<String>,
    group_name: Option<String>,
}

impl EventRow {
    fn event(self) -> Result<(OrgId, UsageEvent), Error> {
        const TABLE: &str = "usage_event";
        let workspace = match self.workspace_id.is_empty() {
            true => None,
            false => Some(read(self.workspace_id.parse().ok(), TABLE, "workspace_id", &self.id)?),
        };
        let org = read(self.org_id.parse().ok(), TABLE, "org_id", &self.id)?;
        let meter = read(MeterKey::parse(&self.meter), TABLE, "meter", &self.id)?;
        let event = UsageEvent {
            source: self.source,
            id: self.id,
            workspace,
            meter,
            at: Timestamp::from_micros(self.at),
            quantity: self.quantity,
            key: self.key,
            group: self.group_name,
        };
        Ok((org, event))
    }
}

/// Which cell a value is of. The workspace is empty for the organization's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    org: String,
    meter: String,
    day: i64,
    workspace: String,
}

impl Place {
    fn of(located: &Located<'_>) -> Self {
        Self {
            org: located.org.to_string(),
            meter: located.event.meter.to_string(),
            day: located.event.day().number(),
            workspace: workspace_text(located.event),
        }
    }

    fn total(&self) -> (String, String, i64) {
        (self.org.clone(), self.meter.clone(), self.day)
    }
}

fn workspace_text(event: &UsageEvent) -> String {
    event.workspace.map(|id| id.to_string()).unwrap_or_default()
}

#[derive(sqlx::FromRow)]
struct CellRow {
    org_id: String,
    workspace_id: String,
    meter: String,
    day: i64,
    value: i64,
    events: i64,
    latest_at: Option<i64>,
    latest_source: Option<String>,
    latest_id: Option<String>,
}

impl From<CellRow> for (Place, Cell) {
    fn from(row: CellRow) -> Self {
        let latest = row.latest_at.zip(row.latest_source).zip(row.latest_id);
        let latest = latest.map(|((at, source), id)| (Timestamp::from_micros(at), source, id));
        let place = Place { org: row.org_id, meter: row.meter, day: row.day, workspace: row.workspace_id };
        (place, Cell { value: row.value, events: row.events, latest })
    }
}

/// Whose these workspaces are, those there are. Their organizations stay as they are until the end of the transaction.
pub async fn homes(
    tx: &mut WriteTx,
    grant: &Granted<UsageWrite>,
    workspaces: &[WorkspaceId],
) -> Result<HashMap<WorkspaceId, (OrgId, OrgState)>, Error> {
    grant.check(tx)?;
    let mut found: Vec<(String, String)> = Vec::new();
    for some in workspaces.chunks(ROWS) {
        let rows: Vec<(String, String)> = on!(tx, c => {
            let mut query = QueryBuilder::new("SELECT id, org_id FROM workspace WHERE id IN (");
            let mut ids = query.separated(", ");
            for id in some {
                ids.push_bind(id.to_string());
            }
            query.push(")");
            query.build_query_as().fetch_all(c).await
        })?;
        found.extend(rows);
    }
    let orgs: BTreeSet<String> = found.iter().map(|(_, org)| org.clone()).collect();
    let states = states(tx, &orgs.into_iter().collect::<Vec<_>>()).await?;
    let mut homes = HashMap::new();
    for (workspace, org) in found {
        let Some(state) = states.get(&org) else { continue };
        let workspace = read(workspace.parse().ok(), "workspace", "id", &workspace)?;
        let id = read(org.parse().ok(), "workspace", "org_id", &org)?;
        homes.insert(workspace, (id, *state));
    }
    Ok(homes)
}

/// Of these organizations the open ones, which stay so until the end of the transaction.
pub async fn open(
    tx: &mut WriteTx,
    grant: &Granted<UsageWrite>,
    orgs: &BTreeSet<OrgId>,
) -> Result<BTreeSet<OrgId>, Error> {
    grant.check(tx)?;
    let ids: BTreeSet<String> = orgs.iter().map(ToString::to_string).collect();
    let states = states(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    let is_open = |org: &&OrgId| states.get(&org.to_string()).is_some_and(|state| state.is_open());
    Ok(orgs.iter().filter(is_open).copied().collect())
}

async fn states(tx: &mut WriteTx, orgs: &[String]) -> Result<HashMap<String, OrgState>, Error> {
    let lock = if tx.is_postgres() { POSTGRES_SHARE } else { "" };
    let mut states = HashMap::new();
    for some in orgs.chunks(ROWS) {
        let rows: Vec<(String, String)> = on!(tx, c => {
            let mut query = QueryBuilder::new("SELECT id, state FROM organization WHERE id IN (");
            let mut ids = query.separated(", ");
            for id in some {
                ids.push_bind(id);
            }
            query.push(") ORDER BY id").push(lock);
            query.build_query_as().fetch_all(c).await
        })?;
        for (id, state) in rows {
            let state = read(OrgState::from_name(&state), "organization", "state", &id)?;
            states.insert(id, state);
        }
    }
    Ok(states)
}

/// Keeps events, no two of which are the same, and answers source and id of those that weren't kept before.
pub async fn insert(
    tx: &mut WriteTx,
    grant: &Granted<UsageWrite>,
    events: &[Located<'_>],
) -> Result<BTreeSet<(String, String)>, Error> {
    grant.check(tx)?;
    let now = tx.now().micros();
    let mut events = events.to_vec();
    events.sort_by(|a, b| (&a.event.source, &a.event.id).cmp(&(&b.event.source, &b.event.id)));
    let mut new = BTreeSet::new();
    for some in events.chunks(ROWS) {
        let rows: Vec<(String, String)> = on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO usage_event (source, id, org_id, workspace_id, meter, day, at, quantity, key, group_name, received_at) ");
            query.push_values(some, |mut row, Located { event, org, .. }| {
                row.push_bind(&event.source).push_bind(&event.id).push_bind(org.to_string())
                    .push_bind(workspace_text(event)).push_bind(event.meter.as_str()).push_bind(event.day().number())
                    .push_bind(event.at.micros()).push_bind(event.quantity).push_bind(&event.key)
                    .push_bind(&event.group).push_bind(now);
            });
            query.push(" ON CONFLICT (source, id) DO NOTHING RETURNING source, id");
            query.build_query_as().fetch_all(c).await
        })?;
        new.extend(rows);
    }
    Ok(new)
}

/// These events as they are kept.
pub async fn kept(tx: &mut Tx, grant: &Granted<UsageWrite>, keys: &[(&str, &str)]) -> Result<Vec<UsageEvent>, Error> {
    grant.check(tx)?;
    let mut kept = Vec::new();
    for some in keys.chunks(ROWS) {
        let rows: Vec<EventRow> = on!(tx, c => {
            let mut query = QueryBuilder::new("WITH k (source, id) AS (");
            query.push_values(some, |mut row, (source, id)| {
                row.push_bind(*source).push_bind(*id);
            });
            query.push(") SELECT e.source, e.id, e.org_id, e.workspace_id, e.meter, e.at, e.quantity, e.key, e.group_name FROM k JOIN usage_event e ON e.source = k.source AND e.id = k.id");
            query.build_query_as().fetch_all(c).await
        })?;
        for row in rows {
            kept.push(row.event()?.1);
        }
    }
    Ok(kept)
}

/// What roll-ups can't hold.
#[derive(Debug, thiserror::Error)]
pub enum RollUpError {
    #[error(transparent)]
    Storage(#[from] Error),
    /// Of this meter.
    #[error("the day's sum of {0} is too large")]
    TooMuch(String),
}

/// Adds events that weren't kept before to their days.
pub async fn add(tx: &mut WriteTx, grant: &Granted<UsageWrite>, events: &[Located<'_>]) -> Result<(), RollUpError> {
    grant.check(tx)?;
    let places: Vec<Place> = events.iter().map(Place::of).collect();
    let keys: BTreeSet<_> = places.iter().map(Place::total).collect();
    // Whoever has the totals has their cells.
    let mut totals = take_totals(tx, &keys.into_iter().collect::<Vec<_>>()).await?;
    let distinct: Vec<&Place> = places.iter().collect::<BTreeSet<_>>().into_iter().collect();
    let mut cells = cells(tx, &distinct).await?;
    let counts = events.iter().zip(&places).filter(|(located, _)| located.aggregation == Aggregation::Unique);
    let keys: BTreeSet<_> = counts.filter_map(|(located, place)| Some((place, located.event.key.as_ref()?))).collect();
    let mut new_keys = insert_keys(tx, &keys.into_iter().collect::<Vec<_>>()).await?;
    let before: BTreeMap<Place, i64> = cells.iter().map(|(place, cell)| (place.clone(), cell.value)).collect();
    for (located, place) in events.iter().zip(&places) {
        let is_new = located.event.key.as_ref().is_some_and(|key| new_keys.remove(&(place.clone(), key.clone())));
        let cell = cells.entry(place.clone()).or_default();
        let added = cell.add(located.aggregation, located.event, is_new);
        added.map_err(|TooMuch| RollUpError::TooMuch(place.meter.clone()))?;
        if let Some(total) = totals.get_mut(&place.total()) {
            total.1 += 1;
        }
    }
    for place in &distinct {
        let (old, new) = (before.get(*place).copied().unwrap_or(0), cells.get(*place).map_or(0, |cell| cell.value));
        let Some(total) = totals.get_mut(&place.total()) else { continue };
        // What each was checked for keeps all three far from overflowing.
        total.0 = total.0.saturating_sub(old).saturating_add(new);
        if total.0.abs() > TOTAL_MAX || new.abs() > TOTAL_MAX {
            return Err(RollUpError::TooMuch(place.meter.clone()));
        }
    }
    let cells: Vec<(&Place, &Cell)> = distinct.iter().filter_map(|place| cells.get_key_value(*place)).collect();
    write_cells(tx, &cells).await?;
    let totals: Vec<_> = totals.into_iter().collect();
    write_totals(tx, &totals).await?;
    Ok(())
}

type TotalKey = (String, String, i64);

/// Locks the totals, new ones as 0, and answers value and events.
async fn take_totals(tx: &mut WriteTx, keys: &[TotalKey]) -> Result<BTreeMap<TotalKey, (i64, i64)>, Error> {
    let mut totals = BTreeMap::new();
    for some in keys.chunks(ROWS) {
        let rows: Vec<(String, String, i64, i64, i64)> = on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO usage_total (org_id, meter, day, value, events) ");
            query.push_values(some, |mut row, (org, meter, day)| {
                row.push_bind(org).push_bind(meter).push_bind(*day).push_bind(0_i64).push_bind(0_i64);
            });
            query.push(" ON CONFLICT (org_id, meter, day) DO UPDATE SET events = usage_total.events RETURNING org_id, meter, day, value, events");
            query.build_query_as().fetch_all(c).await
        })?;
        totals.extend(rows.into_iter().map(|(org, meter, day, value, events)| ((org, meter, day), (value, events))));
    }
    Ok(totals)
}

async fn write_totals(tx: &mut WriteTx, totals: &[(TotalKey, (i64, i64))]) -> Result<(), Error> {
    for some in totals.chunks(ROWS) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO usage_total (org_id, meter, day, value, events) ");
            query.push_values(some, |mut row, ((org, meter, day), (value, events))| {
                row.push_bind(org).push_bind(meter).push_bind(*day).push_bind(*value).push_bind(*events);
            });
            query.push(" ON CONFLICT (org_id, meter, day) DO UPDATE SET value = excluded.value, events = excluded.events");
            query.build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

async fn cells(tx: &mut WriteTx, places: &[&Place]) -> Result<BTreeMap<Place, Cell>, Error> {
    let mut cells = BTreeMap::new();
    for some in places.chunks(ROWS) {
        let rows: Vec<CellRow> = on!(tx, c => {
            let mut query = QueryBuilder::new("WITH k (org_id, workspace_id, meter, day) AS (");
            query.push_values(some, |mut row, place| {
                row.push_bind(&place.org).push_bind(&place.workspace).push_bind(&place.meter).push_bind(place.day);
            });
            query.push(") SELECT d.org_id, d.workspace_id, d.meter, d.day, d.value, d.events, d.latest_at, d.latest_source, d.latest_id FROM k JOIN usage_day d ON d.org_id = k.org_id AND d.workspace_id = k.workspace_id AND d.meter = k.meter AND d.day = k.day");
            query.build_query_as().fetch_all(c).await
        })?;
        cells.extend(rows.into_iter().map(<(Place, Cell)>::from));
    }
    Ok(cells)
}

async fn write_cells(tx: &mut WriteTx, cells: &[(&Place, &Cell)]) -> Result<(), Error> {
    for some in cells.chunks(ROWS) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO usage_day (org_id, workspace_id, meter, day, value, events, latest_at, latest_source, latest_id) ");
            query.push_values(some, |mut row, (place, cell)| {
                let latest = cell.latest.as_ref();
                row.push_bind(&place.org).push_bind(&place.workspace).push_bind(&place.meter).push_bind(place.day)
                    .push_bind(cell.value).push_bind(cell.events).push_bind(latest.map(|(at, ..)| at.micros()))
                    .push_bind(latest.map(|(_, source, _)| source)).push_bind(latest.map(|(.., id)| id));
            });
            query.push(" ON CONFLICT (org_id, workspace_id, meter, day) DO UPDATE SET value = excluded.value, events = excluded.events, latest_at = excluded.latest_at, latest_source = excluded.latest_source, latest_id = excluded.latest_id");
            query.build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Keeps the keys that meters of different things have seen, and answers those that are new.
async fn insert_keys(tx: &mut WriteTx, keys: &[(&Place, &String)]) -> Result<BTreeSet<(Place, String)>, Error> {
    let mut new = BTreeSet::new();
    for some in keys.chunks(ROWS) {
        let rows: Vec<(String, String, String, i64, String)> = on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO usage_key (org_id, workspace_id, meter, day, key) ");
            query.push_values(some, |mut row, (place, key)| {
                row.push_bind(&place.org).push_bind(&place.workspace).push_bind(&place.meter).push_bind(place.day)
                    .push_bind(*key);
            });
            query.push(" ON CONFLICT DO NOTHING RETURNING org_id, workspace_id, meter, day, key");
            query.build_query_as().fetch_all(c).await
        })?;
        let rows = rows.into_iter();
        new.extend(rows.map(|(org, workspace, meter, day, key)| (Place { org, meter, day, workspace }, key)));
    }
    Ok(new)
}

/// Has the organization's limits looked at.
pub(crate) async fn touch(tx: &mut WriteTx, org: OrgId) -> Result<(), Error> {
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(TOUCH).bind(org.to_string()).bind(now).execute(c).await.map(drop))
}

/// As `touch`, for organizations whose events were just kept.
pub async fn touch_all(tx: &mut WriteTx, grant: &Granted<UsageWrite>, orgs: &BTreeSet<OrgId>) -> Result<(), Error> {
    grant.check(tx)?;
    for org in orgs {
        touch(tx, *org).await?;
    }
    Ok(())
}

/// Organizations after `after`, by id.
pub async fn organizations(
    tx: &mut Tx,
    grant: &Granted<UsageWrite>,
    after: Option<OrgId>,
    limit: i64,
) -> Result<Vec<OrgId>, Error> {
    grant.check(tx)?;
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let ids: Vec<String> = on!(tx, c => sqlx::query_scalar(ORGS).bind(after).bind(limit).fetch_all(c).await)?;
    ids.iter().map(|id| read(id.parse().ok(), "organization", "id", id)).collect()
}

/// Organizations that have more members than a day was told of, and how many; open ones only.
pub async fn grown(tx: &mut Tx, grant: &Granted<UsageWrite>, day: Day, limit: i64) -> Result<Vec<(OrgId, i64)>, Error> {
    grant.check(tx)?;
    let rows: Vec<(String, i64)> =
        on!(tx, c => sqlx::query_as(GROWN).bind(day.number()).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(|(id, count)| Ok((read(id.parse().ok(), "organization", "id", &id)?, count))).collect()
}

/// The first day from `day` on that has an event or a roll-up.
pub async fn next_day(tx: &mut Tx, grant: &Granted<UsageWrite>, day: Day) -> Result<Option<Day>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let event: Option<i64> =
        on!(tx, c => sqlx::query_scalar(FIRST_EVENT).bind(&org).bind(day.number()).fetch_one(c).await)?;
    let total: Option<i64> =
        on!(tx, c => sqlx::query_scalar(FIRST_TOTAL).bind(&org).bind(day.number()).fetch_one(c).await)?;
    Ok([event, total].into_iter().flatten().min().map(Day::from_number))
}

/// A day's roll-ups.
#[derive(Debug, PartialEq, Eq, Default)]
struct Rolled {
    cells: BTreeMap<Place, Cell>,
    totals: BTreeMap<TotalKey, (i64, i64)>,
    keys: BTreeSet<(Place, String)>,
}

impl Rolled {
    fn count(&mut self, row: EventRow, aggregations: &HashMap<MeterKey, Aggregation>) -> Result<(), RollUpError> {
        let (org, event) = row.event()?;
        let aggregation = read(aggregations.get(&event.meter).copied(), "usage_event", "meter", &event.id)?;
        let place = Place::of(&Located { event: &event, org, aggregation });
        let key = event.key.clone().filter(|_| aggregation == Aggregation::Unique);
        let is_new = key.is_some_and(|key| self.keys.insert((place.clone(), key)));
        let cell = self.cells.entry(place).or_default();
        cell.add(aggregation, &event, is_new).map_err(|TooMuch| RollUpError::TooMuch(event.meter.to_string()))
    }
}

/// Reckons a day anew from its events, and answers how many rows were otherwise. The proof's transaction keeps everyone
/// else from the organization. `aggregations`: of every meter.
pub async fn rebuild_day(
    tx: &mut WriteTx,
    grant: &Granted<UsageWrite>,
    day: Day,
    aggregations: &HashMap<MeterKey, Aggregation>,
) -> Result<u64, RollUpError> {
    let org = grant.org(tx)?.id;
    let mut right = Rolled::default();
    let mut broken = None;
    on!(tx, c => {
        let mut rows = sqlx::query_as::<_, EventRow>(EVENTS_OF_DAY).bind(org.to_string()).bind(day.number()).fetch(c);
        loop {
            match rows.try_next().await {
                Ok(Some(row)) if broken.is_none() => broken = right.count(row, aggregations).err(),
                Ok(Some(_)) => {}
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        }
    })?;
    if let Some(error) = broken {
        return Err(error);
    }
    for (place, cell) in &right.cells {
        let total = right.totals.entry(place.total()).or_default();
        *total = (total.0 + cell.value, total.1 + cell.events);
    }
    let found = rolled(tx, org, day).await?;
    if found == right {
        return Ok(0);
    }
    for sql in [CLEAR_CELLS, CLEAR_TOTALS, CLEAR_KEYS] {
        on!(tx, c => sqlx::query(sql).bind(org.to_string()).bind(day.number()).execute(c).await.map(drop))?;
    }
    write_cells(tx, &right.cells.iter().collect::<Vec<_>>()).await?;
    write_totals(tx, &right.totals.clone().into_iter().collect::<Vec<_>>()).await?;
    let keys: Vec<(&Place, &String)> = right.keys.iter().map(|(place, key)| (place, key)).collect();
    insert_keys(tx, &keys).await?;
    touch(tx, org).await?;
    Ok(differences(&found.cells, &right.cells)
        + differences(&found.totals, &right.totals)
        + found.keys.symmetric_difference(&right.keys).count() as u64)
}

/// Keys that are in one only, or have another value.
fn differences<K: Ord, V: PartialEq>(a: &BTreeMap<K, V>, b: &BTreeMap<K, V>) -> u64 {
    let changed = a.iter().filter(|(key, value)| b.get(key) != Some(value)).count();
    let added = b.keys().filter(|key| !a.contains_key(key)).count();
    (changed + added) as u64
}

/// A day's roll-ups as they are kept.
async fn rolled(tx: &mut WriteTx, org: OrgId, day: Day) -> Result<Rolled, Error> {
    let (org, day) = (org.to_string(), day.number());
    let cells: Vec<CellRow> = on!(tx, c => sqlx::query_as(CELLS_OF_DAY).bind(&org).bind(day).fetch_all(c).await)?;
    let totals: Vec<(String, i64, i64)> =
        on!(tx, c => sqlx::query_as(TOTALS_OF_DAY).bind(&org).bind(day).fetch_all(c).await)?;
    let keys: Vec<(String, String, String)> =
        on!(tx, c => sqlx::query_as(KEYS_OF_DAY).bind(&org).bind(day).fetch_all(c).await)?;
    let keys = keys.into_iter().map(|(workspace, meter, key)| (Place { org: org.clone(), meter, day, workspace }, key));
    Ok(Rolled {
        keys: keys.collect(),
        cells: cells.into_iter().map(<(Place, Cell)>::from).collect(),
        totals: totals.into_iter().map(|(meter, value, events)| ((org.clone(), meter, day), (value, events))).collect(),
    })
}

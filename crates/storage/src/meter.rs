//! Meters beside the built-in ones.

use std::collections::HashMap;

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{
    BillingRead, BillingSettle, BillingWrite, MetersRead, MetersWrite, OrgAdminWrite, UsageLimitsWrite, UsageRead,
    UsageWrite,
};
use domain::usage::{Aggregation, BuiltIn, CustomMeter, MeterKey};

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

queries! {
    ALL_METERS = "SELECT key, label, unit, aggregation, prices, archived, version, created_at FROM meter ORDER BY key";
    INSERT = "INSERT INTO meter (key, label, unit, aggregation, prices, archived, version, created_at)
        VALUES ($1, $2, $3, $4, $5, FALSE, 1, $6) ON CONFLICT (key) DO NOTHING RETURNING key";
    UPDATE = "UPDATE meter SET label = $2, unit = $3, prices = $4, archived = $5, version = version + 1
        WHERE key = $1 RETURNING version";
}

/// What may know which meters there are.
pub trait KnowsMeters: Capability {}
impl KnowsMeters for MetersRead {}
impl KnowsMeters for MetersWrite {}
impl KnowsMeters for UsageRead {}
impl KnowsMeters for UsageWrite {}
impl KnowsMeters for UsageLimitsWrite {}
impl KnowsMeters for BillingRead {}
impl KnowsMeters for BillingWrite {}
impl KnowsMeters for BillingSettle {}
impl KnowsMeters for OrgAdminWrite {}

#[derive(sqlx::FromRow)]
struct Row {
    key: String,
    label: String,
    unit: String,
    aggregation: String,
    prices: String,
    archived: bool,
    version: i64,
    created_at: i64,
}

impl TryFrom<Row> for CustomMeter {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        const TABLE: &str = "meter";
        Ok(Self {
            key: read(MeterKey::parse(&row.key), TABLE, "key", &row.key)?,
            aggregation: read(Aggregation::from_name(&row.aggregation), TABLE, "aggregation", &row.key)?,
            prices: read(serde_json::from_str(&row.prices).ok(), TABLE, "prices", &row.key)?,
            label: row.label,
            unit: row.unit,
            archived: row.archived,
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

/// Every meter of the platform's own, archived ones too, by key.
pub async fn custom<P: KnowsMeters>(tx: &mut Tx, _grant: &Granted<P>) -> Result<Vec<CustomMeter>, Error> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(ALL_METERS).fetch_all(c).await)?;
    rows.into_iter().map(CustomMeter::try_from).collect()
}

/// How the events of each meter come to a value; archived meters still have days.
pub async fn aggregations<P: KnowsMeters>(
    tx: &mut Tx,
    grant: &Granted<P>,
) -> Result<HashMap<MeterKey, Aggregation>, Error> {
    let custom = custom(tx, grant).await?.into_iter().map(|meter| (meter.key, meter.aggregation));
    Ok(custom.chain(BuiltIn::ALL.map(|meter| (meter.key(), meter.aggregation()))).collect())
}

/// Adds a meter, unless there is one of its key.
pub async fn insert(tx: &mut WriteTx, grant: &Granted<MetersWrite>, meter: &CustomMeter) -> Result<bool, Error> {
    grant.check(tx)?;
    let prices = prices(meter)?;
    let made: Option<String> = on!(tx, c => sqlx::query_scalar(INSERT)
        .bind(meter.key.as_str())
        .bind(&meter.label)
        .bind(&meter.unit)
        .bind(meter.aggregation.name())
        .bind(&prices)
        .bind(meter.created_at.micros())
        .fetch_optional(c).await)?;
    Ok(made.is_some())
}

/// Changes all of a meter but its key and how it aggregates, and answers its version.
pub async fn update(tx: &mut WriteTx, grant: &Granted<MetersWrite>, meter: &CustomMeter) -> Result<Option<i64>, Error> {
    grant.check(tx)?;
    let prices = prices(meter)?;
    on!(tx, c => sqlx::query_scalar(UPDATE)
        .bind(meter.key.as_str())
        .bind(&meter.label)
        .bind(&meter.unit)
        .bind(&prices)
        .bind(meter.archived)
        .fetch_optional(c).await)
}

fn prices(meter: &CustomMeter) -> Result<String, Error> {
    read(serde_json::to_string(&meter.prices).ok(), "meter", "prices", meter.key.as_str())
}

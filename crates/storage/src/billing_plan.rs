//! Plans that organizations can be on.

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{
    BillingRead, BillingSettle, BillingWrite, OrgAdminRead, OrgAdminWrite, OrgProfileRead, PlansRead, PlansWrite,
    UsageRead,
};
use domain::billing::{Buyer, Plan, PlanKey, PlanRow};
use domain::money::Currency;

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

queries! {
    ALL_PLANS = "SELECT p.key, p.name, p.currency, p.price, p.included, p.overage, p.trial_days, p.buyer, p.archived,
            p.version, p.created_at, (SELECT COUNT(*) FROM subscription s WHERE s.plan = p.key) AS organizations
        FROM billing_plan p ORDER BY p.archived, p.name, p.key";
    INSERT = "INSERT INTO billing_plan
        (key, name, currency, price, included, overage, trial_days, buyer, archived, version, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, FALSE, 1, $9) ON CONFLICT (key) DO NOTHING RETURNING key";
    UPDATE = "UPDATE billing_plan SET name = $2, price = $3, included = $4, overage = $5, trial_days = $6, buyer = $7,
            archived = $8, version = version + 1
        WHERE key = $1 RETURNING version";
}

/// What may know which plans there are.
pub trait KnowsPlans: Capability {}
impl KnowsPlans for PlansRead {}
impl KnowsPlans for PlansWrite {}
impl KnowsPlans for BillingRead {}
impl KnowsPlans for BillingWrite {}
impl KnowsPlans for BillingSettle {}
impl KnowsPlans for UsageRead {}
impl KnowsPlans for OrgAdminRead {}
impl KnowsPlans for OrgAdminWrite {}
impl KnowsPlans for OrgProfileRead {}

#[derive(sqlx::FromRow)]
struct Row {
    key: String,
    name: String,
    currency: String,
    price: i64,
    included: String,
    overage: String,
    trial_days: i64,
    buyer: String,
    archived: bool,
    version: i64,
    created_at: i64,
    organizations: i64,
}

impl TryFrom<Row> for PlanRow {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        const TABLE: &str = "billing_plan";
        let plan = Plan {
            key: read(PlanKey::parse(&row.key), TABLE, "key", &row.key)?,
            currency: read(Currency::parse(&row.currency).ok(), TABLE, "currency", &row.key)?,
            included: read(serde_json::from_str(&row.included).ok(), TABLE, "included", &row.key)?,
            overage: read(serde_json::from_str(&row.overage).ok(), TABLE, "overage", &row.key)?,
            buyer: read(Buyer::from_name(&row.buyer), TABLE, "buyer", &row.key)?,
            name: row.name,
            price: row.price,
            trial_days: row.trial_days,
            archived: row.archived,
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
        };
        Ok(Self { plan, organizations: row.organizations })
    }
}

/// Every plan by name, archived ones last.
pub async fn all<P: KnowsPlans>(tx: &mut Tx, _grant: &Granted<P>) -> Result<Vec<PlanRow>, Error> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(ALL_PLANS).fetch_all(c).await)?;
    rows.into_iter().map(PlanRow::try_from).collect()
}

pub async fn find<P: KnowsPlans>(tx: &mut Tx, grant: &Granted<P>, key: &str) -> Result<Option<PlanRow>, Error> {
    Ok(all(tx, grant).await?.into_iter().find(|row| row.plan.key.as_str() == key))
}

/// Adds a plan, unless there is one of its key.
pub async fn insert(tx: &mut WriteTx, grant: &Granted<PlansWrite>, plan: &Plan) -> Result<bool, Error> {
    grant.check(tx)?;
    let (included, overage) = texts(plan)?;
    let made: Option<String> = on!(tx, c => sqlx::query_scalar(INSERT)
        .bind(plan.key.as_str())
        .bind(&plan.name)
        .bind(plan.currency.code())
        .bind(plan.price)
        .bind(&included)
        .bind(&overage)
        .bind(plan.trial_days)
        .bind(plan.buyer.name())
        .bind(plan.created_at.micros())
        .fetch_optional(c).await)?;
    Ok(made.is_some())
}

/// Changes all of a plan but its key and currency, and answers its version.
pub async fn update(tx: &mut WriteTx, grant: &Granted<PlansWrite>, plan: &Plan) -> Result<Option<i64>, Error> {
    grant.check(tx)?;
    let (included, overage) = texts(plan)?;
    on!(tx, c => sqlx::query_scalar(UPDATE)
        .bind(plan.key.as_str())
        .bind(&plan.name)
        .bind(plan.price)
        .bind(&included)
        .bind(&overage)
        .bind(plan.trial_days)
        .bind(plan.buyer.name())
        .bind(plan.archived)
        .fetch_optional(c).await)
}

fn texts(plan: &Plan) -> Result<(String, String), Error> {
    let included = serde_json::to_string(&plan.included).ok();
    let overage = serde_json::to_string(&plan.overage).ok();
    let key = plan.key.as_str();
    Ok((read(included, "billing_plan", "included", key)?, read(overage, "billing_plan", "overage", key)?))
}

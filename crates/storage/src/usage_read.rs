//! What organizations used, read from the roll-ups: no answer takes longer for more events.

use domain::authz::Capability;
use domain::authz::cap::{UsageLimitsWrite, UsageRead, UsageWrite};
use domain::id::WorkspaceId;
use domain::usage::{Day, MeterKey};

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::Tx;

queries! {
    TOTALS = "SELECT meter, day, value FROM usage_total WHERE org_id = $1 AND day >= $2 AND day <= $3 ORDER BY meter, day";
    OF_WORKSPACE = "SELECT meter, day, value FROM usage_day
        WHERE org_id = $1 AND workspace_id = $2 AND day >= $3 AND day <= $4 ORDER BY meter, day";
    FED = "SELECT meter FROM usage_total WHERE org_id = $1 AND meter <> 'user_count' LIMIT 1";
    BY_WORKSPACE = "SELECT workspace_id, meter, CAST(SUM(value) AS BIGINT) AS value FROM usage_day
        WHERE org_id = $1 AND day >= $2 AND day <= $3 AND workspace_id <> '' GROUP BY workspace_id, meter";
}

/// What may see an organization's use.
pub trait SeesUsage: Capability {}
impl SeesUsage for UsageRead {}
impl SeesUsage for UsageLimitsWrite {}
impl SeesUsage for UsageWrite {}

/// A meter's value on a day.
pub type DayValue = (MeterKey, Day, i64);

fn values(rows: Vec<(String, i64, i64)>, org: &str) -> Result<Vec<DayValue>, Error> {
    let rows = rows.into_iter().map(|(meter, day, value)| {
        Ok((read(MeterKey::parse(&meter), "usage_total", "meter", org)?, Day::from_number(day), value))
    });
    rows.collect()
}

/// Every meter's days of the organization, both ends included.
pub async fn totals<P: SeesUsage>(
    tx: &mut Tx,
    grant: &Granted<P>,
    first: Day,
    last: Day,
) -> Result<Vec<DayValue>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, i64, i64)> = on!(tx, c => sqlx::query_as(TOTALS)
        .bind(&org).bind(first.number()).bind(last.number()).fetch_all(c).await)?;
    values(rows, &org)
}

/// The same of one workspace.
pub async fn of_workspace<P: SeesUsage>(
    tx: &mut Tx,
    grant: &Granted<P>,
    workspace: WorkspaceId,
    first: Day,
    last: Day,
) -> Result<Vec<DayValue>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, i64, i64)> = on!(tx, c => sqlx::query_as(OF_WORKSPACE)
        .bind(&org).bind(workspace.to_string()).bind(first.number()).bind(last.number()).fetch_all(c).await)?;
    values(rows, &org)
}

/// Whether anything was ever told of the organization; its members don't count, of whom we tell ourselves.
pub async fn is_fed(tx: &mut Tx, grant: &Granted<UsageRead>) -> Result<bool, Error> {
    let org = grant.org(tx)?.id.to_string();
    let meter: Option<String> = on!(tx, c => sqlx::query_scalar(FED).bind(org).fetch_optional(c).await)?;
    Ok(meter.is_some())
}

/// The sum of each workspace's days, a meter at a time; also of workspaces that are gone.
pub async fn by_workspace(
    tx: &mut Tx,
    grant: &Granted<UsageRead>,
    first: Day,
    last: Day,
) -> Result<Vec<(WorkspaceId, MeterKey, i64)>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, String, i64)> = on!(tx, c => sqlx::query_as(BY_WORKSPACE)
        .bind(&org).bind(first.number()).bind(last.number()).fetch_all(c).await)?;
    let rows = rows.into_iter().map(|(workspace, meter, value)| {
        Ok((
            read(workspace.parse().ok(), "usage_day", "workspace_id", &org)?,
            read(MeterKey::parse(&meter), "usage_day", "meter", &org)?,
            value,
        ))
    });
    rows.collect()
}

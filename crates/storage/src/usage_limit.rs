//! Limits on use: what they are, what they are held against, which steps were mailed, which caps are in force.

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{BillingSettle, BillingWrite, UsageLimitsWrite, UsageRead, WorkspacesRead, WorkspacesWrite};
use domain::billing::Cycle;
use domain::id::{OrgId, PersonId, WorkspaceId};
use domain::usage::{Day, Dimension, Limit, LimitAction};

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};
use crate::usage;

queries! {
    LIMITS = "SELECT dimension, value, action, version FROM usage_limit WHERE org_id = $1";
    /// What has no limit any more keeps its row, so that versions are never used twice.
    SET = "INSERT INTO usage_limit (org_id, dimension, value, action, version, updated_at) VALUES ($1, $2, $3, $4, 1, $5)
        ON CONFLICT (org_id, dimension) DO UPDATE SET value = excluded.value, action = excluded.action,
            version = usage_limit.version + 1, updated_at = excluded.updated_at
        RETURNING version";
    COMPUTE = "SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM usage_total
        WHERE org_id = $1 AND meter IN ('db_execution_ms', 'process_execution_ms') AND day >= $2 AND day <= $3";
    /// Of each workspace and meter the last reading of today, or of yesterday.
    STORAGE = "SELECT CAST(COALESCE(SUM(d.value), 0) AS BIGINT) FROM usage_day d
        WHERE d.org_id = $1 AND d.meter IN ('db_volume_bytes', 'process_log_bytes', 'snapshot_storage_bytes')
            AND (d.day = $2 OR (d.day = $3 AND NOT EXISTS (SELECT 1 FROM usage_day t WHERE t.org_id = d.org_id
                AND t.workspace_id = d.workspace_id AND t.meter = d.meter AND t.day = $2)))";
    MEMBERS = "SELECT COUNT(*) FROM member WHERE org_id = $1 AND role <> 'external' AND state IN ('active', 'frozen')";
    CAPS = "SELECT dimension, since FROM usage_cap WHERE org_id = $1";
    CAP = "INSERT INTO usage_cap (org_id, dimension, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING since";
    LIFT = "DELETE FROM usage_cap WHERE org_id = $1 AND dimension = $2 RETURNING since";
    STEP = "INSERT INTO usage_step (org_id, dimension, cycle, value, percent, at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING RETURNING percent";
    STEPS = "SELECT percent FROM usage_step WHERE org_id = $1 AND dimension = $2 AND cycle = $3 AND value = $4
        ORDER BY percent";
    DUE = "SELECT org_id FROM usage_change ORDER BY since, org_id LIMIT $1";
    TAKE = "DELETE FROM usage_change WHERE org_id = $1 RETURNING since";
    FORGET = "DELETE FROM usage_change WHERE org_id = $1";
    ANY_CAP = "SELECT org_id FROM usage_cap LIMIT 1";
    LOOK_AT_CAPPED = "INSERT INTO usage_change (org_id, since) SELECT DISTINCT org_id, CAST($1 AS BIGINT) FROM usage_cap WHERE TRUE
        ON CONFLICT (org_id) DO NOTHING";
    OWNERS = "SELECT p.id, p.email, p.name FROM member m JOIN person p ON p.id = m.person_id
        WHERE m.org_id = $1 AND m.role = 'owner' AND m.state = 'active' ORDER BY p.name, p.id";
    AWAKE = "SELECT id, name FROM workspace WHERE org_id = $1 AND state = 'active' ORDER BY name";
    ASLEEP = "SELECT COUNT(*) FROM workspace WHERE org_id = $1 AND state = 'asleep'";
    NAMES = "SELECT id, name FROM workspace WHERE org_id = $1";
}

/// What may see limits.
pub trait SeesLimits: Capability {}
impl SeesLimits for UsageRead {}
impl SeesLimits for UsageLimitsWrite {}
impl SeesLimits for BillingWrite {}
impl SeesLimits for BillingSettle {}

/// A dimension's limit as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub limit: Option<Limit>,
    /// 0 before the first change.
    pub version: i64,
}

/// Each dimension's limit.
pub async fn limits<P: SeesLimits>(tx: &mut Tx, grant: &Granted<P>) -> Result<[Kept; 3], Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, i64, String, i64)> = on!(tx, c => sqlx::query_as(LIMITS).bind(&org).fetch_all(c).await)?;
    let mut limits = [Kept { limit: None, version: 0 }; 3];
    for (dimension, value, action, version) in rows {
        let dimension = read(Dimension::from_name(&dimension), "usage_limit", "dimension", &org)?;
        let action = read(LimitAction::from_name(&action), "usage_limit", "action", &org)?;
        let limit = (value > 0).then_some(Limit { dimension, value, action });
        limits[dimension as usize] = Kept { limit, version };
    }
    Ok(limits)
}

/// Sets a limit, or with `None` takes it away, has it looked at, and answers its version.
pub async fn set(
    tx: &mut WriteTx,
    grant: &Granted<UsageLimitsWrite>,
    dimension: Dimension,
    limit: Option<(i64, LimitAction)>,
) -> Result<i64, Error> {
    let (org, now) = (grant.org(tx)?.id, tx.now().micros());
    let (value, action) = limit.unwrap_or((0, LimitAction::Warn));
    usage::touch(tx, org).await?;
    on!(tx, c => sqlx::query_scalar(SET)
        .bind(org.to_string())
        .bind(dimension.name())
        .bind(value)
        .bind(action.name())
        .bind(now)
        .fetch_one(c).await)
}

/// What a limit is held against: the cycle's compute, the storage of now, the members of now.
pub async fn used<P: SeesLimits>(
    tx: &mut Tx,
    grant: &Granted<P>,
    dimension: Dimension,
    cycle: Cycle,
    today: Day,
) -> Result<i64, Error> {
    let org = grant.org(tx)?.id.to_string();
    match dimension {
        Dimension::Compute => {
            let (first, last) = (cycle.start.number(), cycle.end.number() - 1);
            on!(tx, c => sqlx::query_scalar(COMPUTE).bind(org).bind(first).bind(last).fetch_one(c).await)
        }
        Dimension::Storage => {
            let (today, yesterday) = (today.number(), today.number() - 1);
            on!(tx, c => sqlx::query_scalar(STORAGE).bind(org).bind(today).bind(yesterday).fetch_one(c).await)
        }
        Dimension::Users => on!(tx, c => sqlx::query_scalar(MEMBERS).bind(org).fetch_one(c).await),
    }
}

/// What may see which caps are in force.
pub trait SeesCaps: Capability {}
impl SeesCaps for UsageRead {}
impl SeesCaps for UsageLimitsWrite {}
impl SeesCaps for WorkspacesRead {}
impl SeesCaps for WorkspacesWrite {}

/// Caps in force, and since when.
pub async fn caps<P: SeesCaps>(tx: &mut Tx, grant: &Granted<P>) -> Result<Vec<(Dimension, Timestamp)>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, i64)> = on!(tx, c => sqlx::query_as(CAPS).bind(&org).fetch_all(c).await)?;
    rows.into_iter()
        .map(|(dimension, since)| {
            let dimension = read(Dimension::from_name(&dimension), "usage_cap", "dimension", &org)?;
            Ok((dimension, Timestamp::from_micros(since)))
        })
        .collect()
}

/// Whether a cap on `dimension` is in force.
pub async fn is_capped<P: SeesCaps>(tx: &mut Tx, grant: &Granted<P>, dimension: Dimension) -> Result<bool, Error> {
    Ok(caps(tx, grant).await?.iter().any(|(capped, _)| *capped == dimension))
}

/// Puts a cap in force, or lifts it; `false` when that is how it was.
pub async fn set_cap(
    tx: &mut WriteTx,
    grant: &Granted<UsageLimitsWrite>,
    dimension: Dimension,
    capped: bool,
) -> Result<bool, Error> {
    let (org, now) = (grant.org(tx)?.id.to_string(), tx.now().micros());
    let changed: Option<i64> = match capped {
        true => on!(tx, c => sqlx::query_scalar(CAP)
            .bind(org).bind(dimension.name()).bind(now).fetch_optional(c).await)?,
        false => on!(tx, c => sqlx::query_scalar(LIFT).bind(org).bind(dimension.name()).fetch_optional(c).await)?,
    };
    Ok(changed.is_some())
}

/// Notes that a step is mailed; `false` when it was before, in this cycle and for this limit.
pub async fn take_step(
    tx: &mut WriteTx,
    grant: &Granted<UsageLimitsWrite>,
    limit: &Limit,
    cycle: Cycle,
    percent: i64,
) -> Result<bool, Error> {
    let (org, now) = (grant.org(tx)?.id.to_string(), tx.now().micros());
    let taken: Option<i64> = on!(tx, c => sqlx::query_scalar(STEP)
        .bind(org)
        .bind(limit.dimension.name())
        .bind(cycle.start.number())
        .bind(limit.value)
        .bind(percent)
        .bind(now)
        .fetch_optional(c).await)?;
    Ok(taken.is_some())
}

/// The steps that were mailed in this cycle and for this limit.
pub async fn steps<P: SeesLimits>(
    tx: &mut Tx,
    grant: &Granted<P>,
    limit: &Limit,
    cycle: Cycle,
) -> Result<Vec<i64>, Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query_scalar(STEPS)
        .bind(org).bind(limit.dimension.name()).bind(cycle.start.number()).bind(limit.value).fetch_all(c).await)
}

/// Organizations whose use or limits changed, the longest ago first.
pub async fn due(tx: &mut Tx, limit: i64) -> Result<Vec<OrgId>, Error> {
    let ids: Vec<String> = on!(tx, c => sqlx::query_scalar(DUE).bind(limit).fetch_all(c).await)?;
    ids.iter().map(|id| read(id.parse().ok(), "usage_change", "org_id", id)).collect()
}

/// Takes a change for this transaction, after everyone who is about to make another; `false` when somebody else was
/// faster. What is read afterwards is what there was by then.
pub async fn take(tx: &mut WriteTx, grant: &Granted<UsageLimitsWrite>) -> Result<bool, Error> {
    let org = grant.org(tx)?.id.to_string();
    let since: Option<i64> = on!(tx, c => sqlx::query_scalar(TAKE).bind(org).fetch_optional(c).await)?;
    Ok(since.is_some())
}

/// The organization is gone.
pub async fn forget(tx: &mut WriteTx, org: OrgId) -> Result<(), Error> {
    on!(tx, c => sqlx::query(FORGET).bind(org.to_string()).execute(c).await.map(drop))
}

/// Whether some organization has a cap in force; a plain read.
pub async fn any_cap(tx: &mut Tx) -> Result<bool, Error> {
    let org: Option<String> = on!(tx, c => sqlx::query_scalar(ANY_CAP).fetch_optional(c).await)?;
    Ok(org.is_some())
}

/// Has every organization with a cap looked at: its cycle may have turned.
pub async fn look_at_capped(tx: &mut WriteTx) -> Result<(), Error> {
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(LOOK_AT_CAPPED).bind(now).execute(c).await.map(drop))
}

/// Id, address and name of each active owner.
pub async fn owners<P: SeesLimits>(tx: &mut Tx, grant: &Granted<P>) -> Result<Vec<(PersonId, String, String)>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, String, String)> = on!(tx, c => sqlx::query_as(OWNERS).bind(org).fetch_all(c).await)?;
    rows.into_iter().map(|(id, email, name)| Ok((read(id.parse().ok(), "person", "id", &id)?, email, name))).collect()
}

/// Names of the workspaces that are awake, and how many sleep.
pub async fn awake<P: SeesLimits>(tx: &mut Tx, grant: &Granted<P>) -> Result<(Vec<String>, u64), Error> {
    let org = grant.org(tx)?.id.to_string();
    let awake: Vec<(String, String)> = on!(tx, c => sqlx::query_as(AWAKE).bind(&org).fetch_all(c).await)?;
    let asleep: i64 = on!(tx, c => sqlx::query_scalar(ASLEEP).bind(&org).fetch_one(c).await)?;
    Ok((awake.into_iter().map(|(_, name)| name).collect(), asleep.unsigned_abs()))
}

/// Names of all workspaces, archived ones too.
pub async fn workspace_names(tx: &mut Tx, grant: &Granted<UsageRead>) -> Result<Vec<(WorkspaceId, String)>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, String)> = on!(tx, c => sqlx::query_as(NAMES).bind(org).fetch_all(c).await)?;
    rows.into_iter().map(|(id, name)| Ok((read(id.parse().ok(), "workspace", "id", &id)?, name))).collect()
}

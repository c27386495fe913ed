//! Counting people, for one organization or all of them.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::authz::cap::{OrgAdminRead, StatsRead};
use domain::people::Role;
use domain::stats::{OrgStats, RoleCount};

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::Tx;

/// People who were there at `$1`, by role; a membership counts as active until it is revoked.
macro_rules! people {
    ($where:literal) => {
        concat!(
            "SELECT o.handle, m.role,
                CAST(SUM(CASE WHEN m.revoked_at IS NULL OR m.revoked_at > $1 THEN 1 ELSE 0 END) AS BIGINT) AS active,
                CAST(SUM(CASE WHEN m.revoked_at <= $1 THEN 1 ELSE 0 END) AS BIGINT) AS revoked
            FROM organization o LEFT JOIN member m ON m.org_id = o.id AND m.created_at <= $1
            WHERE o.created_at <= $1 AND ",
            $where,
            " GROUP BY o.handle, m.role"
        )
    };
}

queries! {
    ONE = people!("o.id = $2");
    ALL_ORGS = people!("o.state IN ('pending_bootstrap', 'active')");
}

#[derive(sqlx::FromRow)]
struct Row {
    handle: String,
    role: Option<String>,
    active: i64,
    revoked: i64,
}

/// By handle, in the order of its bytes.
fn collect(rows: Vec<Row>) -> Result<BTreeMap<String, OrgStats>, Error> {
    let mut found: BTreeMap<String, OrgStats> = BTreeMap::new();
    for row in rows {
        let stats = found.entry(row.handle.clone()).or_default();
        // No role: the organization has nobody.
        let Some(role) = row.role else { continue };
        let count = RoleCount { active: row.active, revoked: row.revoked };
        match read(Role::from_name(&role), "member", "role", &row.handle)? {
            Role::Owner => stats.owners = count,
            Role::Member => stats.members = count,
            Role::External => stats.externals = count,
        }
    }
    Ok(found)
}

pub async fn of_org(tx: &mut Tx, grant: &Granted<OrgAdminRead>, at: Timestamp) -> Result<OrgStats, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(ONE).bind(at.micros()).bind(org).fetch_all(c).await)?;
    Ok(collect(rows)?.into_values().next().unwrap_or_default())
}

/// Every open organization that existed at `at`, by handle.
pub async fn of_all(
    tx: &mut Tx,
    grant: &Granted<StatsRead>,
    at: Timestamp,
) -> Result<BTreeMap<String, OrgStats>, Error> {
    grant.check(tx)?;
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(ALL_ORGS).bind(at.micros()).fetch_all(c).await)?;
    collect(rows)
}

//! Workspaces of organizations.

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{OrgAdminWrite, OrgDelete, OrgProfileWrite, WorkspacesRead, WorkspacesWrite};
use domain::id::{OrgId, WorkspaceId};
use domain::workspace::{WorkspaceName, WorkspaceState, WorkspacesQuery};

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::job::Lease;
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

queries! {
    INSERT = "INSERT INTO workspace (id, org_id, name, state, version, created_at, capped) VALUES ($1, $2, $3, $5, 1, $4, $6)
        ON CONFLICT (org_id, name) DO NOTHING RETURNING id";
    PAGE = "SELECT id, name, state, version, created_at, archived_at FROM workspace
        WHERE org_id = $1 AND name > $2 AND name LIKE $3 AND (CAST($4 AS TEXT) IS NULL OR state = $4)
        ORDER BY name LIMIT $5";
    FIND = "SELECT id, name, state, version, created_at, archived_at FROM workspace WHERE org_id = $1 AND id = $2";
    NAMED = "SELECT id FROM workspace WHERE org_id = $1 AND name = $2";
    RENAME = "UPDATE workspace SET name = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING version";
    SET_STATE = "UPDATE workspace SET state = $3, archived_at = $4, capped = FALSE, version = version + 1
        WHERE org_id = $1 AND id = $2 RETURNING version";
    DELETE = "DELETE FROM workspace WHERE org_id = $1 AND id = $2 RETURNING id";
    MOVED = "UPDATE workspace SET version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING version";
    TO_CAP = "UPDATE workspace SET state = 'asleep', capped = TRUE, version = version + 1
        WHERE org_id = $1 AND id IN (SELECT id FROM workspace WHERE org_id = $1 AND state = 'active' ORDER BY id LIMIT $2)
        RETURNING id, name, state, version, created_at, archived_at";
    TO_UNCAP = "UPDATE workspace SET state = 'active', capped = FALSE, version = version + 1
        WHERE org_id = $1 AND id IN (SELECT id FROM workspace WHERE org_id = $1 AND capped ORDER BY id LIMIT $2)
        RETURNING id, name, state, version, created_at, archived_at";
    ALL_NAMES = "SELECT id, name FROM workspace WHERE org_id = $1 ORDER BY name";
}

/// A workspace as it is kept.
#[derive(Debug, Clone)]
pub struct Stored {
    pub id: WorkspaceId,
    pub name: WorkspaceName,
    pub state: WorkspaceState,
    pub version: i64,
    pub created_at: Timestamp,
    pub archived_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    state: String,
    version: i64,
    created_at: i64,
    archived_at: Option<i64>,
}

impl TryFrom<Row> for Stored {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        const TABLE: &str = "workspace";
        Ok(Self {
            id: read(row.id.parse().ok(), TABLE, "id", &row.id)?,
            name: read(WorkspaceName::parse(&row.name).ok(), TABLE, "name", &row.id)?,
            state: read(WorkspaceState::from_name(&row.state), TABLE, "state", &row.id)?,
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
            archived_at: row.archived_at.map(Timestamp::from_micros),
        })
    }
}

/// Adds a workspace, unless its name is taken; asleep when a cap lets none be awake.
pub async fn insert(
    tx: &mut WriteTx,
    grant: &Granted<WorkspacesWrite>,
    id: WorkspaceId,
    name: &WorkspaceName,
    capped: bool,
) -> Result<bool, Error> {
    let org = grant.org(tx)?.id.to_string();
    let now = tx.now().micros();
    let state = if capped { WorkspaceState::Asleep } else { WorkspaceState::Active };
    let made: Option<String> = on!(tx, c => sqlx::query_scalar(INSERT)
        .bind(id.to_string())
        .bind(org)
        .bind(name.as_str())
        .bind(now)
        .bind(state.name())
        .bind(capped)
        .fetch_optional(c).await)?;
    Ok(made.is_some())
}

/// At most `limit` that `query` asks for, by name.
pub async fn page(
    tx: &mut Tx,
    grant: &Granted<WorkspacesRead>,
    query: &WorkspacesQuery,
    limit: i64,
) -> Result<Vec<Stored>, Error> {
    let org = grant.org(tx)?.id;
    some(tx, org, query, limit).await
}

async fn some(tx: &mut Tx, org: OrgId, query: &WorkspacesQuery, limit: i64) -> Result<Vec<Stored>, Error> {
    // What no name can hold stands for itself in no pattern.
    let search = query.search.to_ascii_lowercase();
    let pattern = match search.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        true => format!("%{search}%"),
        false => String::new(),
    };
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(org.to_string())
        .bind(query.after.clone().unwrap_or_default())
        .bind(&pattern)
        .bind(query.state.map(WorkspaceState::name))
        .bind(limit)
        .fetch_all(c).await)?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// What may see one workspace.
pub trait SeesWorkspace: Capability {}
impl SeesWorkspace for WorkspacesRead {}
impl SeesWorkspace for WorkspacesWrite {}

pub async fn find<P: SeesWorkspace>(tx: &mut Tx, grant: &Granted<P>, id: WorkspaceId) -> Result<Option<Stored>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(org).bind(id.to_string()).fetch_optional(c).await)?;
    row.map(Stored::try_from).transpose()
}

/// Gives a workspace another name and answers its version; `None` when another has the name. The organization is locked,
/// so that nobody takes it between.
pub async fn rename(
    tx: &mut WriteTx,
    grant: &Granted<WorkspacesWrite>,
    id: WorkspaceId,
    name: &WorkspaceName,
) -> Result<Option<i64>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let taken: Option<String> =
        on!(tx, c => sqlx::query_scalar(NAMED).bind(&org).bind(name.as_str()).fetch_optional(c).await)?;
    if taken.is_some_and(|other| other != id.to_string()) {
        return Ok(None);
    }
    on!(tx, c => sqlx::query_scalar(RENAME)
        .bind(&org).bind(id.to_string()).bind(name.as_str()).fetch_optional(c).await)
}

/// Moves a workspace into `state` and answers its version.
pub async fn set_state(
    tx: &mut WriteTx,
    grant: &Granted<WorkspacesWrite>,
    id: WorkspaceId,
    state: WorkspaceState,
) -> Result<Option<i64>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let archived_at = (state == WorkspaceState::Archived).then(|| tx.now().micros());
    on!(tx, c => sqlx::query_scalar(SET_STATE)
        .bind(org).bind(id.to_string()).bind(state.name()).bind(archived_at).fetch_optional(c).await)
}

pub async fn delete(tx: &mut WriteTx, grant: &Granted<WorkspacesWrite>, id: WorkspaceId) -> Result<bool, Error> {
    let org = grant.org(tx)?.id.to_string();
    let gone: Option<String> =
        on!(tx, c => sqlx::query_scalar(DELETE).bind(org).bind(id.to_string()).fetch_optional(c).await)?;
    Ok(gone.is_some())
}

/// Has some workspaces sleep for a cap, or wakes those that slept for one, and answers them as they are then.
pub async fn cap_some(
    tx: &mut WriteTx,
    grant: &Granted<WorkspacesWrite>,
    capped: bool,
    limit: i64,
) -> Result<Vec<Stored>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let sql = if capped { TO_CAP } else { TO_UNCAP };
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(sql).bind(org).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// What a plan lists of workspaces.
pub trait PlansWorkspaces: Capability {}
impl PlansWorkspaces for OrgDelete {}
impl PlansWorkspaces for OrgProfileWrite {}
impl PlansWorkspaces for OrgAdminWrite {}

/// Id and name of every workspace, by name.
pub async fn names<P: PlansWorkspaces>(
    tx: &mut Tx,
    grant: &Granted<P>,
) -> Result<Vec<(WorkspaceId, WorkspaceName)>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, String)> = on!(tx, c => sqlx::query_as(ALL_NAMES).bind(org).fetch_all(c).await)?;
    rows.into_iter()
        .map(|(id, name)| {
            Ok((
                read(id.parse().ok(), "workspace", "id", &id)?,
                read(WorkspaceName::parse(&name).ok(), "workspace", "name", &id)?,
            ))
        })
        .collect()
}

/// A batch of an organization's workspaces after a name, for the lease's job.
pub async fn batch(tx: &mut Tx, _lease: &Lease, org: OrgId, after: &str, limit: i64) -> Result<Vec<Stored>, Error> {
    let query = WorkspacesQuery { after: Some(after.to_owned()), ..WorkspacesQuery::default() };
    some(tx, org, &query, limit).await
}

/// Counts a change that came from outside the workspace, such as its DNS name's, and answers the version.
pub async fn moved(tx: &mut WriteTx, _lease: &Lease, org: OrgId, id: WorkspaceId) -> Result<Option<i64>, Error> {
    on!(tx, c => sqlx::query_scalar(MOVED).bind(org.to_string()).bind(id.to_string()).fetch_optional(c).await)
}

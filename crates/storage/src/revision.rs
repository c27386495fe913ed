//! Revisions of an organization's settings.

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{OrgAdminRead, OrgAdminWrite, OrgCreate, RevisionRedact};
use domain::id::OrgId;
use domain::people::Viewer;
use domain::revision::RevisionRow;
use domain::settings::{Settings, field};

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::org::{from_json, to_json};
use crate::tx::{Tx, WriteTx};

#[derive(Debug)]
pub struct NewRevision<'a> {
    pub version: i64,
    pub author: Option<&'a Viewer>,
    pub reason: Option<&'a str>,
    pub settings: &'a Settings,
    /// Field names.
    pub changed: &'a [String],
    pub restored_from: Option<i64>,
}

#[derive(Debug)]
pub struct StoredRevision {
    pub row: RevisionRow,
    pub settings: Settings,
}

queries! {
    INSERT = "INSERT INTO revision
        (org_id, version, at, author_id, author_name, reason, settings, changed, restored_from)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    NEWEST = "SELECT version, at, author_name, reason, changed, restored_from, redacted_at
        FROM revision WHERE org_id = $1 ORDER BY version DESC LIMIT $2";
    ONE = "SELECT version, at, author_name, reason, changed, restored_from, redacted_at, settings
        FROM revision WHERE org_id = $1 AND version = $2";
    VERSIONS = "SELECT version FROM revision WHERE org_id = $1 ORDER BY version DESC LIMIT $2";
    REDACT = "UPDATE revision SET settings = $3, redacted_at = $4 WHERE org_id = $1 AND version = $2";
}

/// Who stands as author of what no person did.
const NOBODY: &str = "Tenantry";

async fn insert_for(tx: &mut WriteTx, org: OrgId, revision: &NewRevision<'_>) -> Result<(), Error> {
    let now = tx.now().micros();
    let settings = to_json(revision.settings, org)?;
    let changed = read(serde_json::to_string(revision.changed).ok(), "revision", "changed", org)?;
    on!(tx, c => sqlx::query(INSERT)
        .bind(org.to_string())
        .bind(revision.version)
        .bind(now)
        .bind(revision.author.map(|author| author.id.to_string()))
        .bind(revision.author.map_or(NOBODY, |author| author.name.as_str()))
        .bind(revision.reason)
        .bind(&settings)
        .bind(&changed)
        .bind(revision.restored_from)
        .execute(c).await.map(drop))?;
    Ok(())
}

pub async fn insert(tx: &mut WriteTx, grant: &Granted<OrgAdminWrite>, revision: &NewRevision<'_>) -> Result<(), Error> {
    let org = grant.org(tx)?.id;
    insert_for(tx, org, revision).await
}

/// The revision that a new organization begins with.
pub async fn insert_first(
    tx: &mut WriteTx,
    grant: &Granted<OrgCreate>,
    org: OrgId,
    settings: &Settings,
) -> Result<(), Error> {
    grant.check(tx)?;
    let author = grant.viewer().ok().cloned();
    let first =
        NewRevision { version: 1, author: author.as_ref(), reason: None, settings, changed: &[], restored_from: None };
    insert_for(tx, org, &first).await
}

#[derive(sqlx::FromRow)]
struct Row {
    version: i64,
    at: i64,
    author_name: String,
    reason: Option<String>,
    changed: String,
    restored_from: Option<i64>,
    redacted_at: Option<i64>,
    #[sqlx(default)]
    settings: String,
}

fn revision_row(row: &Row, org: OrgId) -> Result<RevisionRow, Error> {
    let changed: Vec<String> = read(serde_json::from_str(&row.changed).ok(), "revision", "changed", org)?;
    Ok(RevisionRow {
        version: row.version,
        author: row.author_name.clone(),
        at: Timestamp::from_micros(row.at),
        reason: row.reason.clone(),
        changed: changed.iter().map(|name| field::label(name).to_owned()).collect(),
        restored_from: row.restored_from,
        redacted_at: row.redacted_at.map(Timestamp::from_micros),
    })
}

/// What may read the history.
pub trait ReadsRevisions: Capability {}
impl ReadsRevisions for OrgAdminRead {}
impl ReadsRevisions for OrgAdminWrite {}
impl ReadsRevisions for RevisionRedact {}

pub async fn newest(tx: &mut Tx, grant: &Granted<OrgAdminRead>, limit: i64) -> Result<Vec<RevisionRow>, Error> {
    let org = grant.org(tx)?.id;
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(NEWEST).bind(org.to_string()).bind(limit).fetch_all(c).await)?;
    rows.iter().map(|row| revision_row(row, org)).collect()
}

pub async fn versions(tx: &mut Tx, grant: &Granted<OrgAdminRead>, limit: i64) -> Result<Vec<i64>, Error> {
    let org = grant.org(tx)?.id;
    on!(tx, c => sqlx::query_scalar(VERSIONS).bind(org.to_string()).bind(limit).fetch_all(c).await)
}

pub async fn find<P: ReadsRevisions>(
    tx: &mut Tx,
    grant: &Granted<P>,
    version: i64,
) -> Result<Option<StoredRevision>, Error> {
    let org = grant.org(tx)?.id;
    let row: Option<Row> =
        on!(tx, c => sqlx::query_as(ONE).bind(org.to_string()).bind(version).fetch_optional(c).await)?;
    row.map(|row| Ok(StoredRevision { row: revision_row(&row, org)?, settings: from_json(&row.settings, org)? }))
        .transpose()
}

/// Replaces a past revision's settings by a text without its secrets.
pub async fn redact(
    tx: &mut WriteTx,
    grant: &Granted<RevisionRedact>,
    version: i64,
    settings: &Settings,
) -> Result<(), Error> {
    let org = grant.org(tx)?.id;
    let now = tx.now().micros();
    let text = to_json(settings, org)?;
    on!(tx, c => sqlx::query(REDACT).bind(org.to_string()).bind(version).bind(&text).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

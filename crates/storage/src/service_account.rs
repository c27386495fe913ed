//! Service accounts of organizations.

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{ServiceAccountsRead, ServiceAccountsWrite};
use domain::id::ServiceAccountId;
use domain::people::Role;
use domain::service_account::{ACCOUNTS_MAX, ServiceAccount, ServiceAccountRow};

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

queries! {
    OF_ORG = "SELECT a.id, a.name, a.description, a.role, a.active, a.version, a.created_at,
            (SELECT COUNT(*) FROM token t WHERE t.service_account_id = a.id) AS tokens,
            (SELECT MAX(t.last_used_at) FROM token t WHERE t.service_account_id = a.id) AS last_used_at
        FROM service_account a WHERE a.org_id = $1 ORDER BY a.name_folded";
    FIND = "SELECT a.id, a.name, a.description, a.role, a.active, a.version, a.created_at,
            (SELECT COUNT(*) FROM token t WHERE t.service_account_id = a.id) AS tokens,
            (SELECT MAX(t.last_used_at) FROM token t WHERE t.service_account_id = a.id) AS last_used_at
        FROM service_account a WHERE a.org_id = $1 AND a.id = $2";
    COUNT = "SELECT COUNT(*) FROM service_account WHERE org_id = $1";
    NAMED = "SELECT id FROM service_account WHERE org_id = $1 AND name_folded = $2";
    INSERT = "INSERT INTO service_account (id, org_id, name, name_folded, description, role, active, version, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)";
    UPDATE = "UPDATE service_account SET name = $3, name_folded = $4, description = $5, role = $6, version = version + 1
        WHERE org_id = $1 AND id = $2 RETURNING version";
    SET_ACTIVE = "UPDATE service_account SET active = $3, version = version + 1
        WHERE org_id = $1 AND id = $2 AND active <> $3 RETURNING version";
    DELETE = "DELETE FROM service_account WHERE org_id = $1 AND id = $2 RETURNING id";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    description: String,
    role: String,
    active: bool,
    version: i64,
    created_at: i64,
    tokens: i64,
    last_used_at: Option<i64>,
}

impl TryFrom<Row> for ServiceAccountRow {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        const TABLE: &str = "service_account";
        Ok(Self {
            id: read(row.id.parse().ok(), TABLE, "id", &row.id)?,
            role: read(Role::from_name(&row.role), TABLE, "role", &row.id)?,
            name: row.name,
            description: row.description,
            active: row.active,
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
            tokens: row.tokens,
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
        })
    }
}

/// What may see service accounts.
pub trait SeesServiceAccounts: Capability {}
impl SeesServiceAccounts for ServiceAccountsRead {}
impl SeesServiceAccounts for ServiceAccountsWrite {}

/// By name; there are few.
pub async fn of_org(tx: &mut Tx, grant: &Granted<ServiceAccountsRead>) -> Result<Vec<ServiceAccountRow>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_ORG).bind(org).fetch_all(c).await)?;
    rows.into_iter().map(ServiceAccountRow::try_from).collect()
}

pub async fn find<P: SeesServiceAccounts>(
    tx: &mut Tx,
    grant: &Granted<P>,
    id: ServiceAccountId,
) -> Result<Option<ServiceAccountRow>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(org).bind(id.to_string()).fetch_optional(c).await)?;
    row.map(ServiceAccountRow::try_from).transpose()
}

/// Why a service account can't be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotKept {
    /// Another has the name.
    Taken,
    TooMany,
}

/// The organization is locked, so that nobody takes the name between.
pub async fn insert(
    tx: &mut WriteTx,
    grant: &Granted<ServiceAccountsWrite>,
    id: ServiceAccountId,
    account: &ServiceAccount,
) -> Result<Result<(), NotKept>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let now = tx.now().micros();
    if named(tx, &org, account).await?.is_some() {
        return Ok(Err(NotKept::Taken));
    }
    let count: i64 = on!(tx, c => sqlx::query_scalar(COUNT).bind(&org).fetch_one(c).await)?;
    if count >= ACCOUNTS_MAX {
        return Ok(Err(NotKept::TooMany));
    }
    on!(tx, c => sqlx::query(INSERT)
        .bind(id.to_string())
        .bind(&org)
        .bind(&account.name)
        .bind(account.folded_name())
        .bind(&account.description)
        .bind(account.role.name())
        .bind(true)
        .bind(now)
        .execute(c).await.map(drop))?;
    Ok(Ok(()))
}

/// Changes an account that the caller has found, and answers its version.
pub async fn update(
    tx: &mut WriteTx,
    grant: &Granted<ServiceAccountsWrite>,
    id: ServiceAccountId,
    account: &ServiceAccount,
) -> Result<Result<i64, NotKept>, Error> {
    let org = grant.org(tx)?.id.to_string();
    if named(tx, &org, account).await?.is_some_and(|other| other != id.to_string()) {
        return Ok(Err(NotKept::Taken));
    }
    let version: i64 = on!(tx, c => sqlx::query_scalar(UPDATE)
        .bind(&org)
        .bind(id.to_string())
        .bind(&account.name)
        .bind(account.folded_name())
        .bind(&account.description)
        .bind(account.role.name())
        .fetch_one(c).await)?;
    Ok(Ok(version))
}

async fn named(tx: &mut Tx, org: &str, account: &ServiceAccount) -> Result<Option<String>, Error> {
    let folded = account.folded_name();
    on!(tx, c => sqlx::query_scalar(NAMED).bind(org).bind(folded).fetch_optional(c).await)
}

/// `false` when that changes nothing.
pub async fn set_active(
    tx: &mut WriteTx,
    grant: &Granted<ServiceAccountsWrite>,
    id: ServiceAccountId,
    active: bool,
) -> Result<bool, Error> {
    let org = grant.org(tx)?.id.to_string();
    let version: Option<i64> = on!(tx, c => sqlx::query_scalar(SET_ACTIVE)
        .bind(org).bind(id.to_string()).bind(active).fetch_optional(c).await)?;
    Ok(version.is_some())
}

/// Its tokens go with it.
pub async fn delete(
    tx: &mut WriteTx,
    grant: &Granted<ServiceAccountsWrite>,
    id: ServiceAccountId,
) -> Result<bool, Error> {
    let org = grant.org(tx)?.id.to_string();
    let gone: Option<String> =
        on!(tx, c => sqlx::query_scalar(DELETE).bind(org).bind(id.to_string()).fetch_optional(c).await)?;
    Ok(gone.is_some())
}

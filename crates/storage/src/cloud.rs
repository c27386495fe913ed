//! Cloud accounts and what their connectors told of them.

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{CloudRead, CloudWrite, OrgAdminWrite, OrgDelete, OrgProfileWrite, WorkspacesWrite};
use domain::cloud::{CloudResource, ConnectorKind, RemoteResource};
use domain::id::{CloudAccountId, OrgId, ResourceId};

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::job::Lease;
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

/// An account as it is kept; the secret is sealed.
#[derive(Debug, Clone)]
pub struct Stored {
    pub id: CloudAccountId,
    pub org: OrgId,
    pub name: String,
    pub provider: String,
    pub connector: ConnectorKind,
    pub url: String,
    pub selector: String,
    pub ca: Option<String>,
    pub sealed_secret: String,
    pub events: bool,
    pub version: i64,
    pub created_at: Timestamp,
    pub listed_at: Option<Timestamp>,
    pub list_error: Option<String>,
}

queries! {
    INSERT = "INSERT INTO cloud_account
        (id, org_id, name, name_folded, provider, connector, url, selector, ca, sealed_secret, events, version, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12)
        ON CONFLICT (org_id, name_folded) DO NOTHING RETURNING id";
    NAMED = "SELECT id FROM cloud_account WHERE org_id = $1 AND name_folded = $2";
    UPDATE = "UPDATE cloud_account SET name = $3, name_folded = $4, provider = $5, url = $6, selector = $7, ca = $8,
        sealed_secret = $9, events = $10, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $11 RETURNING version";
    OF_ORG = "SELECT id, org_id, name, provider, connector, url, selector, ca, sealed_secret, events, version, created_at,
        listed_at, list_error FROM cloud_account WHERE org_id = $1 ORDER BY name_folded, id";
    FIND = "SELECT id, org_id, name, provider, connector, url, selector, ca, sealed_secret, events, version, created_at,
        listed_at, list_error FROM cloud_account WHERE id = $1 AND org_id = $2";
    DELETE = "DELETE FROM cloud_account WHERE org_id = $1 AND id = $2 RETURNING name";
    LISTENING = "SELECT id FROM cloud_account WHERE org_id = $1 AND events ORDER BY id";
    RESOURCES = "SELECT id, account_id, remote_id, name, kind, state, seen_at FROM cloud_resource
        WHERE org_id = $1 ORDER BY name, id";
    SEEN = "INSERT INTO cloud_resource (id, account_id, org_id, remote_id, name, kind, state, first_seen_at, seen_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
        ON CONFLICT (account_id, remote_id) DO UPDATE SET name = excluded.name, kind = excluded.kind,
            state = excluded.state, seen_at = excluded.seen_at";
    FORGET_UNSEEN = "DELETE FROM cloud_resource WHERE account_id = $1 AND seen_at < $2";
    NOTE_LISTED = "UPDATE cloud_account SET listed_at = $2, list_error = NULL WHERE id = $1";
    NOTE_ERROR = "UPDATE cloud_account SET list_error = $2 WHERE id = $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    org_id: String,
    name: String,
    provider: String,
    connector: String,
    url: String,
    selector: String,
    ca: Option<String>,
    sealed_secret: String,
    events: bool,
    version: i64,
    created_at: i64,
    listed_at: Option<i64>,
    list_error: Option<String>,
}

impl TryFrom<Row> for Stored {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        const TABLE: &str = "cloud_account";
        Ok(Self {
            id: read(row.id.parse().ok(), TABLE, "id", &row.id)?,
            org: read(row.org_id.parse().ok(), TABLE, "org_id", &row.id)?,
            name: row.name,
            provider: row.provider,
            connector: read(ConnectorKind::from_name(&row.connector), TABLE, "connector", &row.id)?,
            url: row.url,
            selector: row.selector,
            ca: row.ca,
            sealed_secret: row.sealed_secret,
            events: row.events,
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
            listed_at: row.listed_at.map(Timestamp::from_micros),
            list_error: row.list_error,
        })
    }
}

/// What an account is made or changed to.
#[derive(Debug)]
pub struct Values<'a> {
    pub name: &'a str,
    pub provider: &'a str,
    pub url: &'a str,
    pub selector: &'a str,
    pub ca: Option<&'a str>,
    pub sealed_secret: &'a str,
    pub events: bool,
}

/// Adds an account, unless another of the organization has its name.
pub async fn insert(
    tx: &mut WriteTx,
    grant: &Granted<CloudWrite>,
    id: CloudAccountId,
    connector: ConnectorKind,
    values: &Values<'_>,
) -> Result<bool, Error> {
    let org = grant.org(tx)?.id.to_string();
    let now = tx.now().micros();
    let made: Option<String> = on!(tx, c => sqlx::query_scalar(INSERT)
        .bind(id.to_string())
        .bind(org)
        .bind(values.name)
        .bind(values.name.to_lowercase())
        .bind(values.provider)
        .bind(connector.name())
        .bind(values.url)
        .bind(values.selector)
        .bind(values.ca)
        .bind(values.sealed_secret)
        .bind(values.events)
        .bind(now)
        .fetch_optional(c).await)?;
    Ok(made.is_some())
}

/// Why an account could not be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    NameTaken,
    Stale,
}

/// Changes an account under the version it was read with, and answers the next. The organization is locked.
pub async fn update(
    tx: &mut WriteTx,
    grant: &Granted<CloudWrite>,
    id: CloudAccountId,
    version: i64,
    values: &Values<'_>,
) -> Result<Result<i64, Refused>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let folded = values.name.to_lowercase();
    let taken: Option<String> =
        on!(tx, c => sqlx::query_scalar(NAMED).bind(&org).bind(&folded).fetch_optional(c).await)?;
    if taken.is_some_and(|other| other != id.to_string()) {
        return Ok(Err(Refused::NameTaken));
    }
    let saved: Option<i64> = on!(tx, c => sqlx::query_scalar(UPDATE)
        .bind(&org)
        .bind(id.to_string())
        .bind(values.name)
        .bind(&folded)
        .bind(values.provider)
        .bind(values.url)
        .bind(values.selector)
        .bind(values.ca)
        .bind(values.sealed_secret)
        .bind(values.events)
        .bind(version)
        .fetch_optional(c).await)?;
    Ok(saved.ok_or(Refused::Stale))
}

/// What may see accounts, sealed secrets included; nothing of these leaves the service.
pub trait ReadsAccounts: Capability {}
impl ReadsAccounts for CloudRead {}
impl ReadsAccounts for CloudWrite {}
impl ReadsAccounts for OrgDelete {}

/// By name.
pub async fn of_org<P: ReadsAccounts>(tx: &mut Tx, grant: &Granted<P>) -> Result<Vec<Stored>, Error> {
    let org = grant.org(tx)?.id;
    all(tx, org).await
}

async fn all(tx: &mut Tx, org: OrgId) -> Result<Vec<Stored>, Error> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_ORG).bind(org.to_string()).fetch_all(c).await)?;
    rows.into_iter().map(Stored::try_from).collect()
}

pub async fn find<P: ReadsAccounts>(
    tx: &mut Tx,
    grant: &Granted<P>,
    id: CloudAccountId,
) -> Result<Option<Stored>, Error> {
    let org = grant.org(tx)?.id;
    one(tx, org, id).await
}

async fn one(tx: &mut Tx, org: OrgId, id: CloudAccountId) -> Result<Option<Stored>, Error> {
    let row: Option<Row> =
        on!(tx, c => sqlx::query_as(FIND).bind(id.to_string()).bind(org.to_string()).fetch_optional(c).await)?;
    row.map(Stored::try_from).transpose()
}

/// The lease's job may read the accounts of the organization it works for.
pub async fn for_job(tx: &mut Tx, _lease: &Lease, org: OrgId) -> Result<Vec<Stored>, Error> {
    all(tx, org).await
}

/// As [`for_job`], one of them; `None` when it was removed meanwhile.
pub async fn one_for_job(tx: &mut Tx, _lease: &Lease, org: OrgId, id: CloudAccountId) -> Result<Option<Stored>, Error> {
    one(tx, org, id).await
}

/// Removes an account and answers its name.
pub async fn delete(
    tx: &mut WriteTx,
    grant: &Granted<CloudWrite>,
    id: CloudAccountId,
) -> Result<Option<String>, Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query_scalar(DELETE).bind(org).bind(id.to_string()).fetch_optional(c).await)
}

/// What may have connectors told of workspaces.
pub trait Announces: Capability {}
impl Announces for WorkspacesWrite {}
impl Announces for OrgProfileWrite {}
impl Announces for OrgAdminWrite {}
impl Announces for OrgDelete {}

/// Accounts whose connectors are told of workspaces.
pub async fn listening<P: Announces>(tx: &mut Tx, grant: &Granted<P>) -> Result<Vec<CloudAccountId>, Error> {
    let org = grant.org(tx)?.id;
    listening_in(tx, org).await
}

/// As [`listening`], for the lease's job.
pub async fn listening_for_job(tx: &mut Tx, _lease: &Lease, org: OrgId) -> Result<Vec<CloudAccountId>, Error> {
    listening_in(tx, org).await
}

async fn listening_in(tx: &mut Tx, org: OrgId) -> Result<Vec<CloudAccountId>, Error> {
    let ids: Vec<String> = on!(tx, c => sqlx::query_scalar(LISTENING).bind(org.to_string()).fetch_all(c).await)?;
    ids.iter().map(|id| read(id.parse().ok(), "cloud_account", "id", id)).collect()
}

/// Every resource of the organization with its account, by name.
pub async fn resources<P: ReadsAccounts>(
    tx: &mut Tx,
    grant: &Granted<P>,
) -> Result<Vec<(CloudAccountId, CloudResource)>, Error> {
    const TABLE: &str = "cloud_resource";
    let org = grant.org(tx)?.id.to_string();
    type Row = (String, String, String, String, String, String, i64);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(RESOURCES).bind(org).fetch_all(c).await)?;
    rows.into_iter()
        .map(|(id, account, remote_id, name, kind, state, seen_at)| {
            let resource = CloudResource {
                id: read(id.parse().ok(), TABLE, "id", &id)?,
                remote: RemoteResource { id: remote_id, name, kind, state },
                seen_at: Timestamp::from_micros(seen_at),
            };
            Ok((read(account.parse().ok(), TABLE, "account_id", &id)?, resource))
        })
        .collect()
}

/// What may keep what a connector listed.
pub trait Lists {
    fn org_id(&self, tx: &Tx) -> Result<OrgId, Error>;
}

impl Lists for Granted<CloudWrite> {
    fn org_id(&self, tx: &Tx) -> Result<OrgId, Error> {
        Ok(self.org(tx)?.id)
    }
}

impl Lists for Granted<OrgDelete> {
    fn org_id(&self, tx: &Tx) -> Result<OrgId, Error> {
        Ok(self.org(tx)?.id)
    }
}

/// The lease's job, for the organization it works for.
impl Lists for (&Lease, OrgId) {
    fn org_id(&self, _: &Tx) -> Result<OrgId, Error> {
        Ok(self.1)
    }
}

/// Replaces what is known of an account's resources by what its connector listed; those that stay keep their ids.
pub async fn keep_listing(
    tx: &mut WriteTx,
    proof: &impl Lists,
    account: CloudAccountId,
    listed: &[(ResourceId, RemoteResource)],
) -> Result<(), Error> {
    let org = proof.org_id(tx)?;
    if one(tx, org, account).await?.is_none() {
        return Ok(());
    }
    let (account, org, now) = (account.to_string(), org.to_string(), tx.now().micros());
    for (id, resource) in listed {
        on!(tx, c => sqlx::query(SEEN)
            .bind(id.to_string())
            .bind(&account)
            .bind(&org)
            .bind(&resource.id)
            .bind(&resource.name)
            .bind(&resource.kind)
            .bind(&resource.state)
            .bind(now)
            .execute(c).await.map(drop))?;
    }
    on!(tx, c => sqlx::query(FORGET_UNSEEN).bind(&account).bind(now).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(NOTE_LISTED).bind(&account).bind(now).execute(c).await.map(drop))
}

/// Notes why a listing failed; what was known stays.
pub async fn note_list_error(
    tx: &mut WriteTx,
    proof: &impl Lists,
    account: CloudAccountId,
    error: &str,
) -> Result<(), Error> {
    let org = proof.org_id(tx)?;
    if one(tx, org, account).await?.is_none() {
        return Ok(());
    }
    on!(tx, c => sqlx::query(NOTE_ERROR).bind(account.to_string()).bind(error).execute(c).await.map(drop))
}

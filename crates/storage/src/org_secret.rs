//! Secrets of organizations; only their sealed form comes here.

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{OrgAdminWrite, OrgSecretsRead, OrgSecretsWrite, WorkspaceSettingsRead};
use domain::id::SecretId;

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

queries! {
    OF_ORG = "SELECT id, name, created_at, updated_at, updated_by FROM organization_secret WHERE org_id = $1 ORDER BY name";
    FIND = "SELECT id FROM organization_secret WHERE org_id = $1 AND name = $2";
    NAMES = "SELECT name FROM organization_secret WHERE org_id = $1 ORDER BY name";
    SEALED = "SELECT id, name, sealed FROM organization_secret WHERE org_id = $1 ORDER BY name";
    COUNT = "SELECT COUNT(*) FROM organization_secret WHERE org_id = $1";
    INSERT = "INSERT INTO organization_secret (id, org_id, name, sealed, created_at, updated_at, updated_by)
        VALUES ($1, $2, $3, $4, $5, $5, $6)";
    REPLACE = "UPDATE organization_secret SET sealed = $3, updated_at = $4, updated_by = $5 WHERE org_id = $1 AND id = $2";
    DELETE = "DELETE FROM organization_secret WHERE org_id = $1 AND name = $2 RETURNING id";
}

/// A secret without its value.
#[derive(Debug, Clone)]
pub struct Stored {
    pub id: SecretId,
    pub name: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: String,
}

/// By name.
pub async fn of_org(tx: &mut Tx, grant: &Granted<OrgSecretsRead>) -> Result<Vec<Stored>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, String, i64, i64, String)> =
        on!(tx, c => sqlx::query_as(OF_ORG).bind(org).fetch_all(c).await)?;
    let rows = rows.into_iter().map(|(id, name, created_at, updated_at, updated_by)| {
        Ok(Stored {
            id: read(id.parse().ok(), "organization_secret", "id", &id)?,
            name,
            created_at: Timestamp::from_micros(created_at),
            updated_at: Timestamp::from_micros(updated_at),
            updated_by,
        })
    });
    rows.collect()
}

/// What may ask which names there are.
pub trait NamesSecrets: Capability {}
impl NamesSecrets for OrgAdminWrite {}
impl NamesSecrets for OrgSecretsWrite {}

pub async fn names<P: NamesSecrets>(tx: &mut Tx, grant: &Granted<P>) -> Result<Vec<String>, Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query_scalar(NAMES).bind(org).fetch_all(c).await)
}

/// Id, name and sealed value of each, for workspaces.
pub async fn sealed(
    tx: &mut Tx,
    grant: &Granted<WorkspaceSettingsRead>,
) -> Result<Vec<(SecretId, String, String)>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, String, String)> = on!(tx, c => sqlx::query_as(SEALED).bind(org).fetch_all(c).await)?;
    rows.into_iter()
        .map(|(id, name, sealed)| Ok((read(id.parse().ok(), "organization_secret", "id", &id)?, name, sealed)))
        .collect()
}

/// The id of the secret of this name.
pub async fn find(tx: &mut Tx, grant: &Granted<OrgSecretsWrite>, name: &str) -> Result<Option<SecretId>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let id: Option<String> = on!(tx, c => sqlx::query_scalar(FIND).bind(org).bind(name).fetch_optional(c).await)?;
    id.map(|id| read(id.parse().ok(), "organization_secret", "id", &id)).transpose()
}

pub async fn count(tx: &mut Tx, grant: &Granted<OrgSecretsWrite>) -> Result<i64, Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query_scalar(COUNT).bind(org).fetch_one(c).await)
}

/// Adds a secret; the caller has found that there is none of this name.
pub async fn insert(
    tx: &mut WriteTx,
    grant: &Granted<OrgSecretsWrite>,
    id: SecretId,
    name: &str,
    sealed: &str,
    by: &str,
) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(INSERT)
        .bind(id.to_string()).bind(org).bind(name).bind(sealed).bind(now).bind(by)
        .execute(c).await.map(drop))
}

/// Gives a secret another value.
pub async fn replace(
    tx: &mut WriteTx,
    grant: &Granted<OrgSecretsWrite>,
    id: SecretId,
    sealed: &str,
    by: &str,
) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(REPLACE)
        .bind(org).bind(id.to_string()).bind(sealed).bind(now).bind(by)
        .execute(c).await.map(drop))
}

pub async fn delete(tx: &mut WriteTx, grant: &Granted<OrgSecretsWrite>, name: &str) -> Result<Option<SecretId>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let id: Option<String> = on!(tx, c => sqlx::query_scalar(DELETE).bind(org).bind(name).fetch_optional(c).await)?;
    id.map(|id| read(id.parse().ok(), "organization_secret", "id", &id)).transpose()
}

//! Organizations: creating, reading and saving one.

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{
    BillingRead, OrgAdminRead, OrgAdminWrite, OrgCreate, OrgHoldWrite, OrgProfileRead, OrgProfileWrite, OrgRead,
    PeopleWrite, RevisionRedact, WorkspaceSettingsRead, WorkspacesRead, WorkspacesWrite,
};
use domain::id::OrgId;
use domain::name::{DisplayName, Handle, search_words};
use domain::org::{Deletion, Holds, OrgName, OrgState};
use domain::settings::Settings;

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::name::{self, NameTaken};
use crate::report;
use crate::tx::{Tx, WriteTx};

#[derive(Debug)]
pub struct NewOrg<'a> {
    pub id: OrgId,
    pub handle: &'a Handle,
    pub display_name: &'a DisplayName,
    pub state: OrgState,
    pub settings: &'a Settings,
}

/// Settings with their version.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSettings {
    pub version: i64,
    pub settings: Settings,
}

queries! {
    INSERT = "INSERT INTO organization
        (id, handle, handle_folded, display_name, name_folded, state, version, settings, partner, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9)";
    INSERT_WORD = "INSERT INTO organization_word (word, org_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    DELETE_WORDS = "DELETE FROM organization_word WHERE org_id = $1";
    SETTINGS = "SELECT version, settings FROM organization WHERE id = $1";
    SAVE = "UPDATE organization SET version = version + 1, settings = $3, partner = $4
        WHERE id = $1 AND version = $2 RETURNING version";
    ACTIVATE = "UPDATE organization SET state = 'active' WHERE id = $1 AND state = 'pending_bootstrap'";
    DROP_LOGIN_DOMAIN = "DELETE FROM login_domain WHERE org_id = $1";
    CLAIM_LOGIN_DOMAIN = "INSERT INTO login_domain (domain, org_id) VALUES ($1, $2)
        ON CONFLICT (domain) DO NOTHING RETURNING domain";
    DETAILS = "SELECT o.created_at, o.settings, p.handle, p.display_name
        FROM organization o LEFT JOIN organization p ON p.id = o.managed_by WHERE o.id = $1";
    PARTNER = "SELECT p.display_name FROM organization o JOIN organization p ON p.id = o.managed_by WHERE o.id = $1";
    MANAGED = "SELECT handle, display_name FROM organization WHERE managed_by = $1 ORDER BY name_folded, id LIMIT $2";
    DELETION = "SELECT id, due_at FROM process WHERE org_id = $1 AND kind = 'delete_org' ORDER BY started_at DESC LIMIT 1";
    SET_HOLDS = "UPDATE organization SET holds = $2 WHERE id = $1";
    SET_MANAGED_BY = "UPDATE organization SET managed_by = $2 WHERE id = $1";
}

/// Creates an organization, unless its handle or DNS label is taken.
pub async fn insert(
    tx: &mut WriteTx,
    grant: &Granted<OrgCreate>,
    org: &NewOrg<'_>,
) -> Result<Result<(), NameTaken>, Error> {
    grant.check(tx)?;
    let now = tx.now().micros();
    let id = org.id.to_string();
    if let Err(taken) = name::claim(tx, org.id, org.handle).await? {
        return Ok(Err(taken));
    }
    let settings = to_json(org.settings, org.id)?;
    on!(tx, c => sqlx::query(INSERT)
        .bind(&id)
        .bind(org.handle.as_str())
        .bind(org.handle.folded())
        .bind(org.display_name.as_str())
        .bind(org.display_name.folded())
        .bind(org.state.name())
        .bind(&settings)
        .bind(org.settings.partner)
        .bind(now)
        .execute(c).await.map(drop))?;
    insert_words(tx, org.id, org.display_name, org.handle).await?;
    report::look(tx, org.id).await?;
    Ok(Ok(()))
}

/// The words that search finds the organization by.
async fn insert_words(tx: &mut WriteTx, org: OrgId, name: &DisplayName, handle: &Handle) -> Result<(), Error> {
    let id = org.to_string();
    for word in search_words(name, handle) {
        on!(tx, c => sqlx::query(INSERT_WORD).bind(&word).bind(&id).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Replaces the words after a change of name.
pub(crate) async fn replace_words(
    tx: &mut WriteTx,
    org: OrgId,
    name: &DisplayName,
    handle: &Handle,
) -> Result<(), Error> {
    let id = org.to_string();
    on!(tx, c => sqlx::query(DELETE_WORDS).bind(&id).execute(c).await.map(drop))?;
    insert_words(tx, org, name, handle).await
}

/// What may read the settings.
pub trait ReadsSettings: Capability {}
impl ReadsSettings for OrgAdminRead {}
impl ReadsSettings for OrgAdminWrite {}
impl ReadsSettings for RevisionRedact {}
impl ReadsSettings for OrgProfileRead {}
impl ReadsSettings for OrgProfileWrite {}
impl ReadsSettings for WorkspaceSettingsRead {}
impl ReadsSettings for WorkspacesRead {}
impl ReadsSettings for WorkspacesWrite {}

pub async fn settings<P: ReadsSettings>(tx: &mut Tx, grant: &Granted<P>) -> Result<StoredSettings, Error> {
    let org = grant.org(tx)?.id;
    let (version, text): (i64, String) =
        on!(tx, c => sqlx::query_as(SETTINGS).bind(org.to_string()).fetch_one(c).await)?;
    Ok(StoredSettings { version, settings: from_json(&text, org)? })
}

/// Why settings could not be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveRefused {
    /// The version isn't the current one.
    Stale,
    /// Another organization has the login domain.
    LoginDomainTaken,
}

/// Saves `settings` as version + 1; the caller adds the revision in the same transaction.
pub async fn save_settings(
    tx: &mut WriteTx,
    grant: &Granted<OrgAdminWrite>,
    version: i64,
    settings: &Settings,
) -> Result<Result<i64, SaveRefused>, Error> {
    let org = grant.org(tx)?.id;
    let id = org.to_string();
    let text = to_json(settings, org)?;
    let saved: Option<i64> = on!(tx, c => sqlx::query_scalar(SAVE)
        .bind(&id).bind(version).bind(&text).bind(settings.partner).fetch_optional(c).await)?;
    let Some(saved) = saved else { return Ok(Err(SaveRefused::Stale)) };
    report::look(tx, org).await?;
    on!(tx, c => sqlx::query(DROP_LOGIN_DOMAIN).bind(&id).execute(c).await.map(drop))?;
    if let Some(domain) = &settings.login_domain {
        let claimed: Option<String> = on!(tx, c => sqlx::query_scalar(CLAIM_LOGIN_DOMAIN)
            .bind(domain.as_str()).bind(&id).fetch_optional(c).await)?;
        if claimed.is_none() {
            return Ok(Err(SaveRefused::LoginDomainTaken));
        }
    }
    Ok(Ok(saved))
}

/// The organization has its first owner.
pub async fn activate(tx: &mut WriteTx, proof: &impl crate::member::AddsMembers) -> Result<(), Error> {
    let org = proof.org_id(tx)?.to_string();
    on!(tx, c => sqlx::query(ACTIVATE).bind(org).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn set_holds(tx: &mut WriteTx, grant: &Granted<OrgHoldWrite>, holds: &Holds) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query(SET_HOLDS).bind(org).bind(holds.to_string()).execute(c).await.map(drop))?;
    Ok(())
}

/// For the landing page.
#[derive(Debug)]
pub struct Details {
    pub created_at: Timestamp,
    pub platform_domain: Option<String>,
    pub managed_by: Option<OrgName>,
}

/// What may see the landing page's facts.
pub trait ReadsDetails: Capability {}
impl ReadsDetails for OrgRead {}
impl ReadsDetails for OrgProfileRead {}

pub async fn details<P: ReadsDetails>(tx: &mut Tx, grant: &Granted<P>) -> Result<Details, Error> {
    let org = grant.org(tx)?.id;
    let (created_at, text, handle, name): (i64, String, Option<String>, Option<String>) =
        on!(tx, c => sqlx::query_as(DETAILS).bind(org.to_string()).fetch_one(c).await)?;
    Ok(Details {
        created_at: Timestamp::from_micros(created_at),
        platform_domain: from_json(&text, org)?.platform_domain.map(|host| host.as_str().to_owned()),
        managed_by: handle.zip(name).map(|(handle, name)| org_name(&handle, &name)).transpose()?,
    })
}

pub(crate) fn org_name(handle: &str, display_name: &str) -> Result<OrgName, Error> {
    Ok(OrgName {
        handle: read(Handle::parse(handle).ok(), "organization", "handle", handle)?,
        display_name: read(DisplayName::parse(display_name).ok(), "organization", "display_name", handle)?,
    })
}

/// What its managing partner is called.
pub async fn partner_name(tx: &mut Tx, grant: &Granted<BillingRead>) -> Result<Option<String>, Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query_scalar(PARTNER).bind(org).fetch_optional(c).await)
}

/// Organizations that this one manages, at most `limit`.
pub async fn managed<P: Capability>(tx: &mut Tx, grant: &Granted<P>, limit: i64) -> Result<Vec<OrgName>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, String)> = on!(tx, c => sqlx::query_as(MANAGED).bind(org).bind(limit).fetch_all(c).await)?;
    rows.iter().map(|(handle, name)| org_name(handle, name)).collect()
}

/// The process that deletes it, if one was started.
pub async fn deletion<P: Capability>(tx: &mut Tx, grant: &Granted<P>) -> Result<Option<Deletion>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let row: Option<(String, Option<i64>)> = on!(tx, c => sqlx::query_as(DELETION).bind(org).fetch_optional(c).await)?;
    row.map(|(id, due_at)| {
        let process = read(id.parse().ok(), "process", "id", &id)?;
        Ok(Deletion { process, due_at: due_at.map(Timestamp::from_micros) })
    })
    .transpose()
}

/// Puts an organization under a partner; the demonstration's way.
pub async fn set_managed_by(
    tx: &mut WriteTx,
    grant: &Granted<PeopleWrite>,
    org: OrgId,
    partner: OrgId,
) -> Result<(), Error> {
    grant.check(tx)?;
    on!(tx, c => sqlx::query(SET_MANAGED_BY).bind(org.to_string()).bind(partner.to_string()).execute(c).await.map(drop))?;
    Ok(())
}

pub(crate) fn to_json(settings: &Settings, org: OrgId) -> Result<String, Error> {
    read(serde_json::to_string(settings).ok(), "organization", "settings", org)
}

pub(crate) fn from_json(text: &str, org: OrgId) -> Result<Settings, Error> {
    read(serde_json::from_str(text).ok(), "organization", "settings", org)
}

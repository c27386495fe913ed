//! The one namespace of handles: live ones, aliases, and held ones that only their own organization may take back.

use domain::Timestamp;
use domain::authz::cap::{OrgProfileRead, OrgProfileWrite};
use domain::id::OrgId;
use domain::name::{DisplayName, Handle};
use domain::profile::{Alias, HANDLE_HELD, RENAME_WINDOW};

use crate::authz::Granted;
use crate::error::Error;
use crate::macros::{on, queries};
use crate::org;
use crate::tx::{Tx, WriteTx};

/// Why a handle can't be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameTaken {
    Handle,
    /// A handle of another organization has the same DNS label.
    Label(String),
}

queries! {
    RELEASE_HELD = "DELETE FROM name_claim
        WHERE kind = 'held' AND held_until <= $1 AND (folded = $2 OR dns_label = $3)";
    RELEASE_LABEL = "DELETE FROM dns_label_claim
        WHERE dns_label = $1 AND NOT EXISTS (SELECT 1 FROM name_claim n WHERE n.dns_label = $1)";
    CLAIM_LABEL = "INSERT INTO dns_label_claim (dns_label, org_id) VALUES ($1, $2)
        ON CONFLICT (dns_label) DO UPDATE SET org_id = excluded.org_id WHERE dns_label_claim.org_id = excluded.org_id
        RETURNING dns_label";
    CLAIM = "INSERT INTO name_claim (folded, handle, dns_label, org_id, kind, hits) VALUES ($1, $2, $3, $4, 'live', 0)
        ON CONFLICT (folded) DO UPDATE SET handle = excluded.handle, kind = 'live', held_until = NULL
            WHERE name_claim.org_id = excluded.org_id
        RETURNING folded";
    OF_OTHERS = "SELECT folded, dns_label FROM name_claim WHERE (folded = $1 OR dns_label = $2) AND org_id <> $3
        AND (kind <> 'held' OR held_until > $4) LIMIT 20";
    TO_ALIAS = "UPDATE name_claim SET kind = 'alias', since = $3, hits = 0, last_hit_at = NULL
        WHERE folded = $1 AND org_id = $2";
    RENAME = "UPDATE organization
        SET handle = $2, handle_folded = $3, profile_version = profile_version + 1 WHERE id = $1";
    SAVE_NAME = "UPDATE organization
        SET display_name = $3, name_folded = $4, profile_version = profile_version + 1
        WHERE id = $1 AND profile_version = $2 RETURNING profile_version";
    VERSION = "SELECT profile_version FROM organization WHERE id = $1";
    ALIASES = "SELECT handle, since, hits, last_hit_at FROM name_claim
        WHERE org_id = $1 AND kind = 'alias' ORDER BY since DESC, folded";
    RETIRE = "UPDATE name_claim SET kind = 'held', held_until = $3
        WHERE folded = $1 AND org_id = $2 AND kind = 'alias' RETURNING handle";
    NOTE_HITS = "UPDATE name_claim SET hits = hits + $2, last_hit_at = $3 WHERE folded = $1 AND kind = 'alias'";
    NOTE_RENAME = "INSERT INTO rename (org_id, at) VALUES ($1, $2)";
    RENAMES = "SELECT COUNT(*) FROM rename WHERE org_id = $1 AND at > $2";
}

/// Whether the organization could have the handle as things stand.
pub async fn check(
    tx: &mut Tx,
    grant: &Granted<OrgProfileWrite>,
    handle: &Handle,
    now: Timestamp,
) -> Result<Result<(), NameTaken>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let (folded, label) = (handle.folded(), handle.dns_label());
    let others: Vec<(String, String)> = on!(tx, c => sqlx::query_as(OF_OTHERS)
        .bind(&folded).bind(&label).bind(&org).bind(now.micros()).fetch_all(c).await)?;
    Ok(match others.iter().any(|(name, _)| *name == folded) {
        true => Err(NameTaken::Handle),
        false if others.is_empty() => Ok(()),
        false => Err(NameTaken::Label(label)),
    })
}

/// Claims a handle and its DNS label for an organization, which may take back its own aliases and held names. Of two
/// that claim at once, the second waits for the first and is told.
pub(crate) async fn claim(tx: &mut WriteTx, org: OrgId, handle: &Handle) -> Result<Result<(), NameTaken>, Error> {
    let now = tx.now().micros();
    let (folded, label, org) = (handle.folded(), handle.dns_label(), org.to_string());
    on!(tx, c => sqlx::query(RELEASE_HELD).bind(now).bind(&folded).bind(&label).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(RELEASE_LABEL).bind(&label).execute(c).await.map(drop))?;
    let claimed: Option<String> = on!(tx, c => sqlx::query_scalar(CLAIM)
        .bind(&folded).bind(handle.as_str()).bind(&label).bind(&org).fetch_optional(c).await)?;
    if claimed.is_none() {
        return Ok(Err(NameTaken::Handle));
    }
    let labelled: Option<String> =
        on!(tx, c => sqlx::query_scalar(CLAIM_LABEL).bind(&label).bind(&org).fetch_optional(c).await)?;
    Ok(if labelled.is_some() { Ok(()) } else { Err(NameTaken::Label(label)) })
}

/// Gives the organization another handle; the old one becomes an alias, unless only its case changes. `counts`: towards
/// what its people may do a month. After a refusal the caller rolls back.
pub async fn rename(
    tx: &mut WriteTx,
    grant: &Granted<OrgProfileWrite>,
    handle: &Handle,
    counts: bool,
) -> Result<Result<(), NameTaken>, Error> {
    let facts = grant.org(tx)?.clone();
    let (id, now) = (facts.id.to_string(), tx.now().micros());
    if let Err(taken) = claim(tx, facts.id, handle).await? {
        return Ok(Err(taken));
    }
    if handle.folded() != facts.handle.folded() {
        on!(tx, c => sqlx::query(TO_ALIAS).bind(facts.handle.folded()).bind(&id).bind(now).execute(c).await.map(drop))?;
    }
    on!(tx, c => sqlx::query(RENAME)
        .bind(&id).bind(handle.as_str()).bind(handle.folded()).execute(c).await.map(drop))?;
    if counts {
        on!(tx, c => sqlx::query(NOTE_RENAME).bind(&id).bind(now).execute(c).await.map(drop))?;
    }
    org::replace_words(tx, facts.id, &facts.display_name, handle).await?;
    Ok(Ok(()))
}

/// Saves the display name as profile version + 1; `None` when `version` isn't the current one.
pub async fn save_display_name(
    tx: &mut WriteTx,
    grant: &Granted<OrgProfileWrite>,
    version: i64,
    name: &DisplayName,
) -> Result<Option<i64>, Error> {
    let facts = grant.org(tx)?.clone();
    let saved: Option<i64> = on!(tx, c => sqlx::query_scalar(SAVE_NAME)
        .bind(facts.id.to_string())
        .bind(version)
        .bind(name.as_str())
        .bind(name.folded())
        .fetch_optional(c).await)?;
    if saved.is_some() {
        org::replace_words(tx, facts.id, name, &facts.handle).await?;
    }
    Ok(saved)
}

/// Of display name and handle.
pub async fn profile_version<P: SeesRenames>(tx: &mut Tx, grant: &Granted<P>) -> Result<i64, Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query_scalar(VERSION).bind(org).fetch_one(c).await)
}

/// Handles that still lead to the organization, newest first.
pub async fn aliases(tx: &mut Tx, grant: &Granted<OrgProfileRead>) -> Result<Vec<Alias>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, Option<i64>, i64, Option<i64>)> =
        on!(tx, c => sqlx::query_as(ALIASES).bind(org).fetch_all(c).await)?;
    let rows = rows.into_iter().map(|(handle, since, hits, last)| Alias {
        handle,
        since: Timestamp::from_micros(since.unwrap_or_default()),
        hits,
        last_hit_at: last.map(Timestamp::from_micros),
    });
    Ok(rows.collect())
}

/// Ends an alias; the name is held for the organization. Answers the handle and until when; `None` when it is no alias.
pub async fn retire(
    tx: &mut WriteTx,
    grant: &Granted<OrgProfileWrite>,
    alias: &str,
) -> Result<Option<(String, Timestamp)>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let held_until = tx.now().plus(HANDLE_HELD);
    let retired: Option<String> = on!(tx, c => sqlx::query_scalar(RETIRE)
        .bind(alias.to_ascii_lowercase()).bind(org).bind(held_until.micros()).fetch_optional(c).await)?;
    Ok(retired.map(|handle| (handle, held_until)))
}

/// How often the organization was renamed lately.
pub async fn renames<P: SeesRenames>(tx: &mut Tx, grant: &Granted<P>, now: Timestamp) -> Result<i64, Error> {
    let org = grant.org(tx)?.id.to_string();
    let since = now.minus(RENAME_WINDOW).micros();
    on!(tx, c => sqlx::query_scalar(RENAMES).bind(org).bind(since).fetch_one(c).await)
}

/// What may see the profile's version, and count renames.
pub trait SeesRenames: domain::authz::Capability {}
impl SeesRenames for OrgProfileRead {}
impl SeesRenames for OrgProfileWrite {}

/// Adds how often aliases were followed, and when last.
pub async fn note_hits(tx: &mut WriteTx, hits: &[(String, i64, Timestamp)]) -> Result<(), Error> {
    for (folded, count, last) in hits {
        on!(tx, c => sqlx::query(NOTE_HITS)
            .bind(folded).bind(*count).bind(last.micros()).execute(c).await.map(drop))?;
    }
    Ok(())
}

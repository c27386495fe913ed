//! One-time links, and the proofs that redeeming one gives.

use std::marker::PhantomData;

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{BootstrapWrite, OrgAdminRead, OrgCreate, OrgRead};
use domain::id::{LinkId, OrgId};
use domain::link::{LinkState, LinkStatus};

use crate::authz::{Actor, Granted, OrgFacts, Target};
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::people;
use crate::tx::{Tx, WriteTx};

/// The link that makes the first platform administrator.
#[derive(Debug)]
pub enum Setup {}

/// The link that makes an organization's first owner.
#[derive(Debug)]
pub enum Bootstrap {}

/// Proof that a one-time link was redeemed in this transaction.
#[derive(Debug)]
pub struct Redeemed<K> {
    serial: u64,
    link: LinkId,
    org: Option<OrgFacts>,
    kind: PhantomData<fn() -> K>,
}

impl<K> Redeemed<K> {
    pub fn link(&self) -> LinkId {
        self.link
    }

    pub(crate) fn check(&self, tx: &Tx) -> Result<(), Error> {
        if self.serial == tx.serial() { Ok(()) } else { Err(Error::ForeignProof) }
    }
}

impl Redeemed<Bootstrap> {
    pub fn org(&self, tx: &Tx) -> Result<&OrgFacts, Error> {
        self.check(tx)?;
        self.org.as_ref().ok_or(Error::ForeignProof)
    }
}

queries! {
    INSERT = "INSERT INTO one_time_link (id, kind, org_id, token_hash, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    REVOKE_LIVE = "UPDATE one_time_link SET revoked_at = $2
        WHERE org_id = $1 AND redeemed_at IS NULL AND revoked_at IS NULL RETURNING id";
    REVOKE_SETUP = "UPDATE one_time_link SET revoked_at = $1
        WHERE kind = 'setup' AND redeemed_at IS NULL AND revoked_at IS NULL";
    OPEN = "UPDATE one_time_link SET opened_at = $2 WHERE token_hash = $1 AND opened_at IS NULL RETURNING id";
    LIVE = "SELECT id, kind, org_id, expires_at FROM one_time_link
        WHERE token_hash = $1 AND kind = $2 AND redeemed_at IS NULL AND revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > $3)";
    REDEEM = "UPDATE one_time_link SET redeemed_at = $2
        WHERE id = $1 AND redeemed_at IS NULL AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
        RETURNING id";
    NEWEST = "SELECT created_at, expires_at, opened_at, redeemed_at, revoked_at FROM one_time_link
        WHERE org_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1";
}

#[derive(Debug)]
pub struct NewLink<'a> {
    pub id: LinkId,
    pub token_hash: &'a str,
    /// `None`: never.
    pub expires_at: Option<Timestamp>,
}

async fn insert(tx: &mut WriteTx, kind: &str, org: Option<OrgId>, link: &NewLink<'_>) -> Result<(), Error> {
    let now = tx.now();
    on!(tx, c => sqlx::query(INSERT)
        .bind(link.id.to_string())
        .bind(kind)
        .bind(org.map(|org| org.to_string()))
        .bind(link.token_hash)
        .bind(now.micros())
        .bind(link.expires_at.map(Timestamp::micros))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Makes the first-run link; older ones die.
pub async fn insert_setup(tx: &mut WriteTx, link: &NewLink<'_>) -> Result<(), Error> {
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(REVOKE_SETUP).bind(now).execute(c).await.map(drop))?;
    insert(tx, "setup", None, link).await
}

/// The first bootstrap link of an organization created in this transaction.
pub async fn insert_first(
    tx: &mut WriteTx,
    grant: &Granted<OrgCreate>,
    org: OrgId,
    link: &NewLink<'_>,
) -> Result<(), Error> {
    grant.check(tx)?;
    insert(tx, "bootstrap", Some(org), link).await
}

/// Makes a new bootstrap link; the old one dies.
pub async fn rotate(tx: &mut WriteTx, grant: &Granted<BootstrapWrite>, link: &NewLink<'_>) -> Result<(), Error> {
    revoke(tx, grant).await?;
    let org = grant.org(tx)?.id;
    insert(tx, "bootstrap", Some(org), link).await
}

/// Revokes the live bootstrap link and tells which it was.
pub async fn revoke(tx: &mut WriteTx, grant: &Granted<BootstrapWrite>) -> Result<Option<LinkId>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let now = tx.now().micros();
    let ids: Vec<String> = on!(tx, c => sqlx::query_scalar(REVOKE_LIVE).bind(&org).bind(now).fetch_all(c).await)?;
    ids.first().map(|id| read(id.parse().ok(), "one_time_link", "id", id)).transpose()
}

/// Notes that somebody opened the link for the first time.
pub async fn open(tx: &mut WriteTx, token_hash: &str) -> Result<(), Error> {
    let now = tx.now().micros();
    let _: Option<String> = on!(tx, c => sqlx::query_scalar(OPEN).bind(token_hash).bind(now).fetch_optional(c).await)?;
    Ok(())
}

#[derive(Debug)]
struct Live {
    id: LinkId,
    org: Option<OrgId>,
    expires_at: Option<Timestamp>,
}

async fn live(tx: &mut Tx, kind: &str, token_hash: &str, now: Timestamp) -> Result<Option<Live>, Error> {
    const TABLE: &str = "one_time_link";
    let row: Option<(String, String, Option<String>, Option<i64>)> =
        on!(tx, c => sqlx::query_as(LIVE).bind(token_hash).bind(kind).bind(now.micros()).fetch_optional(c).await)?;
    row.map(|(id, _, org, expires_at)| {
        Ok(Live {
            org: org.map(|org| read(org.parse().ok(), TABLE, "org_id", &id)).transpose()?,
            id: read(id.parse().ok(), TABLE, "id", &id)?,
            expires_at: expires_at.map(Timestamp::from_micros),
        })
    })
    .transpose()
}

/// When a live setup link expires; the outer `None`: there is no such link.
pub async fn inspect_setup(tx: &mut Tx, token_hash: &str, now: Timestamp) -> Result<Option<Option<Timestamp>>, Error> {
    if people::any_administrator(tx).await? {
        return Ok(None);
    }
    Ok(live(tx, "setup", token_hash, now).await?.map(|link| link.expires_at))
}

/// A held organization lets nobody in, and its link waits.
fn is_open(org: &OrgFacts) -> bool {
    org.state.is_open() && org.holds.first().is_none()
}

/// The organization behind a live bootstrap link, and when the link expires.
pub async fn inspect_bootstrap(
    tx: &mut Tx,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<(OrgFacts, Option<Timestamp>)>, Error> {
    let Some(Live { org: Some(org), expires_at, .. }) = live(tx, "bootstrap", token_hash, now).await? else {
        return Ok(None);
    };
    // The link's secret stands for the system here: it vouches for exactly this organization.
    let grant = tx.authorize::<OrgRead>(&Actor::System, Target::Org(org), now).await?;
    let org = grant.org(tx)?.clone();
    Ok(is_open(&org).then_some((org, expires_at)))
}

async fn redeem(tx: &mut WriteTx, link: &Live) -> Result<bool, Error> {
    let now = tx.now().micros();
    let id = link.id.to_string();
    let redeemed: Option<String> =
        on!(tx, c => sqlx::query_scalar(REDEEM).bind(&id).bind(now).fetch_optional(c).await)?;
    Ok(redeemed.is_some())
}

/// Redeems the first-run link; `None` when it is dead or an administrator exists. All other setup links die with it.
pub async fn redeem_setup(tx: &mut WriteTx, token_hash: &str) -> Result<Option<Redeemed<Setup>>, Error> {
    let now = tx.now();
    let Some(link) = live(tx, "setup", token_hash, now).await? else { return Ok(None) };
    if people::any_administrator(tx).await? || !redeem(tx, &link).await? {
        return Ok(None);
    }
    on!(tx, c => sqlx::query(REVOKE_SETUP).bind(now.micros()).execute(c).await.map(drop))?;
    Ok(Some(Redeemed { serial: tx.serial(), link: link.id, org: None, kind: PhantomData }))
}

/// Redeems a bootstrap link; of two that try at once, one gets the proof. Its organization is locked.
pub async fn redeem_bootstrap(tx: &mut WriteTx, token_hash: &str) -> Result<Option<Redeemed<Bootstrap>>, Error> {
    let now = tx.now();
    let Some(link) = live(tx, "bootstrap", token_hash, now).await? else { return Ok(None) };
    let Some(org) = link.org else { return Ok(None) };
    let grant = tx.authorize::<OrgRead>(&Actor::System, Target::Org(org), now).await?;
    let org = grant.org(tx)?.clone();
    if !is_open(&org) || !redeem(tx, &link).await? {
        return Ok(None);
    }
    Ok(Some(Redeemed { serial: tx.serial(), link: link.id, org: Some(org), kind: PhantomData }))
}

/// What may see a link's state; never its token.
pub trait SeesLink: Capability {}
impl SeesLink for OrgAdminRead {}
impl SeesLink for OrgRead {}

/// The newest bootstrap link's state.
pub async fn status<P: SeesLink>(tx: &mut Tx, grant: &Granted<P>, now: Timestamp) -> Result<Option<LinkStatus>, Error> {
    let org = grant.org(tx)?.id.to_string();
    type Row = (i64, Option<i64>, Option<i64>, Option<i64>, Option<i64>);
    let row: Option<Row> = on!(tx, c => sqlx::query_as(NEWEST).bind(org).fetch_optional(c).await)?;
    Ok(row.map(|(created_at, expires_at, opened_at, redeemed_at, revoked_at)| LinkStatus {
        created_at: Timestamp::from_micros(created_at),
        expires_at: expires_at.map(Timestamp::from_micros),
        opened_at: opened_at.map(Timestamp::from_micros),
        state: match (redeemed_at, revoked_at, expires_at) {
            (Some(_), ..) => LinkState::Redeemed,
            (_, Some(_), _) => LinkState::Revoked,
            (_, _, Some(at)) if at <= now.micros() => LinkState::Expired,
            _ => LinkState::Live,
        },
    }))
}

//! Console sessions and known devices; only hashes of their tokens are kept.

use domain::Timestamp;
use domain::authz::cap::OwnSession;
use domain::id::{PersonId, SessionId};
use domain::people::Viewer;

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

#[derive(Debug)]
pub struct NewSession<'a> {
    pub id: SessionId,
    pub person: PersonId,
    pub token_hash: &'a str,
    /// The person's session generation as it was when the password was checked.
    pub generation: i64,
    pub expires_at: Timestamp,
    pub address: &'a str,
    pub user_agent: &'a str,
}

queries! {
    INSERT = "INSERT INTO session (id, person_id, token_hash, generation, created_at, expires_at, address, user_agent, epoch)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, (SELECT e.value FROM auth_epoch e WHERE e.id = 1))";
    DELETE = "DELETE FROM session WHERE id = $1";
    DELETE_EXPIRED = "DELETE FROM session WHERE person_id = $1 AND expires_at <= $2";
    REMEMBER_DEVICE = "INSERT INTO known_device (token_hash, person_id, used_at) VALUES ($1, $2, $3)
        ON CONFLICT (token_hash, person_id) DO UPDATE SET used_at = excluded.used_at";
    KNOWS_DEVICE = "SELECT used_at FROM known_device WHERE token_hash = $1 AND person_id = $2";
    VIEWER = "SELECT p.id, p.name, p.email, p.platform_admin
        FROM session s JOIN person p ON p.id = s.person_id AND p.session_generation = s.generation
        WHERE s.token_hash = $1 AND s.expires_at > $2";
}

/// Starts a session, after the caller has checked a password or redeemed a link for it.
pub async fn insert(tx: &mut WriteTx, session: &NewSession<'_>) -> Result<(), Error> {
    let now = tx.now();
    on!(tx, c => sqlx::query(DELETE_EXPIRED).bind(session.person.to_string()).bind(now.micros()).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(INSERT)
        .bind(session.id.to_string())
        .bind(session.person.to_string())
        .bind(session.token_hash)
        .bind(session.generation)
        .bind(now.micros())
        .bind(session.expires_at.micros())
        .bind(session.address)
        .bind(session.user_agent)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Ends the proof's own session.
pub async fn end(tx: &mut WriteTx, grant: &Granted<OwnSession>) -> Result<(), Error> {
    grant.check(tx)?;
    let id = grant.session()?.to_string();
    on!(tx, c => sqlx::query(DELETE).bind(id).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn remember_device(tx: &mut WriteTx, device_hash: &str, person: PersonId) -> Result<(), Error> {
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(REMEMBER_DEVICE).bind(device_hash).bind(person.to_string()).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn knows_device(tx: &mut Tx, device_hash: &str, person: PersonId) -> Result<bool, Error> {
    let row: Option<i64> = on!(tx, c => sqlx::query_scalar(KNOWS_DEVICE)
        .bind(device_hash).bind(person.to_string()).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Whose session it is, for pages that also serve people who aren't signed in.
pub async fn viewer(tx: &mut Tx, token_hash: &str, now: Timestamp) -> Result<Option<Viewer>, Error> {
    let row: Option<(String, String, String, bool)> =
        on!(tx, c => sqlx::query_as(VIEWER).bind(token_hash).bind(now.micros()).fetch_optional(c).await)?;
    row.map(|(id, name, email, platform_admin)| {
        Ok(Viewer { id: read(id.parse().ok(), "person", "id", &id)?, name, email, platform_admin })
    })
    .transpose()
}

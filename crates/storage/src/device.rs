//! Programs that wait to be signed in, and the proof that redeeming an approved code gives.

use domain::Timestamp;
use domain::authz::cap::AccountTokens;
use domain::device::{INTERVAL, UserCode};
use domain::id::{DeviceId, PersonId};
use domain::time::Span;

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

/// Dead codes are kept this long, so that a program is told why it waits in vain.
const KEEP_DEAD: Span = Span::hours(1);

queries! {
    FORGET_DEAD = "DELETE FROM device_code WHERE expires_at <= $1";
    INSERT = "INSERT INTO device_code
        (id, device_code_hash, user_code_folded, client, address, created_at, expires_at, interval_seconds, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending') ON CONFLICT (user_code_folded) DO NOTHING RETURNING id";
    PENDING = "SELECT id, client, address, created_at FROM device_code
        WHERE user_code_folded = $1 AND state = 'pending' AND expires_at > $2";
    DECIDE = "UPDATE device_code SET state = $2, person_id = $3,
            generation = (SELECT p.session_generation FROM person p WHERE p.id = $3)
        WHERE id = $1 AND state = 'pending' AND expires_at > $4 RETURNING id";
    /// The empty update takes the row's lock in both engines.
    LOCK = "UPDATE device_code SET state = state WHERE device_code_hash = $1 AND client = $2
        RETURNING id, user_code_folded, expires_at, interval_seconds, last_polled_at, state";
    NOTE_POLL = "UPDATE device_code SET last_polled_at = $2, interval_seconds = $3 WHERE id = $1";
    /// Only while the sessions of whoever approved are good still.
    REDEEM = "UPDATE device_code SET state = 'redeemed' WHERE id = $1 AND state = 'approved'
        AND generation = (SELECT p.session_generation FROM person p WHERE p.id = device_code.person_id)
        RETURNING person_id";
}

#[derive(Debug)]
pub struct NewDevice<'a> {
    pub id: DeviceId,
    pub device_code_hash: &'a str,
    pub user_code: &'a UserCode,
    pub client: &'a str,
    pub address: Option<String>,
    pub expires_at: Timestamp,
}

/// Lets a program wait; `false` when another waits under this user code.
pub async fn insert(tx: &mut WriteTx, device: &NewDevice<'_>) -> Result<bool, Error> {
    let now = tx.now();
    let dead = now.minus(KEEP_DEAD).micros();
    on!(tx, c => sqlx::query(FORGET_DEAD).bind(dead).execute(c).await.map(drop))?;
    let id: Option<String> = on!(tx, c => sqlx::query_scalar(INSERT)
        .bind(device.id.to_string())
        .bind(device.device_code_hash)
        .bind(device.user_code.folded())
        .bind(device.client)
        .bind(&device.address)
        .bind(now.micros())
        .bind(device.expires_at.micros())
        .bind(INTERVAL)
        .fetch_optional(c).await)?;
    Ok(id.is_some())
}

/// A program that waits for a decision.
#[derive(Debug, Clone)]
pub struct Pending {
    pub id: DeviceId,
    pub client: String,
    pub address: Option<String>,
    pub created_at: Timestamp,
}

/// The program that waits under this code; only who could sign it in may look.
pub async fn pending(
    tx: &mut WriteTx,
    grant: &Granted<AccountTokens>,
    code: &UserCode,
) -> Result<Option<Pending>, Error> {
    grant.check(tx)?;
    let now = tx.now().micros();
    let row: Option<(String, String, Option<String>, i64)> =
        on!(tx, c => sqlx::query_as(PENDING).bind(code.folded()).bind(now).fetch_optional(c).await)?;
    row.map(|(id, client, address, created_at)| {
        let id = read(id.parse().ok(), "device_code", "id", &id)?;
        Ok(Pending { id, client, address, created_at: Timestamp::from_micros(created_at) })
    })
    .transpose()
}

/// Approves or denies in the name of the proof's person; `false` when somebody has decided already.
pub async fn decide(
    tx: &mut WriteTx,
    grant: &Granted<AccountTokens>,
    id: DeviceId,
    approved: bool,
) -> Result<bool, Error> {
    grant.check(tx)?;
    let person = grant.viewer()?.id.to_string();
    let state = if approved { "approved" } else { "denied" };
    let now = tx.now().micros();
    let decided: Option<String> = on!(tx, c => sqlx::query_scalar(DECIDE)
        .bind(id.to_string()).bind(state).bind(person).bind(now).fetch_optional(c).await)?;
    Ok(decided.is_some())
}

/// Proof that somebody approved, and that the program which asked them has come back in this transaction.
#[derive(Debug)]
pub struct SignIn {
    serial: u64,
    person: PersonId,
    code: String,
}

impl SignIn {
    pub fn person(&self, tx: &Tx) -> Result<PersonId, Error> {
        if self.serial == tx.serial() { Ok(self.person) } else { Err(Error::ForeignProof) }
    }

    /// The user code that was approved, as stored.
    pub fn code(&self) -> &str {
        &self.code
    }
}

/// What a program is answered.
#[derive(Debug)]
pub enum Poll {
    /// No code of ours, or one that was used.
    Unknown,
    Expired,
    Denied,
    Pending,
    TooSoon,
    Approved(SignIn),
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    user_code_folded: String,
    expires_at: i64,
    interval_seconds: i64,
    last_polled_at: Option<i64>,
    state: String,
}

/// A program asks what became of its code. Of two that ask at once, one gets the proof.
pub async fn poll(tx: &mut WriteTx, client: &str, device_code_hash: &str) -> Result<Poll, Error> {
    let now = tx.now();
    let row: Option<Row> =
        on!(tx, c => sqlx::query_as(LOCK).bind(device_code_hash).bind(client).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(Poll::Unknown) };
    match row.state.as_str() {
        "redeemed" => Ok(Poll::Unknown),
        _ if row.expires_at <= now.micros() => Ok(Poll::Expired),
        "denied" => Ok(Poll::Denied),
        "approved" => redeem(tx, row).await,
        _ => wait(tx, &row, now).await,
    }
}

async fn redeem(tx: &mut WriteTx, row: Row) -> Result<Poll, Error> {
    let person: Option<String> = on!(tx, c => sqlx::query_scalar(REDEEM).bind(&row.id).fetch_optional(c).await)?;
    let Some(person) = person else { return Ok(Poll::Expired) };
    let person = read(person.parse().ok(), "device_code", "person_id", &row.id)?;
    Ok(Poll::Approved(SignIn { serial: tx.serial(), person, code: row.user_code_folded }))
}

async fn wait(tx: &mut WriteTx, row: &Row, now: Timestamp) -> Result<Poll, Error> {
    let earliest = row.last_polled_at.map(|last| last + Span::from_seconds(row.interval_seconds).micros());
    let too_soon = earliest.is_some_and(|earliest| now.micros() < earliest);
    let interval = if too_soon { row.interval_seconds + INTERVAL } else { row.interval_seconds };
    on!(tx, c => sqlx::query(NOTE_POLL)
        .bind(&row.id).bind(now.micros()).bind(interval).execute(c).await.map(drop))?;
    Ok(if too_soon { Poll::TooSoon } else { Poll::Pending })
}

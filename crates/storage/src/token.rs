//! API tokens; only hashes of them are kept.

use domain::Timestamp;
use domain::authz::cap::{AccountRead, AccountTokens};
use domain::id::{PersonId, TokenId};
use domain::token::{TokenKind, TokenRow};

use crate::authz::Granted;
use crate::device::SignIn;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

#[derive(Debug)]
pub struct NewToken<'a> {
    pub id: TokenId,
    pub token_hash: &'a str,
    pub name: &'a str,
    pub scopes: &'a str,
    /// `None`: never.
    pub expires_at: Option<Timestamp>,
}

queries! {
    INSERT = "INSERT INTO token (id, kind, token_hash, name, person_id, scopes, active, created_at, expires_at, epoch)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, (SELECT e.value FROM auth_epoch e WHERE e.id = 1))";
    FORGET_EXPIRED = "DELETE FROM token WHERE person_id = $1 AND kind = 'cli' AND expires_at <= $2";
    /// The empty update locks the person on both engines, so that parallel requests can't pass the limit together.
    LOCK_PERSON = "UPDATE person SET name = name WHERE id = $1";
    COUNT = "SELECT COUNT(*) FROM token WHERE person_id = $1 AND kind = 'personal'";
    OF_PERSON = "SELECT id, kind, name, scopes, active, created_at, expires_at, last_used_at
        FROM token WHERE person_id = $1 ORDER BY created_at DESC, id DESC";
    SET_ACTIVE = "UPDATE token SET active = $3 WHERE id = $1 AND person_id = $2 AND active <> $3 RETURNING id";
    DELETE = "DELETE FROM token WHERE id = $1 AND person_id = $2 RETURNING name";
    TOUCH = "UPDATE token SET last_used_at = $2 WHERE token_hash = $1
        AND (last_used_at IS NULL OR last_used_at < $2)";
}

/// Adds a personal token of the proof's person, unless they have `max` already.
pub async fn insert(
    tx: &mut WriteTx,
    grant: &Granted<AccountTokens>,
    token: &NewToken<'_>,
    max: i64,
) -> Result<bool, Error> {
    grant.check(tx)?;
    let person = grant.viewer()?.id;
    on!(tx, c => sqlx::query(LOCK_PERSON).bind(person.to_string()).execute(c).await.map(drop))?;
    let count: i64 = on!(tx, c => sqlx::query_scalar(COUNT).bind(person.to_string()).fetch_one(c).await)?;
    if count >= max {
        return Ok(false);
    }
    put(tx, TokenKind::Personal, person, token).await?;
    Ok(true)
}

/// Adds a token for a sign-in from the command line; those that have expired go.
pub async fn insert_cli(tx: &mut WriteTx, proof: &SignIn, token: &NewToken<'_>) -> Result<(), Error> {
    let person = proof.person(tx)?;
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(FORGET_EXPIRED).bind(person.to_string()).bind(now).execute(c).await.map(drop))?;
    put(tx, TokenKind::Cli, person, token).await
}

async fn put(tx: &mut WriteTx, kind: TokenKind, person: PersonId, token: &NewToken<'_>) -> Result<(), Error> {
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(INSERT)
        .bind(token.id.to_string())
        .bind(kind.name())
        .bind(token.token_hash)
        .bind(token.name)
        .bind(person.to_string())
        .bind(token.scopes)
        .bind(true)
        .bind(now)
        .bind(token.expires_at.map(Timestamp::micros))
        .execute(c).await.map(drop))
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    kind: String,
    name: String,
    scopes: String,
    active: bool,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
}

/// The person's own tokens, newest first.
pub async fn of_person(tx: &mut Tx, grant: &Granted<AccountRead>) -> Result<Vec<TokenRow>, Error> {
    grant.check(tx)?;
    let person = grant.viewer()?.id.to_string();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_PERSON).bind(person).fetch_all(c).await)?;
    rows.into_iter()
        .map(|row| {
            Ok(TokenRow {
                id: read(row.id.parse().ok(), "token", "id", &row.id)?,
                kind: read(TokenKind::from_name(&row.kind), "token", "kind", &row.id)?,
                name: row.name,
                scopes: row.scopes,
                active: row.active,
                created_at: Timestamp::from_micros(row.created_at),
                expires_at: row.expires_at.map(Timestamp::from_micros),
                last_used_at: row.last_used_at.map(Timestamp::from_micros),
            })
        })
        .collect()
}

/// Turns one of the person's tokens on or off; `false` when that changes nothing or there is no such token.
pub async fn set_active(
    tx: &mut WriteTx,
    grant: &Granted<AccountTokens>,
    id: TokenId,
    active: bool,
) -> Result<bool, Error> {
    grant.check(tx)?;
    let person = grant.viewer()?.id.to_string();
    let changed: Option<String> = on!(tx, c => sqlx::query_scalar(SET_ACTIVE)
        .bind(id.to_string()).bind(person).bind(active).fetch_optional(c).await)?;
    Ok(changed.is_some())
}

/// Deletes one of the person's tokens and answers its name.
pub async fn delete(tx: &mut WriteTx, grant: &Granted<AccountTokens>, id: TokenId) -> Result<Option<String>, Error> {
    grant.check(tx)?;
    let person = grant.viewer()?.id.to_string();
    on!(tx, c => sqlx::query_scalar(DELETE).bind(id.to_string()).bind(person).fetch_optional(c).await)
}

/// Notes when tokens were last used; unknown hashes change nothing.
pub async fn touch(tx: &mut WriteTx, used: &[(String, Timestamp)]) -> Result<(), Error> {
    for (token_hash, at) in used {
        on!(tx, c => sqlx::query(TOUCH).bind(token_hash).bind(at.micros()).execute(c).await.map(drop))?;
    }
    Ok(())
}

//! How many requests clients have made in a minute, over all processes.

use crate::error::Error;
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

queries! {
    ADD = "INSERT INTO rate_count (bucket, minute, used) VALUES ($1, $2, $3)
        ON CONFLICT (bucket, minute) DO UPDATE SET used = rate_count.used + excluded.used RETURNING used";
    KNOWN = "SELECT id FROM token WHERE token_hash = $1";
    FORGET = "DELETE FROM rate_count WHERE minute < $1";
}

/// Adds what one process takes for its client and answers what all of them have taken.
pub async fn add(tx: &mut WriteTx, bucket: &str, minute: i64, taken: i64) -> Result<i64, Error> {
    on!(tx, c => sqlx::query_scalar(ADD).bind(bucket).bind(minute).bind(taken).fetch_one(c).await)
}

/// Whether there is a token of this hash, be it good or not.
pub async fn is_known(tx: &mut Tx, token_hash: &str) -> Result<bool, Error> {
    let id: Option<String> = on!(tx, c => sqlx::query_scalar(KNOWN).bind(token_hash).fetch_optional(c).await)?;
    Ok(id.is_some())
}

/// Forgets the minutes before `minute`.
pub async fn forget(tx: &mut WriteTx, minute: i64) -> Result<(), Error> {
    on!(tx, c => sqlx::query(FORGET).bind(minute).execute(c).await.map(drop))
}

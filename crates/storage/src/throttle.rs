//! Delays after failed sign-ins, shared by all processes.

use domain::Timestamp;
use domain::auth::throttle_delay;
use domain::time::Span;

use crate::error::Error;
use crate::macros::{on, queries};
use crate::tx::WriteTx;

/// A row that nobody failed at for this long starts anew.
const FORGET_AFTER: Span = Span::hours(24);

queries! {
    COUNT = "INSERT INTO sign_in_throttle (bucket, failures, blocked_until, updated_at) VALUES ($1, 1, $2, $2)
        ON CONFLICT (bucket) DO UPDATE SET
            failures = CASE WHEN sign_in_throttle.updated_at < $3 THEN 1 ELSE sign_in_throttle.failures + 1 END,
            updated_at = $2
        RETURNING failures, blocked_until";
    BLOCK = "UPDATE sign_in_throttle SET blocked_until = $2 WHERE bucket = $1";
    UNCOUNT = "UPDATE sign_in_throttle SET failures = failures - 1 WHERE bucket = $1 AND failures > 0";
    TAKE_BACK = "UPDATE sign_in_throttle SET failures = failures - 1, blocked_until = $2 WHERE bucket = $1";
    CLEAR = "DELETE FROM sign_in_throttle WHERE bucket = $1";
    REFUSAL = "SELECT minute, unlogged FROM sign_in_refusal WHERE account = $1 AND address = $2";
    FORGET_DELAYS = "DELETE FROM sign_in_throttle WHERE bucket = $1 OR bucket LIKE $2";
    FORGET_REFUSALS = "DELETE FROM sign_in_refusal WHERE account = $1 OR account LIKE $2";
    PUT_REFUSAL = "INSERT INTO sign_in_refusal (account, address, minute, unlogged) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account, address) DO UPDATE SET minute = excluded.minute, unlogged = excluded.unlogged";
}

/// Counts an attempt as a failure and delays the next one after more than `free`. Answers until when the bucket was
/// blocked already; the caller then refuses and rolls back. The count takes the row's lock first, so that of parallel
/// attempts none slips through between looking and counting.
pub async fn count_failure(tx: &mut WriteTx, bucket: &str, free: u32) -> Result<Option<Timestamp>, Error> {
    let now = tx.now();
    let (failures, blocked_until): (i64, i64) = on!(tx, c => sqlx::query_as(COUNT)
        .bind(bucket).bind(now.micros()).bind(now.minus(FORGET_AFTER).micros()).fetch_one(c).await)?;
    if blocked_until > now.micros() {
        return Ok(Some(Timestamp::from_micros(blocked_until)));
    }
    let until = now.plus(throttle_delay(u32::try_from(failures).unwrap_or(u32::MAX), free));
    on!(tx, c => sqlx::query(BLOCK).bind(bucket).bind(until.micros()).execute(c).await.map(drop))?;
    Ok(None)
}

pub async fn clear(tx: &mut WriteTx, bucket: &str) -> Result<(), Error> {
    on!(tx, c => sqlx::query(CLEAR).bind(bucket).execute(c).await.map(drop))?;
    Ok(())
}

/// Notes a refusal; answers the number to log, at most once a minute for each account and address.
pub async fn note_refusal(tx: &mut WriteTx, account: &str, address: &str) -> Result<Option<i64>, Error> {
    let minute = tx.now().micros() / Span::minutes(1).micros();
    let row: Option<(i64, i64)> =
        on!(tx, c => sqlx::query_as(REFUSAL).bind(account).bind(address).fetch_optional(c).await)?;
    let (unlogged, to_log) = match row {
        Some((at, unlogged)) if at == minute => (unlogged + 1, None),
        Some((_, unlogged)) => (0, Some(unlogged + 1)),
        None => (0, Some(1)),
    };
    on!(tx, c => sqlx::query(PUT_REFUSAL)
        .bind(account).bind(address).bind(minute).bind(unlogged).execute(c).await.map(drop))?;
    Ok(to_log)
}

/// Forgets what was counted of an account, and from which addresses: under its own bucket, and those of its devices, which
/// end with `subject`.
pub async fn forget(tx: &mut WriteTx, account: &str, subject: &str) -> Result<(), Error> {
    let devices = format!("device:%:{subject}");
    for sql in [FORGET_DELAYS, FORGET_REFUSALS] {
        on!(tx, c => sqlx::query(sql).bind(account).bind(&devices).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Undoes the count that this same transaction began with, and the delay it brought.
pub async fn take_back(tx: &mut WriteTx, bucket: &str) -> Result<(), Error> {
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(TAKE_BACK).bind(bucket).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Takes one counted failure back: the attempt succeeded.
pub async fn uncount(tx: &mut WriteTx, bucket: &str) -> Result<(), Error> {
    on!(tx, c => sqlx::query(UNCOUNT).bind(bucket).execute(c).await.map(drop))?;
    Ok(())
}

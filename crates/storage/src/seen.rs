//! When people were seen in their organizations: noted in memory whenever one is let in, so that a request which only reads
//! writes nothing, and written down now and then.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::Timestamp;
use domain::id::{OrgId, PersonId};
use domain::time::Span;

use crate::db::Db;
use crate::error::Error;
use crate::macros::{on, queries};
use crate::tx::WriteTx;

/// What is noted between two times of writing it down; more is let go.
const NOTED_MAX: usize = 50_000;
/// Days on which people were seen are kept this long: longer than any report's period.
pub const DAYS_KEPT: i64 = 70;
const DAY: i64 = Span::days(1).micros();

queries! {
    SEEN = "UPDATE member SET last_seen_at = $3 WHERE org_id = $1 AND person_id = $2 AND state <> 'revoked'
        AND (last_seen_at IS NULL OR last_seen_at < $3)";
    SEEN_ON = "INSERT INTO member_day (org_id, person_id, day, first_at, last_at)
        SELECT m.org_id, m.person_id, CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT) FROM member m
        WHERE m.org_id = $1 AND m.person_id = $2 AND m.state <> 'revoked'
        ON CONFLICT (org_id, person_id, day) DO UPDATE SET
            first_at = CASE WHEN excluded.first_at < member_day.first_at THEN excluded.first_at ELSE member_day.first_at END,
            last_at = CASE WHEN excluded.last_at > member_day.last_at THEN excluded.last_at ELSE member_day.last_at END";
    FORGET = "DELETE FROM member_day WHERE day < $1";
}

/// The day a moment lies on, in UTC.
pub(crate) fn day(at: Timestamp) -> i64 {
    at.micros().div_euclid(DAY)
}

/// A member on a day in UTC.
type Key = (OrgId, PersonId, i64);

/// What one process noted: the first and the last time of each.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<HashMap<Key, (Timestamp, Timestamp)>>);

impl Seen {
    pub fn note(&self, org: OrgId, person: PersonId, at: Timestamp) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (org, person, day(at));
        if noted.len() < NOTED_MAX || noted.contains_key(&key) {
            let (first, last) = noted.entry(key).or_insert((at, at));
            (*first, *last) = ((*first).min(at), (*last).max(at));
        }
    }
}

/// A member, a day, and the first and last time on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Noted {
    org: OrgId,
    person: PersonId,
    day: i64,
    first: Timestamp,
    last: Timestamp,
}

impl Db {
    /// What was noted since the last time, in one order in every process, so that two don't wait for each other.
    pub fn take_seen(&self) -> Vec<Noted> {
        let mut noted: Vec<Noted> = self
            .seen
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain()
            .map(|((org, person, day), (first, last))| Noted { org, person, day, first, last })
            .collect();
        noted.sort();
        noted
    }
}

/// Writes down who was seen; those who left meanwhile are passed over.
pub async fn write_down(tx: &mut WriteTx, noted: &[Noted]) -> Result<(), Error> {
    for Noted { org, person, day, first, last } in noted {
        let (org, person) = (org.to_string(), person.to_string());
        on!(tx, c => sqlx::query(SEEN).bind(&org).bind(&person).bind(last.micros()).execute(c).await.map(drop))?;
        on!(tx, c => sqlx::query(SEEN_ON)
            .bind(&org).bind(&person).bind(*day).bind(first.micros()).bind(last.micros()).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Forgets the days that no report asks for any longer.
pub async fn forget(tx: &mut WriteTx) -> Result<(), Error> {
    let before = day(tx.now()) - DAYS_KEPT;
    on!(tx, c => sqlx::query(FORGET).bind(before).execute(c).await.map(drop))
}

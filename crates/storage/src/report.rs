//! Active user reports: whose are due, who was active, and who wants no more of them.

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{OrgAdminRead, OrgAdminWrite};
use domain::id::{LinkId, OrgId};
use domain::people::Role;
use domain::report::ActivePerson;

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::seen;
use crate::tx::{Tx, WriteTx};

/// Most people of one report.
const PEOPLE_MAX: i64 = 10_000;

queries! {
    LOOK = "INSERT INTO report (org_id, look_at, plan, done_at) VALUES ($1, 0, '', 0)
        ON CONFLICT (org_id) DO UPDATE SET look_at = 0";
    DUE = "SELECT org_id FROM report WHERE look_at <= $1 ORDER BY look_at, org_id LIMIT $2";
    /// The empty update has a second process wait, and then find nothing to do.
    TAKE = "UPDATE report SET look_at = look_at WHERE org_id = $1 AND look_at <= $2 RETURNING plan, done_at";
    PUT_OFF = "UPDATE report SET look_at = $2, plan = $3, done_at = $4 WHERE org_id = $1";
    FORGET = "DELETE FROM report WHERE org_id = $1";
    ACTIVE = "SELECT p.name, p.email, m.role, m.last_seen_at FROM member m JOIN person p ON p.id = m.person_id
        WHERE m.org_id = $1 AND m.state <> 'revoked' AND EXISTS (SELECT 1 FROM member_day d
            WHERE d.org_id = m.org_id AND d.person_id = m.person_id AND d.day >= $2 AND d.day <= $3
                AND d.last_at >= $4 AND d.first_at < $5)
        ORDER BY p.name, p.email_folded LIMIT $6";
    MEMBERS = "SELECT COUNT(*) FROM member WHERE org_id = $1 AND state <> 'revoked'";
    RECIPIENTS = "SELECT id, address_hash, sealed_token, unsubscribed_at FROM report_recipient WHERE org_id = $1";
    ADD_RECIPIENT = "INSERT INTO report_recipient (id, org_id, address_hash, token_hash, sealed_token)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    BY_TOKEN = "SELECT o.display_name, r.unsubscribed_at
        FROM report_recipient r JOIN organization o ON o.id = r.org_id WHERE r.token_hash = $1";
    UNSUBSCRIBE = "UPDATE report_recipient SET unsubscribed_at = $2
        WHERE token_hash = $1 AND unsubscribed_at IS NULL RETURNING org_id";
}

/// Has the report looked at: its settings were saved.
pub(crate) async fn look(tx: &mut WriteTx, org: OrgId) -> Result<(), Error> {
    on!(tx, c => sqlx::query(LOOK).bind(org.to_string()).execute(c).await.map(drop))
}

/// Organizations whose report is to be looked at, at most `limit`.
pub async fn due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<OrgId>, Error> {
    let ids: Vec<String> = on!(tx, c => sqlx::query_scalar(DUE).bind(now.micros()).bind(limit).fetch_all(c).await)?;
    ids.iter().map(|id| read(id.parse().ok(), "report", "org_id", id)).collect()
}

/// What was reckoned the last time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reckoned {
    /// Schedule and time zone; empty the first time.
    pub plan: String,
    pub done_at: Timestamp,
}

/// Takes a report that is due for this transaction; `None` when another process was faster.
pub async fn take(tx: &mut WriteTx, grant: &Granted<OrgAdminRead>) -> Result<Option<Reckoned>, Error> {
    let (org, now) = (grant.org(tx)?.id.to_string(), tx.now().micros());
    let row: Option<(String, i64)> = on!(tx, c => sqlx::query_as(TAKE).bind(org).bind(now).fetch_optional(c).await)?;
    Ok(row.map(|(plan, done_at)| Reckoned { plan, done_at: Timestamp::from_micros(done_at) }))
}

/// Has a report rest until `look_at`.
pub async fn put_off(
    tx: &mut WriteTx,
    grant: &Granted<OrgAdminRead>,
    look_at: Timestamp,
    reckoned: &Reckoned,
) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query(PUT_OFF)
        .bind(org).bind(look_at.micros()).bind(&reckoned.plan).bind(reckoned.done_at.micros())
        .execute(c).await.map(drop))
}

/// The report is off: nothing is looked at until the settings are saved.
pub async fn forget(tx: &mut WriteTx, grant: &Granted<OrgAdminRead>) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query(FORGET).bind(org).execute(c).await.map(drop))
}

/// What may make a report.
pub trait MakesReports: Capability {}
impl MakesReports for OrgAdminRead {}
impl MakesReports for OrgAdminWrite {}

/// Who was seen from `start` until before `end`, by name, and how many members there are.
pub async fn active<P: MakesReports>(
    tx: &mut Tx,
    grant: &Granted<P>,
    start: Timestamp,
    end: Timestamp,
) -> Result<(Vec<ActivePerson>, u64), Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, String, String, Option<i64>)> = on!(tx, c => sqlx::query_as(ACTIVE)
        .bind(&org)
        .bind(seen::day(start))
        .bind(seen::day(end))
        .bind(start.micros())
        .bind(end.micros())
        .bind(PEOPLE_MAX)
        .fetch_all(c).await)?;
    let members: i64 = on!(tx, c => sqlx::query_scalar(MEMBERS).bind(&org).fetch_one(c).await)?;
    let people = rows.into_iter().map(|(name, email, role, last_seen_at)| {
        let role = read(Role::from_name(&role), "member", "role", &org)?;
        Ok(ActivePerson { name, email, role, last_seen_at: last_seen_at.map(Timestamp::from_micros) })
    });
    Ok((people.collect::<Result<_, Error>>()?, members.unsigned_abs()))
}

/// Somebody a report went to.
#[derive(Debug, Clone)]
pub struct Recipient {
    pub id: LinkId,
    /// Of the folded address.
    pub address_hash: String,
    pub sealed_token: String,
    pub unsubscribed_at: Option<Timestamp>,
}

pub async fn recipients<P: MakesReports>(tx: &mut Tx, grant: &Granted<P>) -> Result<Vec<Recipient>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, String, String, Option<i64>)> =
        on!(tx, c => sqlx::query_as(RECIPIENTS).bind(org).fetch_all(c).await)?;
    let rows = rows.into_iter().map(|(id, address_hash, sealed_token, unsubscribed_at)| {
        Ok(Recipient {
            id: read(id.parse().ok(), "report_recipient", "id", &id)?,
            address_hash,
            sealed_token,
            unsubscribed_at: unsubscribed_at.map(Timestamp::from_micros),
        })
    });
    rows.collect()
}

/// Keeps the token by which a recipient ends reports.
pub async fn add_recipient<P: MakesReports>(
    tx: &mut WriteTx,
    grant: &Granted<P>,
    recipient: &Recipient,
    token_hash: &str,
) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query(ADD_RECIPIENT)
        .bind(recipient.id.to_string())
        .bind(org)
        .bind(&recipient.address_hash)
        .bind(token_hash)
        .bind(&recipient.sealed_token)
        .execute(c).await.map(drop))
}

/// The organization's name behind a token, and since when its reports don't come any longer.
pub async fn by_token(tx: &mut Tx, token_hash: &str) -> Result<Option<(String, Option<Timestamp>)>, Error> {
    let row: Option<(String, Option<i64>)> =
        on!(tx, c => sqlx::query_as(BY_TOKEN).bind(token_hash).fetch_optional(c).await)?;
    Ok(row.map(|(name, since)| (name, since.map(Timestamp::from_micros))))
}

/// Ends the reports to the token's address; `None` when that was done before.
pub async fn unsubscribe(tx: &mut WriteTx, token_hash: &str) -> Result<Option<OrgId>, Error> {
    let now = tx.now().micros();
    let org: Option<String> =
        on!(tx, c => sqlx::query_scalar(UNSUBSCRIBE).bind(token_hash).bind(now).fetch_optional(c).await)?;
    org.map(|org| read(org.parse().ok(), "report_recipient", "org_id", &org)).transpose()
}

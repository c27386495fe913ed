//! Mail: enqueued where it becomes necessary, read by those who look after it, sent by jobs.

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{MailRead, MailWrite};
use domain::id::{MailId, OrgId, PersonId};
use domain::mail::{MailKind, MailRow, MailState, MailsQuery};

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::job::{self, Lease};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

const TABLE: &str = "mail";

queries! {
    INSERT = "INSERT INTO mail (id, to_address, to_person, org_id, kind, subject, sealed_body, has_link, state, created_at,
            attempts, dedupe_key)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11) ON CONFLICT DO NOTHING RETURNING id";
    LIST = "SELECT id, to_address, subject, kind, state, has_link, created_at, sent_at, attempts, last_error FROM mail
        WHERE (CAST($1 AS TEXT) IS NULL OR state = $1) AND (CAST($2 AS TEXT) IS NULL OR id < $2)
        ORDER BY id DESC LIMIT $3";
    FIND = "SELECT id, to_address, subject, kind, state, has_link, created_at, sent_at, attempts, last_error FROM mail
        WHERE id = $1";
    BODY = "SELECT sealed_body FROM mail WHERE id = $1";
    ADMINISTRATOR = "SELECT p.id FROM person p
        WHERE p.platform_admin AND (p.email_folded = $1 OR p.id = (SELECT m.to_person FROM mail m WHERE m.id = $2))
            AND p.id <> $3 LIMIT 1";
    QUEUED = "SELECT to_address, subject, sealed_body FROM mail WHERE id = $1 AND state = 'queued'";
    REQUEUE = "UPDATE mail SET state = 'queued', attempts = 0, last_error = NULL
        WHERE id = $1 AND state IN ('failed', 'kept') RETURNING id";
    SENT = "UPDATE mail SET state = 'sent', sealed_body = '', sent_at = $2, attempts = attempts + 1, last_error = NULL
        WHERE id = $1";
    NOT_SENT = "UPDATE mail SET state = $2, attempts = attempts + 1, last_error = $3 WHERE id = $1";
    KEEP = "UPDATE mail SET state = 'kept' WHERE id = $1";
}

#[derive(Debug)]
pub struct NewMail<'a> {
    pub id: MailId,
    pub to: &'a str,
    pub to_person: Option<PersonId>,
    pub org: Option<OrgId>,
    pub kind: MailKind,
    pub subject: &'a str,
    pub sealed_body: &'a str,
    pub has_link: bool,
    /// `Queued`, or `Kept` where there is no mail server.
    pub state: MailState,
    /// Of two mails with the same one, only the first is made.
    pub dedupe_key: Option<&'a str>,
}

/// Adds a mail; `false` when the like of it was mailed before.
pub async fn insert(tx: &mut WriteTx, mail: &NewMail<'_>) -> Result<bool, Error> {
    let now = tx.now().micros();
    let id: Option<String> = on!(tx, c => sqlx::query_scalar(INSERT)
        .bind(mail.id.to_string())
        .bind(mail.to)
        .bind(mail.to_person.map(|person| person.to_string()))
        .bind(mail.org.map(|org| org.to_string()))
        .bind(mail.kind.name())
        .bind(mail.subject)
        .bind(mail.sealed_body)
        .bind(mail.has_link)
        .bind(mail.state.name())
        .bind(now)
        .bind(mail.dedupe_key)
        .fetch_optional(c).await)?;
    Ok(id.is_some())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    to_address: String,
    subject: String,
    kind: String,
    state: String,
    has_link: bool,
    created_at: i64,
    sent_at: Option<i64>,
    attempts: i64,
    last_error: Option<String>,
}

impl TryFrom<Row> for MailRow {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: read(row.id.parse().ok(), TABLE, "id", &row.id)?,
            kind: read(MailKind::from_name(&row.kind), TABLE, "kind", &row.id)?,
            state: read(MailState::from_name(&row.state), TABLE, "state", &row.id)?,
            to: row.to_address,
            subject: row.subject,
            has_link: row.has_link,
            created_at: Timestamp::from_micros(row.created_at),
            sent_at: row.sent_at.map(Timestamp::from_micros),
            attempts: row.attempts,
            last_error: row.last_error,
        })
    }
}

/// At most `limit`, newest first.
pub async fn list(
    tx: &mut Tx,
    grant: &Granted<MailRead>,
    query: &MailsQuery,
    limit: i64,
) -> Result<Vec<MailRow>, Error> {
    grant.check(tx)?;
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST)
        .bind(query.state.map(MailState::name))
        .bind(query.before.map(|id| id.to_string()))
        .bind(limit)
        .fetch_all(c).await)?;
    rows.into_iter().map(MailRow::try_from).collect()
}

/// What may look at one mail.
pub trait SeesMail: Capability {}
impl SeesMail for MailRead {}
impl SeesMail for MailWrite {}

pub async fn find<P: SeesMail>(tx: &mut Tx, grant: &Granted<P>, id: MailId) -> Result<Option<MailRow>, Error> {
    grant.check(tx)?;
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id.to_string()).fetch_optional(c).await)?;
    row.map(MailRow::try_from).transpose()
}

/// What the mail says, sealed; empty once it was sent.
pub async fn body<P: SeesMail>(tx: &mut Tx, grant: &Granted<P>, id: MailId) -> Result<String, Error> {
    grant.check(tx)?;
    let body: Option<String> = on!(tx, c => sqlx::query_scalar(BODY).bind(id.to_string()).fetch_optional(c).await)?;
    Ok(body.unwrap_or_default())
}

/// Whether a mail is for a platform administrator other than `person`, by account or by address.
pub async fn is_another_administrators<P: SeesMail>(
    tx: &mut Tx,
    grant: &Granted<P>,
    mail: &MailRow,
    person: PersonId,
) -> Result<bool, Error> {
    grant.check(tx)?;
    let found: Option<String> = on!(tx, c => sqlx::query_scalar(ADMINISTRATOR)
        .bind(mail.to.to_lowercase()).bind(mail.id.to_string()).bind(person.to_string()).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Has a mail wait again that failed or was kept; `false` for every other.
pub async fn requeue(tx: &mut WriteTx, grant: &Granted<MailWrite>, id: MailId) -> Result<bool, Error> {
    grant.check(tx)?;
    let done: Option<String> = on!(tx, c => sqlx::query_scalar(REQUEUE).bind(id.to_string()).fetch_optional(c).await)?;
    Ok(done.is_some())
}

/// A mail that waits, for the job that sends it.
#[derive(Debug)]
pub struct Queued {
    pub to: String,
    pub subject: String,
    pub sealed_body: String,
}

/// `None`: there is nothing left to send.
pub async fn queued(tx: &mut Tx, _: &Lease, id: MailId) -> Result<Option<Queued>, Error> {
    let row: Option<(String, String, String)> =
        on!(tx, c => sqlx::query_as(QUEUED).bind(id.to_string()).fetch_optional(c).await)?;
    Ok(row.map(|(to, subject, sealed_body)| Queued { to, subject, sealed_body }))
}

/// The mail server has it: nothing of what it said stays here.
pub async fn sent(tx: &mut WriteTx, lease: &Lease, id: MailId) -> Result<(), Error> {
    job::finish(tx, lease).await?;
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(SENT).bind(id.to_string()).bind(now).execute(c).await.map(drop))
}

/// Notes why it couldn't be sent; it is tried again at `run_at`, or with `None` never by itself.
pub async fn not_sent(
    tx: &mut WriteTx,
    lease: &Lease,
    id: MailId,
    error: &str,
    run_at: Option<Timestamp>,
) -> Result<(), Error> {
    job::failed(tx, lease, error, run_at).await?;
    let state = if run_at.is_some() { MailState::Queued } else { MailState::Failed };
    on!(tx, c => sqlx::query(NOT_SENT)
        .bind(id.to_string()).bind(state.name()).bind(error).execute(c).await.map(drop))
}

/// The mail server was taken out of the configuration: the mail stays here.
pub async fn keep(tx: &mut WriteTx, lease: &Lease, id: MailId) -> Result<(), Error> {
    job::finish(tx, lease).await?;
    on!(tx, c => sqlx::query(KEEP).bind(id.to_string()).execute(c).await.map(drop))
}

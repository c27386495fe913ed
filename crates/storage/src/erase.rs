//! Erasing a person: the account at once, what the audit log shows of them in batches. Entries keep the opaque id and the
//! salted hashes, so every chain stays whole.

use domain::audit::{Chain, REMOVED_PERSON};
use domain::authz::cap::PeopleErase;
use domain::email::Email;
use domain::id::{PersonId, ProcessId};
use serde_json::Value;

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::job::{self, Lease};
use crate::macros::{on, queries};
use crate::people;
use crate::process::process_of;
use crate::tx::{Tx, WriteTx};

/// Entries looked at, and revisions changed, in one transaction.
const BATCH: i64 = 500;
/// Organizations that are named when a person still belongs to some.
const NAMED_MAX: i64 = 20;

queries! {
    ACCOUNT = "SELECT platform_admin, email_folded FROM person WHERE id = $1";
    HAS_LOG = "SELECT chain FROM audit_head WHERE chain = $1";
    /// The empty update takes the rows' locks, so that the last two can't go at once.
    LOCK_ADMINISTRATORS = "UPDATE person SET name = name WHERE platform_admin";
    OTHER_ADMINISTRATOR = "SELECT id FROM person WHERE platform_admin AND id <> $1 LIMIT 1";
    MEMBER_OF = "SELECT o.display_name FROM member m JOIN organization o ON o.id = m.org_id
        WHERE m.person_id = $1 AND m.state <> 'revoked' ORDER BY o.name_folded, o.id LIMIT $2";
    BY_FORMER_EMAIL = "SELECT DISTINCT chain FROM audit_personal WHERE chain >= 'account:' AND chain < 'account;'
        AND name = 'email' AND (value = $1 OR LOWER(value) = $2) ORDER BY chain";
    START = "INSERT INTO erasure (id, person_id, chain, seq) VALUES ($1, $2, '', 0)";
    FIND = "SELECT person_id, chain, seq FROM erasure WHERE id = $1";
    UNFINISHED = "SELECT id FROM erasure WHERE person_id = $1 AND finished_at IS NULL LIMIT 1";
    ENTRIES = "SELECT chain, seq, CASE WHEN chain = $3 OR body LIKE $4 THEN body END FROM audit_entry
        WHERE (chain, seq) > ($1, $2) ORDER BY chain, seq LIMIT $5";
    CLEAR_ALL = "DELETE FROM audit_personal WHERE chain = $1 AND seq = $2";
    CLEAR_ORIGIN = "DELETE FROM audit_personal WHERE chain = $1 AND seq = $2 AND name IN ('address', 'user_agent')";
    CLEAR_SUBJECT = "DELETE FROM audit_personal WHERE chain = $1 AND seq = $2 AND name NOT IN ('address', 'user_agent')";
    CLEAR_PROCESS = "UPDATE process SET started_by = $2 WHERE id = $1";
    CLEAR_REVISIONS = "UPDATE revision SET author_name = $2 WHERE (org_id, version) IN
        (SELECT org_id, version FROM revision WHERE author_id = $1 AND author_name <> $2 LIMIT $3)";
    ADVANCE = "UPDATE erasure SET chain = $2, seq = $3 WHERE id = $1";
    FINISH = "UPDATE erasure SET finished_at = $2 WHERE id = $1";
}

/// What became of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// It is gone, and had this folded email; or was gone already, and its log remains.
    Gone(Option<String>),
    /// Nobody of this id was ever here.
    Unknown,
    /// Nobody else could administer the instance.
    LastAdministrator,
    /// The person belongs to these organizations still.
    MemberOf(Vec<String>),
}

/// Removes a person's account with everything that hangs on it: password, sessions, tokens, devices, former memberships.
pub async fn remove_account(
    tx: &mut WriteTx,
    grant: &Granted<PeopleErase>,
    person: PersonId,
) -> Result<Removal, Error> {
    grant.check(tx)?;
    let id = person.to_string();
    let account: Option<(bool, String)> = on!(tx, c => sqlx::query_as(ACCOUNT).bind(&id).fetch_optional(c).await)?;
    let Some((administrator, email)) = account else {
        let log: Option<String> = on!(tx, c => sqlx::query_scalar(HAS_LOG)
            .bind(Chain::Account(person).name()).fetch_optional(c).await)?;
        return Ok(if log.is_some() { Removal::Gone(None) } else { Removal::Unknown });
    };
    if administrator {
        on!(tx, c => sqlx::query(LOCK_ADMINISTRATORS).execute(c).await.map(drop))?;
        let other: Option<String> =
            on!(tx, c => sqlx::query_scalar(OTHER_ADMINISTRATOR).bind(&id).fetch_optional(c).await)?;
        if other.is_none() {
            return Ok(Removal::LastAdministrator);
        }
    }
    let organizations: Vec<String> =
        on!(tx, c => sqlx::query_scalar(MEMBER_OF).bind(&id).bind(NAMED_MAX).fetch_all(c).await)?;
    if !organizations.is_empty() {
        return Ok(Removal::MemberOf(organizations));
    }
    people::delete(tx, &id).await?;
    Ok(Removal::Gone(Some(email)))
}

/// Everyone who has, or had as long as the log shows it, this email.
pub async fn by_email(tx: &mut Tx, grant: &Granted<PeopleErase>, email: &Email) -> Result<Vec<PersonId>, Error> {
    grant.check(tx)?;
    let folded = email.folded();
    let account = people::by_email(tx, &folded).await?.map(|account| account.id);
    let chains: Vec<String> = on!(tx, c => sqlx::query_scalar(BY_FORMER_EMAIL)
        .bind(email.as_str()).bind(&folded).fetch_all(c).await)?;
    let former = chains.iter().filter_map(|chain| chain.strip_prefix("account:")?.parse().ok());
    let former = former.filter(|id| Some(*id) != account);
    Ok(account.into_iter().chain(former).collect())
}

/// Records that the log is to be cleared of a person. The caller enqueues the job in the same transaction.
pub async fn start(
    tx: &mut WriteTx,
    grant: &Granted<PeopleErase>,
    id: ProcessId,
    person: PersonId,
) -> Result<(), Error> {
    grant.check(tx)?;
    on!(tx, c => sqlx::query(START).bind(id.to_string()).bind(person.to_string()).execute(c).await.map(drop))
}

/// Whether a person's erasure goes on still.
pub async fn goes_on(tx: &mut Tx, grant: &Granted<PeopleErase>, person: PersonId) -> Result<bool, Error> {
    grant.check(tx)?;
    let unfinished: Option<String> =
        on!(tx, c => sqlx::query_scalar(UNFINISHED).bind(person.to_string()).fetch_optional(c).await)?;
    Ok(unfinished.is_some())
}

/// Does one batch in the lease holder's transaction; `true` when nothing is left.
pub async fn run_batch(tx: &mut WriteTx, lease: &Lease) -> Result<bool, Error> {
    job::hold(tx, lease).await?;
    let id = process_of(lease)?.to_string();
    let found: Option<(String, String, i64)> = on!(tx, c => sqlx::query_as(FIND).bind(&id).fetch_optional(c).await)?;
    let (person, chain, seq) = read(found, "job", "process_id", lease.job)?;
    let own = Chain::Account(read(person.parse().ok(), "erasure", "person_id", &id)?).name();
    let entries: Vec<(String, i64, Option<String>)> = on!(tx, c => sqlx::query_as(ENTRIES)
        .bind(&chain).bind(seq).bind(&own).bind(format!("%{person}%")).bind(BATCH).fetch_all(c).await)?;
    for (chain, seq, body) in &entries {
        if let Some(body) = body {
            clear_entry(tx, &person, (chain, *seq), *chain == own, body).await?;
        }
    }
    let batch = usize::try_from(BATCH).unwrap_or(usize::MAX);
    if let Some((chain, seq, _)) = entries.last() {
        on!(tx, c => sqlx::query(ADVANCE).bind(&id).bind(chain).bind(seq).execute(c).await.map(drop))?;
    }
    if entries.len() >= batch {
        return Ok(false);
    }
    let revisions = on!(tx, c => sqlx::query(CLEAR_REVISIONS)
        .bind(&person).bind(REMOVED_PERSON).bind(BATCH).execute(c).await.map(|result| result.rows_affected()))?;
    if revisions >= batch as u64 {
        return Ok(false);
    }
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(FINISH).bind(&id).bind(now).execute(c).await.map(drop))?;
    job::finish(tx, lease).await?;
    Ok(true)
}

/// Where an act came from is its actor's; every other value of an entry is of the person it is about. The person's own
/// chain is theirs as a whole.
async fn clear_entry(
    tx: &mut WriteTx,
    person: &str,
    (chain, seq): (&str, i64),
    own: bool,
    body: &str,
) -> Result<(), Error> {
    let mut subject: Value = serde_json::from_str(body).unwrap_or_default();
    let who = subject.as_object_mut().and_then(|body| body.remove("who")).unwrap_or_default();
    let (acted, named) = (who.to_string().contains(person), subject.to_string().contains(person));
    let clear = match (own || acted && named, acted) {
        (true, _) => CLEAR_ALL,
        (false, true) => CLEAR_ORIGIN,
        (false, false) => CLEAR_SUBJECT,
    };
    on!(tx, c => sqlx::query(clear).bind(chain).bind(seq).execute(c).await.map(drop))?;
    // A process shows who started it by name.
    if acted && let Some(process) = subject["process"].as_str() {
        on!(tx, c => sqlx::query(CLEAR_PROCESS).bind(process).bind(REMOVED_PERSON).execute(c).await.map(drop))?;
    }
    Ok(())
}

//! The audit log: append-only chains, each entry holding its predecessor's hash. Heads are locked in chain order as a
//! transaction's last statements, so that concurrent writers neither fork a chain nor deadlock.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use domain::Timestamp;
use domain::audit::{Action, AuditQuery, AuditRow, Chain, REMOVED_PERSON, Who};
use domain::authz::Via;
use domain::authz::cap::OrgAuditRead;
use domain::id::RequestId;
use domain::time::Span;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

pub use crate::audit_verify::{Head, Problem, heads, verify, verify_against};

/// What a transaction says of itself at commit.
#[derive(Debug)]
pub struct Audit(Vec<Entry>);

/// One thing that was done.
#[derive(Debug)]
pub struct Entry {
    chain: Chain,
    action: Action,
    who: Who,
    via: Option<Via>,
    personal: Vec<(&'static str, String)>,
}

impl Entry {
    pub fn new(chain: Chain, who: Who, via: Option<Via>, action: Action) -> Self {
        Self { chain, action, who, via, personal: Vec::new() }
    }

    /// Adds a personal value (an email, a name): its salted hash goes into the chain, its plain form beside it.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.personal.push((name, value.into()));
        self
    }
}

impl Audit {
    pub fn one(entry: Entry) -> Self {
        Self(vec![entry])
    }

    pub fn many(first: Entry, rest: impl IntoIterator<Item = Entry>) -> Self {
        Self(std::iter::once(first).chain(rest).collect())
    }

    /// Whatever was done; `none` says why that may be nothing.
    pub fn all(entries: impl IntoIterator<Item = Entry>, none: &'static str) -> Self {
        let entries: Vec<Entry> = entries.into_iter().collect();
        if entries.is_empty() { Self::none(none) } else { Self(entries) }
    }

    /// For changes that aren't worth an entry; the reason is for the reader of the code.
    pub fn none(_reason: &'static str) -> Self {
        Self(Vec::new())
    }
}

/// What is hashed, as JSON with its fields in this order.
#[derive(Debug, Serialize, Deserialize)]
struct Body {
    seq: i64,
    at: Timestamp,
    who: Who,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    via: Option<Via>,
    #[serde(flatten)]
    action: Action,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<RequestId>,
    /// Salted hashes of personal values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    personal: BTreeMap<String, String>,
}

queries! {
    MAKE_HEAD = "INSERT INTO audit_head (chain, seq, hash, closed) VALUES ($1, 0, '', $2) ON CONFLICT DO NOTHING";
    /// The empty update takes the row's lock in both engines.
    LOCK_HEAD = "UPDATE audit_head SET seq = seq WHERE chain = $1 RETURNING seq, hash";
    MOVE_HEAD = "UPDATE audit_head SET seq = $2, hash = $3 WHERE chain = $1";
    CLOSE_HEAD = "UPDATE audit_head SET closed = $2 WHERE chain = $1 RETURNING seq, hash";
    INSERT_ENTRY = "INSERT INTO audit_entry (chain, seq, at, action, actor, body, prev_hash, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    INSERT_PERSONAL = "INSERT INTO audit_personal (chain, seq, name, salt, value) VALUES ($1, $2, $3, $4, $5)";
    PAGE = "SELECT e.chain, e.seq, e.at, e.action, e.body, e.prev_hash, e.hash, e.actor, p.name, s.name AS account, a.value AS address
        FROM audit_entry e LEFT JOIN person p ON p.id = e.actor LEFT JOIN service_account s ON s.id = e.actor
        LEFT JOIN audit_personal a ON a.chain = e.chain AND a.seq = e.seq AND a.name = 'address'
        WHERE e.chain = $1 AND e.seq < $2 AND (CAST($3 AS TEXT) IS NULL OR e.action = $3)
            AND (CAST($4 AS TEXT) IS NULL OR e.actor = $4) AND e.at >= $5 AND e.at < $6
        ORDER BY e.seq DESC LIMIT $7";
    AFTER = "SELECT e.chain, e.seq, e.at, e.action, e.body, e.prev_hash, e.hash, e.actor, p.name, s.name AS account, a.value AS address
        FROM audit_entry e LEFT JOIN person p ON p.id = e.actor LEFT JOIN service_account s ON s.id = e.actor
        LEFT JOIN audit_personal a ON a.chain = e.chain AND a.seq = e.seq AND a.name = 'address'
        WHERE e.chain = $1 AND e.seq > $2 AND e.seq <= $3 ORDER BY e.seq LIMIT $4";
    COUNT = "SELECT COUNT(*) FROM audit_entry WHERE chain = $1";
    LATEST = "SELECT chain, seq, body FROM audit_entry ORDER BY at DESC, chain, seq DESC LIMIT $1";
}

pub(crate) async fn append(tx: &mut WriteTx, audit: Audit) -> Result<(), Error> {
    let mut entries = audit.0;
    entries.sort_by_key(|entry| entry.chain);
    for entry in entries {
        append_one(tx, entry).await?;
    }
    Ok(())
}

async fn append_one(tx: &mut WriteTx, entry: Entry) -> Result<(), Error> {
    let stamp = tx.stamp().clone();
    let chain = entry.chain.name();
    on!(tx, c => sqlx::query(MAKE_HEAD).bind(&chain).bind(false).execute(c).await.map(drop))?;
    let (last, prev_hash): (i64, String) = on!(tx, c => sqlx::query_as(LOCK_HEAD).bind(&chain).fetch_one(c).await)?;
    let seq = last + 1;
    let personal: Vec<(&str, String)> = entry
        .personal
        .into_iter()
        .chain(stamp.address.clone().map(|address| ("address", address)))
        .chain(stamp.user_agent.clone().map(|agent| ("user_agent", agent)))
        .collect();
    let mut hashes = BTreeMap::new();
    for (name, value) in personal {
        let salt = salt(&stamp.salt, &chain, seq, name);
        hashes.insert(name.to_owned(), salted(&salt, &value));
        on!(tx, c => sqlx::query(INSERT_PERSONAL)
            .bind(&chain).bind(seq).bind(name).bind(&salt).bind(&value).execute(c).await.map(drop))?;
    }
    let actor = match entry.who {
        Who::Person { person, .. } => Some(person.to_string()),
        Who::Token { token } => Some(token.to_string()),
        Who::ServiceAccount { account, .. } => Some(account.to_string()),
        Who::Workspace { workspace, .. } => Some(workspace.to_string()),
        Who::AdministrationToken | Who::Anonymous | Who::System => None,
    };
    let body = Body {
        seq,
        at: stamp.now,
        who: entry.who,
        via: entry.via,
        action: entry.action,
        request: stamp.request,
        personal: hashes,
    };
    let (action, body) = (verb(&body.action)?, json(&body)?);
    let hash = link(&chain, &prev_hash, &body);
    on!(tx, c => sqlx::query(INSERT_ENTRY)
        .bind(&chain).bind(seq).bind(stamp.now.micros()).bind(&action).bind(&actor).bind(&body).bind(&prev_hash).bind(&hash)
        .execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(MOVE_HEAD).bind(&chain).bind(seq).bind(&hash).execute(c).await.map(drop))?;
    Ok(())
}

/// Ends a chain for good and returns its head, which the instance chain then keeps.
pub async fn close_chain(tx: &mut WriteTx, chain: Chain) -> Result<(i64, String), Error> {
    let chain = chain.name();
    on!(tx, c => sqlx::query(MAKE_HEAD).bind(&chain).bind(false).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query_as(CLOSE_HEAD).bind(&chain).bind(true).fetch_one(c).await)
}

fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|_| Error::BadRow { table: "audit_entry", column: "body", id: String::new() })
}

/// The action's tag.
fn verb(action: &Action) -> Result<String, Error> {
    let value = serde_json::to_value(action).unwrap_or_default();
    value["action"].as_str().map(str::to_owned).ok_or_else(|| Error::BadRow {
        table: "audit_entry",
        column: "action",
        id: String::new(),
    })
}

pub(crate) fn link(chain: &str, prev_hash: &str, body: &str) -> String {
    let mut hasher = Sha256::new();
    for part in [chain, prev_hash, body] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    HEXLOWER.encode(&hasher.finalize())
}

/// A salt of its own for each value, derived from the transaction's random bytes.
fn salt(random: &[u8; 16], chain: &str, seq: i64, name: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(random);
    hasher.update(format!("{chain} {seq} {name}").as_bytes());
    HEXLOWER.encode(&hasher.finalize()[..16])
}

pub(crate) fn salted(salt: &str, value: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(salt.as_bytes());
    hasher.update(value.as_bytes());
    HEXLOWER.encode(&hasher.finalize())
}

/// An entry, as it stands in the chain and as people read it.
#[derive(Debug)]
pub struct Read {
    pub row: AuditRow,
    /// The text that is hashed.
    pub body: String,
    pub chain: String,
    pub prev_hash: String,
    pub hash: String,
}

#[derive(sqlx::FromRow)]
struct PageRow {
    chain: String,
    prev_hash: String,
    seq: i64,
    at: i64,
    action: String,
    body: String,
    hash: String,
    actor: Option<String>,
    /// Of the person.
    name: Option<String>,
    /// Of the service account.
    account: Option<String>,
    address: Option<String>,
}

/// At most `limit` entries of the organization's chain that `query` asks for, newest first.
pub async fn page(
    tx: &mut Tx,
    grant: &Granted<OrgAuditRead>,
    query: &AuditQuery,
    limit: i64,
) -> Result<Vec<Read>, Error> {
    let chain = Chain::Org(grant.org(tx)?.id).name();
    let from = query.from.map_or(i64::MIN, Timestamp::micros);
    let until = query.until.map_or(i64::MAX, |day| day.plus(Span::days(1)).micros());
    let rows: Vec<PageRow> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(&chain)
        .bind(query.before.unwrap_or(i64::MAX))
        .bind(&query.action)
        .bind(query.actor.map(|actor| actor.to_string()))
        .bind(from)
        .bind(until)
        .bind(limit)
        .fetch_all(c).await)?;
    rows.into_iter().map(PageRow::read).collect()
}

/// At most `limit` entries of a chain after `after` and up to `last`, oldest first; for whoever delivers them.
pub(crate) async fn after(tx: &mut Tx, chain: Chain, after: i64, last: i64, limit: i64) -> Result<Vec<Read>, Error> {
    let rows: Vec<PageRow> = on!(tx, c => sqlx::query_as(AFTER)
        .bind(chain.name()).bind(after).bind(last).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(PageRow::read).collect()
}

impl PageRow {
    fn read(self) -> Result<Read, Error> {
        // A newer version's action is shown by its tag.
        let body: Option<Body> = serde_json::from_str(&self.body).ok();
        let by = body.as_ref().map(|body| body.who);
        // Nobody looks for what a person did who is no longer known.
        let is_known = self.name.is_some() || matches!(by, Some(Who::ServiceAccount { .. }));
        let known = self.actor.filter(|_| is_known);
        let actor = known.map(|id| read(id.parse().ok(), "audit_entry", "actor", &id)).transpose()?;
        let who = match (self.name.or(self.account), by) {
            (Some(name), Some(Who::Person { token: Some(_), .. })) => format!("{name}, by a token"),
            (Some(name), Some(Who::ServiceAccount { .. })) => format!("{name} (service account)"),
            (Some(name), _) => name,
            (None, Some(Who::Person { .. })) => REMOVED_PERSON.to_owned(),
            (None, Some(Who::ServiceAccount { account, .. })) => format!("A deleted service account ({account})"),
            (None, Some(Who::Workspace { .. })) => "A workspace".to_owned(),
            (None, Some(Who::Token { .. })) => "A token of the instance".to_owned(),
            (None, Some(Who::AdministrationToken)) => "The administration token".to_owned(),
            (None, Some(Who::Anonymous)) => "Somebody with a link".to_owned(),
            (None, Some(Who::System)) => "Tenantry".to_owned(),
            (None, None) => "Unknown".to_owned(),
        };
        let row = AuditRow {
            seq: self.seq,
            at: Timestamp::from_micros(self.at),
            action: self.action,
            who,
            actor,
            details: body.as_ref().map(|body| body.action.details()).unwrap_or_default(),
            address: self.address,
            request: body.and_then(|body| body.request).map(|request| request.to_string()),
        };
        Ok(Read { row, body: self.body, chain: self.chain, prev_hash: self.prev_hash, hash: self.hash })
    }
}

/// How many entries a chain has.
pub async fn count(tx: &mut Tx, chain: Chain) -> Result<i64, Error> {
    on!(tx, c => sqlx::query_scalar(COUNT).bind(chain.name()).fetch_one(c).await)
}

/// The newest entries of all chains, as (chain, seq, body).
pub async fn latest(tx: &mut Tx, limit: i64) -> Result<Vec<(String, i64, String)>, Error> {
    on!(tx, c => sqlx::query_as(LATEST).bind(limit).fetch_all(c).await)
}

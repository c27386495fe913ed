//! Checking the audit log: each chain against itself, against the instance's seals, and against heads that were signed.

use std::collections::{BTreeMap, BTreeSet};

use domain::audit::Chain;

use crate::audit::{link, salted};
use crate::error::Error;
use crate::macros::{on, queries};
use crate::tx::Tx;

/// Where a chain ended at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub chain: String,
    pub seq: i64,
    /// Of the last entry; empty for a chain without any.
    pub hash: String,
}

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The entry's text, what is shown of it, or its link to the one before was changed.
    Altered { chain: String, seq: i64 },
    /// Entries are missing before this one.
    Gap { chain: String, seq: i64 },
    /// The chain ends before its head says.
    Truncated { chain: String, head: i64, last: i64 },
    /// The head's hash isn't the last entry's.
    HeadAltered { chain: String },
    /// Entries without a head.
    Headless { chain: String },
    /// The chain of a deleted organization doesn't end as the instance's chain says.
    SealBroken { chain: String },
    /// The chain ends before the entry that was signed, however consistent it is.
    Shortened { chain: String, signed: i64, last: i64 },
    /// The entry of the number that was signed has another hash: it or one before it was made anew.
    Rewritten { chain: String, signed: i64 },
    /// A chain that was signed isn't there, and the instance's chain doesn't say that it was deleted.
    Missing { chain: String },
}

queries! {
    HEADS = "SELECT chain, seq, hash FROM audit_head ORDER BY chain";
    ENTRIES = "SELECT seq, at, action, actor, body, prev_hash, hash FROM audit_entry
        WHERE chain = $1 AND seq > $2 ORDER BY seq LIMIT 500";
    PERSONAL = "SELECT seq, name, salt, value FROM audit_personal WHERE chain = $1 AND seq > $2 AND seq <= $3";
    HEADLESS = "SELECT DISTINCT e.chain FROM audit_entry e
        WHERE NOT EXISTS (SELECT 1 FROM audit_head h WHERE h.chain = e.chain) ORDER BY e.chain";
}

#[derive(sqlx::FromRow)]
struct Stored {
    seq: i64,
    at: i64,
    action: String,
    actor: Option<String>,
    body: String,
    prev_hash: String,
    hash: String,
}

impl Stored {
    /// Whether what pages show and filter by is what the hashed text says.
    fn shows_its_body(&self, body: &serde_json::Value) -> bool {
        let who = &body["who"];
        let actor = match who["kind"].as_str() {
            Some("person") => who["person"].as_str(),
            Some("token") => who["token"].as_str(),
            Some("service_account") => who["account"].as_str(),
            Some("workspace") => who["workspace"].as_str(),
            _ => None,
        };
        body["seq"].as_i64() == Some(self.seq)
            && body["at"].as_i64() == Some(self.at)
            && body["action"].as_str() == Some(&self.action)
            && actor == self.actor.as_deref()
    }
}

/// Every chain's head.
pub async fn heads(tx: &mut Tx) -> Result<Vec<Head>, Error> {
    let heads: Vec<(String, i64, String)> = on!(tx, c => sqlx::query_as(HEADS).fetch_all(c).await)?;
    Ok(heads.into_iter().map(|(chain, seq, hash)| Head { chain, seq, hash }).collect())
}

/// Checks every chain from its first entry to its head: text and links, what is shown beside the text, personal values
/// that weren't erased, and that chains of deleted organizations end where the instance's chain sealed them.
pub async fn verify(tx: &mut Tx) -> Result<Vec<Problem>, Error> {
    verify_against(tx, &[]).await
}

/// As [`verify`], and that every chain still holds what it did when these heads were signed. This finds what was rewritten
/// consistently, heads and all.
pub async fn verify_against(tx: &mut Tx, signed: &[Head]) -> Result<Vec<Problem>, Error> {
    let marks: BTreeMap<&str, i64> = signed.iter().map(|head| (head.chain.as_str(), head.seq)).collect();
    let heads = heads(tx).await?;
    let headless: BTreeSet<String> =
        on!(tx, c => sqlx::query_scalar(HEADLESS).fetch_all(c).await)?.into_iter().collect();
    let mut walk = Walk {
        problems: headless.iter().map(|chain| Problem::Headless { chain: chain.clone() }).collect(),
        seals: BTreeMap::new(),
    };
    let mut ends = BTreeMap::new();
    for head in &heads {
        let end = walk.chain(tx, head, marks.get(head.chain.as_str()).copied()).await?;
        ends.insert(head.chain.as_str(), end);
    }
    let Walk { mut problems, seals } = walk;
    for head in &heads {
        if seals.get(&head.chain).is_some_and(|seal| seal != head) {
            problems.push(Problem::SealBroken { chain: head.chain.clone() });
        }
    }
    for head in signed.iter().filter(|head| !headless.contains(&head.chain)) {
        let chain = head.chain.clone();
        match ends.get(head.chain.as_str()) {
            Some(end) if end.last < head.seq => {
                problems.push(Problem::Shortened { chain, signed: head.seq, last: end.last });
            }
            Some(end) if head.seq > 0 && end.marked.as_ref() != Some(&head.hash) => {
                problems.push(Problem::Rewritten { chain, signed: head.seq });
            }
            Some(_) => {}
            // A chain is purged whole; what the seal says of its end is all there is then.
            None if seals.get(&head.chain).is_some_and(|seal| seal == head || seal.seq > head.seq) => {}
            None => problems.push(Problem::Missing { chain }),
        }
    }
    Ok(problems)
}

/// What was found on the way through the chains.
struct Walk {
    problems: Vec<Problem>,
    /// Ends of chains of deleted organizations, as the instance's chain has them.
    seals: BTreeMap<String, Head>,
}

/// Where a chain really ends.
struct End {
    last: i64,
    /// The hash of the entry that was asked for.
    marked: Option<String>,
}

impl Walk {
    async fn chain(&mut self, tx: &mut Tx, head: &Head, mark: Option<i64>) -> Result<End, Error> {
        let chain = &head.chain;
        let (mut end, mut hash) = (End { last: 0, marked: None }, String::new());
        loop {
            let last = end.last;
            let rows: Vec<Stored> = on!(tx, c => sqlx::query_as(ENTRIES).bind(chain).bind(last).fetch_all(c).await)?;
            let Some(batch_end) = rows.last().map(|row| row.seq) else { break };
            let personal: Vec<(i64, String, String, String)> = on!(tx, c => sqlx::query_as(PERSONAL)
                .bind(chain).bind(last).bind(batch_end).fetch_all(c).await)?;
            for row in rows {
                let body: serde_json::Value = serde_json::from_str(&row.body).unwrap_or_default();
                let mut values = personal.iter().filter(|(seq, ..)| *seq == row.seq);
                let whole = row.prev_hash == hash
                    && row.hash == link(chain, &row.prev_hash, &row.body)
                    && row.shows_its_body(&body)
                    && values.all(|(_, name, salt, value)| body["personal"][name] == salted(salt, value));
                if row.seq != end.last + 1 {
                    self.problems.push(Problem::Gap { chain: chain.clone(), seq: row.seq });
                } else if !whole {
                    self.problems.push(Problem::Altered { chain: chain.clone(), seq: row.seq });
                }
                if *chain == Chain::Instance.name() {
                    self.note_seal(&body);
                }
                if mark == Some(row.seq) {
                    end.marked = Some(row.hash.clone());
                }
                (end.last, hash) = (row.seq, row.hash);
            }
        }
        if end.last < head.seq {
            self.problems.push(Problem::Truncated { chain: chain.clone(), head: head.seq, last: end.last });
        } else if hash != head.hash {
            self.problems.push(Problem::HeadAltered { chain: chain.clone() });
        }
        Ok(end)
    }

    fn note_seal(&mut self, body: &serde_json::Value) {
        if let (Some(org), Some(seq), Some(hash)) =
            (body["org"].as_str(), body["chain_seq"].as_i64(), body["chain_hash"].as_str())
        {
            let chain = format!("org:{org}");
            self.seals.insert(chain.clone(), Head { chain, seq, hash: hash.to_owned() });
        }
    }
}

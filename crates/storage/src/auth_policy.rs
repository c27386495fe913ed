//! How people sign in to an organization, and resetting it for all of them at once.

use domain::Timestamp;
use domain::auth_policy::{AuthPolicy, OutlivingToken, ResetDone};
use domain::authz::Capability;
use domain::authz::cap::{AuthRead, AuthReset, AuthWrite};
use domain::plan::PlanSet;

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

queries! {
    READ = "SELECT auth_version, auth_policy FROM organization WHERE id = $1";
    SAVE = "UPDATE organization SET auth_policy = $3, auth_version = auth_version + 1
        WHERE id = $1 AND auth_version = $2 RETURNING auth_version";
    TOKENS = "SELECT owner, name, created_at, expires_at FROM (
            SELECT p.name AS owner, t.name AS name, t.created_at, t.expires_at, t.id AS id, t.active
            FROM member m JOIN person p ON p.id = m.person_id JOIN token t ON t.person_id = p.id
            WHERE m.org_id = $1 AND m.state <> 'revoked' AND t.kind = 'personal'
            UNION ALL SELECT a.name, t.name, t.created_at, t.expires_at, t.id, t.active
            FROM service_account a JOIN token t ON t.service_account_id = a.id WHERE a.org_id = $1
            UNION ALL SELECT w.name, t.name, t.created_at, t.expires_at, t.id, t.active
            FROM workspace w JOIN token t ON t.workspace_id = w.id WHERE w.org_id = $1
        ) every WHERE active AND (expires_at IS NULL OR expires_at > $2) ORDER BY owner, name, id";
    LOCKED_OUT = "SELECT DISTINCT p.id, p.name FROM member m JOIN person p ON p.id = m.person_id
        WHERE m.org_id = $1 AND m.state <> 'revoked' AND NOT p.platform_admin AND (
            EXISTS (SELECT 1 FROM session s WHERE s.person_id = p.id AND s.expires_at > $2 AND s.epoch >= $3)
            OR EXISTS (SELECT 1 FROM token t WHERE t.person_id = p.id AND (t.expires_at IS NULL OR t.expires_at > $2)
                AND t.epoch >= $3))
        ORDER BY p.name, p.id";
    SESSIONS = "SELECT COUNT(*) FROM session s WHERE s.expires_at > $2 AND s.epoch >= $3 AND s.person_id IN
        (SELECT m.person_id FROM member m JOIN person p ON p.id = m.person_id
            WHERE m.org_id = $1 AND m.state <> 'revoked' AND NOT p.platform_admin)";
    TOKEN_COUNT = "SELECT COUNT(*) FROM token t WHERE (t.expires_at IS NULL OR t.expires_at > $2) AND t.epoch >= $3
        AND t.person_id IN (SELECT m.person_id FROM member m JOIN person p ON p.id = m.person_id
            WHERE m.org_id = $1 AND m.state <> 'revoked' AND NOT p.platform_admin)";
    SERVICE_TOKENS = "SELECT t.id AS id, t.name AS name, a.name AS holder
            FROM service_account a JOIN token t ON t.service_account_id = a.id JOIN organization o ON o.id = a.org_id
            WHERE a.org_id = $1 AND (t.expires_at IS NULL OR t.expires_at > $2) AND t.epoch >= o.service_epoch
        UNION ALL SELECT t.id, t.name, w.name
            FROM workspace w JOIN token t ON t.workspace_id = w.id JOIN organization o ON o.id = w.org_id
            WHERE w.org_id = $1 AND (t.expires_at IS NULL OR t.expires_at > $2) AND t.epoch >= o.service_epoch
        ORDER BY holder, name, id";
    EPOCH_OF = "SELECT auth_epoch FROM organization WHERE id = $1";
    RAISE = "UPDATE auth_epoch SET value = value + 1 WHERE id = 1 RETURNING value";
    SET_EPOCH = "UPDATE organization SET auth_epoch = $2 WHERE id = $1";
    SET_SERVICE_EPOCH = "UPDATE organization SET service_epoch = $2 WHERE id = $1";
    VOID_CODES = "DELETE FROM device_code WHERE state = 'approved' AND person_id IN
        (SELECT m.person_id FROM member m WHERE m.org_id = $1 AND m.state <> 'revoked')";
    VOID_LINKS = "UPDATE one_time_link SET revoked_at = $2
        WHERE org_id = $1 AND redeemed_at IS NULL AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";
}

/// What may see the policy.
pub trait ReadsPolicy: Capability {}
impl ReadsPolicy for AuthRead {}
impl ReadsPolicy for AuthWrite {}

/// The policy with its version.
pub async fn policy<P: ReadsPolicy>(tx: &mut Tx, grant: &Granted<P>) -> Result<(i64, AuthPolicy), Error> {
    let org = grant.org(tx)?.id.to_string();
    let (version, text): (i64, String) = on!(tx, c => sqlx::query_as(READ).bind(&org).fetch_one(c).await)?;
    Ok((version, parse(&text, &org)?))
}

pub(crate) fn parse(text: &str, org: &str) -> Result<AuthPolicy, Error> {
    read(serde_json::from_str(text).ok(), "organization", "auth_policy", org)
}

/// Saves the policy as version + 1; `None` when `version` isn't the current one.
pub async fn save(
    tx: &mut WriteTx,
    grant: &Granted<AuthWrite>,
    version: i64,
    policy: &AuthPolicy,
) -> Result<Option<i64>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let text = read(serde_json::to_string(policy).ok(), "organization", "auth_policy", &org)?;
    on!(tx, c => sqlx::query_scalar(SAVE).bind(&org).bind(version).bind(text).fetch_optional(c).await)
}

/// Members' tokens that `policy` doesn't take, at most `limit`.
pub async fn outliving(
    tx: &mut Tx,
    grant: &Granted<AuthRead>,
    policy: &AuthPolicy,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<OutlivingToken>, Error> {
    if policy.token_days.is_none() {
        return Ok(Vec::new());
    }
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, String, i64, Option<i64>)> =
        on!(tx, c => sqlx::query_as(TOKENS).bind(org).bind(now.micros()).fetch_all(c).await)?;
    let rows = rows.into_iter().filter_map(|(owner, name, created_at, expires_at)| {
        let expires_at = expires_at.map(Timestamp::from_micros);
        let taken = policy.lets_live(Timestamp::from_micros(created_at), expires_at);
        (!taken).then_some(OutlivingToken { owner, name, expires_at })
    });
    Ok(rows.take(limit).collect())
}

/// Everybody whom a reset would have sign in again, and with `service_tokens` the tokens of service accounts and workspaces
/// that it would have refused.
pub async fn reset_sets(
    tx: &mut Tx,
    grant: &Granted<AuthReset>,
    now: Timestamp,
    service_tokens: bool,
) -> Result<Vec<PlanSet>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let epoch = epoch_of(tx, &org).await?;
    let people: Vec<(String, String)> = on!(tx, c => sqlx::query_as(LOCKED_OUT)
        .bind(&org).bind(now.micros()).bind(epoch).fetch_all(c).await)?;
    let (ids, names) = people.into_iter().unzip();
    let mut sets = vec![PlanSet { kind: "locked_out".to_owned(), ids, names }];
    if service_tokens {
        let rows: Vec<(String, String, String)> =
            on!(tx, c => sqlx::query_as(SERVICE_TOKENS).bind(&org).bind(now.micros()).fetch_all(c).await)?;
        let (ids, names) = rows.into_iter().map(|(id, name, holder)| (id, format!("{name} of {holder}"))).unzip();
        sets.push(PlanSet { kind: "service_tokens".to_owned(), ids, names });
    }
    Ok(sets)
}

/// How many tokens of service accounts and workspaces a reset could include.
pub async fn service_tokens(tx: &mut Tx, grant: &Granted<AuthRead>, now: Timestamp) -> Result<u64, Error> {
    let org = grant.org(tx)?.id.to_string();
    let rows: Vec<(String, String, String)> =
        on!(tx, c => sqlx::query_as(SERVICE_TOKENS).bind(&org).bind(now.micros()).fetch_all(c).await)?;
    Ok(rows.len() as u64)
}

/// How many sessions and tokens a reset would have refused.
pub async fn reset_counts(tx: &mut Tx, grant: &Granted<AuthReset>, now: Timestamp) -> Result<(i64, i64), Error> {
    let org = grant.org(tx)?.id.to_string();
    let epoch = epoch_of(tx, &org).await?;
    let sessions: i64 = on!(tx, c => sqlx::query_scalar(SESSIONS)
        .bind(&org).bind(now.micros()).bind(epoch).fetch_one(c).await)?;
    let tokens: i64 = on!(tx, c => sqlx::query_scalar(TOKEN_COUNT)
        .bind(&org).bind(now.micros()).bind(epoch).fetch_one(c).await)?;
    Ok((sessions, tokens))
}

async fn epoch_of(tx: &mut Tx, org: &str) -> Result<i64, Error> {
    on!(tx, c => sqlx::query_scalar(EPOCH_OF).bind(org).fetch_one(c).await)
}

/// Has every session and token that was issued up to now refused here, and voids what nobody has used yet. Tokens of
/// service accounts and workspaces are spared unless `service_tokens` says so.
pub async fn reset(tx: &mut WriteTx, grant: &Granted<AuthReset>, service_tokens: bool) -> Result<ResetDone, Error> {
    let org = grant.org(tx)?.id.to_string();
    let now = tx.now();
    let sets = reset_sets(tx, grant, now, service_tokens).await?;
    let count = |kind: &str| sets.iter().find(|set| set.kind == kind).map_or(0, |set| set.ids.len() as u64);
    let (people, refused_services) = (count("locked_out"), count("service_tokens"));
    let (sessions, tokens) = reset_counts(tx, grant, now).await?;
    let epoch: i64 = on!(tx, c => sqlx::query_scalar(RAISE).fetch_one(c).await)?;
    on!(tx, c => sqlx::query(SET_EPOCH).bind(&org).bind(epoch).execute(c).await.map(drop))?;
    if service_tokens {
        on!(tx, c => sqlx::query(SET_SERVICE_EPOCH).bind(&org).bind(epoch).execute(c).await.map(drop))?;
    }
    let codes = on!(tx, c => sqlx::query(VOID_CODES).bind(&org).execute(c).await.map(|done| done.rows_affected()))?;
    let links = on!(tx, c => sqlx::query(VOID_LINKS)
        .bind(&org).bind(now.micros()).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(ResetDone {
        people,
        sessions: u64::try_from(sessions).unwrap_or(0),
        tokens: u64::try_from(tokens).unwrap_or(0),
        service_tokens: refused_services,
        codes_and_links: codes + links,
    })
}

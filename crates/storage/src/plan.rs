//! Plans: what a preview showed, kept until it is applied or expires.

use domain::Timestamp;
use domain::authz::Capability;
use domain::authz::cap::{AuthReset, OrgDelete, OrgProfileWrite};
use domain::id::PlanId;
use domain::plan::{Act, PlanSet};

use crate::authz::Granted;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

queries! {
    FORGET_EXPIRED = "DELETE FROM plan WHERE expires_at <= $1";
    INSERT = "INSERT INTO plan (id, token_hash, act, person_id, session_id, org_id, arguments, shown, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    TAKE = "DELETE FROM plan WHERE token_hash = $1 AND act = $2 AND person_id = $3 AND session_id = $4
        AND org_id = $5 AND arguments = $6 AND expires_at > $7 RETURNING shown";
    MEMBERS = "SELECT m.id, p.name FROM member m JOIN person p ON p.id = m.person_id
        WHERE m.org_id = $1 AND m.state <> 'revoked' ORDER BY p.name, m.id";
    LEAVING = "SELECT DISTINCT p.id, p.name FROM member m JOIN person p ON p.id = m.person_id
        WHERE m.org_id = $1 AND NOT p.platform_admin AND NOT EXISTS
            (SELECT 1 FROM member o WHERE o.person_id = p.id AND o.org_id <> $1 AND o.state <> 'revoked')
        ORDER BY p.name, p.id";
    LINKS = "SELECT id FROM one_time_link
        WHERE org_id = $1 AND redeemed_at IS NULL AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";
    WORKSPACES = "SELECT id, name FROM workspace WHERE org_id = $1 ORDER BY name";
    RESOURCES = "SELECT r.account_id, r.remote_id, r.name, r.kind, a.name AS account FROM cloud_resource r
        JOIN cloud_account a ON a.id = r.account_id WHERE r.org_id = $1 ORDER BY r.name, r.id";
    ACCOUNTS = "SELECT id, name FROM cloud_account WHERE org_id = $1 ORDER BY name_folded, id";
    SECRETS = "SELECT id, name FROM organization_secret WHERE org_id = $1 ORDER BY name";
    SERVICE_ACCOUNTS = "SELECT id, name FROM service_account WHERE org_id = $1 ORDER BY name_folded";
    REVISIONS = "SELECT CAST(version AS TEXT) FROM revision WHERE org_id = $1 ORDER BY version";
}

/// What an act with a plan needs.
pub trait Plans: Capability {}
impl Plans for OrgDelete {}
impl Plans for OrgProfileWrite {}
impl Plans for AuthReset {}

/// The actor a plan is for: a person, or none for a token of the instance, and the session or token they use.
fn bound_to<P: Plans>(grant: &Granted<P>) -> (String, String) {
    (grant.viewer().map_or_else(|_| String::new(), |viewer| viewer.id.to_string()), grant.credential())
}

#[derive(Debug)]
pub struct NewPlan<'a> {
    pub id: PlanId,
    pub token_hash: &'a str,
    pub act: Act,
    /// The act's arguments in canonical form; applying must name the same.
    pub arguments: &'a str,
    pub shown: &'a [PlanSet],
    pub expires_at: Timestamp,
}

pub async fn insert<P: Plans>(tx: &mut WriteTx, grant: &Granted<P>, plan: &NewPlan<'_>) -> Result<(), Error> {
    let org = grant.org(tx)?.id.to_string();
    let (person, session) = bound_to(grant);
    let now = tx.now().micros();
    let shown = read(serde_json::to_string(plan.shown).ok(), "plan", "shown", plan.id)?;
    on!(tx, c => sqlx::query(FORGET_EXPIRED).bind(now).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(INSERT)
        .bind(plan.id.to_string())
        .bind(plan.token_hash)
        .bind(plan.act.name())
        .bind(&person)
        .bind(&session)
        .bind(&org)
        .bind(plan.arguments)
        .bind(&shown)
        .bind(plan.expires_at.micros())
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Uses a plan up and answers what it showed; `None` when there is no such plan of this actor, session,
/// organization, act and arguments, or it has expired.
pub async fn take<P: Plans>(
    tx: &mut WriteTx,
    grant: &Granted<P>,
    token_hash: &str,
    act: Act,
    arguments: &str,
) -> Result<Option<Vec<PlanSet>>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let (person, session) = bound_to(grant);
    let now = tx.now().micros();
    let shown: Option<String> = on!(tx, c => sqlx::query_scalar(TAKE)
        .bind(token_hash)
        .bind(act.name())
        .bind(&person)
        .bind(&session)
        .bind(&org)
        .bind(arguments)
        .bind(now)
        .fetch_optional(c).await)?;
    shown.map(|text| read(serde_json::from_str(&text).ok(), "plan", "shown", &org)).transpose()
}

/// Everything that deleting the organization would take with it.
pub async fn deletion_sets(tx: &mut Tx, grant: &Granted<OrgDelete>, now: Timestamp) -> Result<Vec<PlanSet>, Error> {
    let org = grant.org(tx)?.id.to_string();
    let members: Vec<(String, String)> = on!(tx, c => sqlx::query_as(MEMBERS).bind(&org).fetch_all(c).await)?;
    let leaving: Vec<(String, String)> = on!(tx, c => sqlx::query_as(LEAVING).bind(&org).fetch_all(c).await)?;
    let links: Vec<String> = on!(tx, c => sqlx::query_scalar(LINKS).bind(&org).bind(now.micros()).fetch_all(c).await)?;
    let revisions: Vec<String> = on!(tx, c => sqlx::query_scalar(REVISIONS).bind(&org).fetch_all(c).await)?;
    let workspaces: Vec<(String, String)> = on!(tx, c => sqlx::query_as(WORKSPACES).bind(&org).fetch_all(c).await)?;
    let resources = resources(tx, &org).await?;
    let accounts: Vec<(String, String)> = on!(tx, c => sqlx::query_as(ACCOUNTS).bind(&org).fetch_all(c).await)?;
    let secrets: Vec<(String, String)> = on!(tx, c => sqlx::query_as(SECRETS).bind(&org).fetch_all(c).await)?;
    let programs: Vec<(String, String)> = on!(tx, c => sqlx::query_as(SERVICE_ACCOUNTS).bind(&org).fetch_all(c).await)?;
    let named = |kind: &str, rows: Vec<(String, String)>| {
        let (ids, names) = rows.into_iter().unzip();
        PlanSet { kind: kind.to_owned(), ids, names }
    };
    let counted = |kind: &str, ids: Vec<String>| PlanSet { kind: kind.to_owned(), ids, names: Vec::new() };
    Ok(vec![
        named("resources", resources),
        named("workspaces", workspaces),
        named("cloud_accounts", accounts),
        named("members", members),
        named("people", leaving),
        named("service_accounts", programs),
        named("secrets", secrets),
        counted("links", links),
        counted("revisions", revisions),
    ])
}

/// Cloud resources as `{account}/{id there}`, which stays the same however often they are listed, with their names.
async fn resources(tx: &mut Tx, org: &str) -> Result<Vec<(String, String)>, Error> {
    type Row = (String, String, String, String, String);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(RESOURCES).bind(org).fetch_all(c).await)?;
    let rows = rows.into_iter().map(|(account_id, remote, name, kind, account)| {
        let kind = if kind.is_empty() { String::new() } else { format!(" ({kind})") };
        (format!("{account_id}/{remote}"), format!("{name}{kind} in {account}"))
    });
    Ok(rows.collect())
}

//! API tokens; only hashes of them are kept.

use std::fmt;

use domain::Timestamp;
use domain::audit::{Action, Chain, Who};
use domain::auth_policy::AuthPolicy;
use domain::authz::cap::{
    AccountRead, AccountTokens, InstanceTokensRead, InstanceTokensWrite, ServiceAccountsRead, ServiceAccountsWrite,
    WorkspaceTokensRead, WorkspaceTokensWrite,
};
use domain::authz::{Capability, Via};
use domain::id::{OrgId, PersonId, ServiceAccountId, TokenId, WorkspaceId};
use domain::time::Span;
use domain::token::{Scopes, TokenKind, TokenRow};

use crate::audit::Entry;
use crate::auth_policy;
use crate::authz::{Granted, Proof};
use crate::device::SignIn;
use crate::error::{Error, read};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

#[derive(Debug)]
pub struct NewToken<'a> {
    pub id: TokenId,
    pub token_hash: &'a str,
    pub name: &'a str,
    pub scopes: &'a str,
    /// `None`: never.
    pub expires_at: Option<Timestamp>,
}

queries! {
    INSERT = "INSERT INTO token (id, kind, token_hash, name, person_id, service_account_id, workspace_id, scopes, active,
            created_at, expires_at, epoch)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, (SELECT e.value FROM auth_epoch e WHERE e.id = 1))";
    FORGET_EXPIRED = "DELETE FROM token WHERE person_id = $1 AND kind = 'cli' AND expires_at <= $2";
    /// Empty updates, which lock the holder on both engines, so that parallel requests can't pass the limit together.
    LOCK_PERSON = "UPDATE person SET name = name WHERE id = $1";
    LOCK_SERVICE_ACCOUNT = "UPDATE service_account SET name = name WHERE id = $1";
    LOCK_WORKSPACE = "UPDATE workspace SET name = name WHERE id = $1";
    LOCK_INSTANCE = "UPDATE auth_epoch SET value = value WHERE $1 = 'instance'";
    SERVICE_ACCOUNT = "SELECT a.name, o.auth_policy FROM service_account a JOIN organization o ON o.id = a.org_id
        WHERE a.org_id = $1 AND a.id = $2";
    WORKSPACE = "SELECT w.name, o.auth_policy FROM workspace w JOIN organization o ON o.id = w.org_id
        WHERE w.org_id = $1 AND w.id = $2";
    COUNT = "SELECT COUNT(*) FROM token
        WHERE COALESCE(person_id, service_account_id, workspace_id, 'instance') = $1 AND kind = $2";
    OF_HOLDER = "SELECT id, kind, name, scopes, active, created_at, expires_at, last_used_at FROM token
        WHERE COALESCE(person_id, service_account_id, workspace_id, 'instance') = $1 ORDER BY created_at DESC, id DESC";
    SET_ACTIVE = "UPDATE token SET active = $3 WHERE id = $1
        AND COALESCE(person_id, service_account_id, workspace_id, 'instance') = $2 AND active <> $3 RETURNING id";
    DELETE = "DELETE FROM token WHERE id = $1
        AND COALESCE(person_id, service_account_id, workspace_id, 'instance') = $2 RETURNING name";
    TOUCH = "UPDATE token SET last_used_at = $2 WHERE token_hash = $1
        AND (last_used_at IS NULL OR last_used_at < $2)";
    EXPIRING = "SELECT t.id, t.kind, t.name, t.expires_at, t.person_id, p.email, COALESCE(a.id, w.id) AS holder_id,
            COALESCE(a.name, w.name) AS holder_name, o.id AS org_id, o.handle, o.display_name
        FROM token t LEFT JOIN person p ON p.id = t.person_id
        LEFT JOIN service_account a ON a.id = t.service_account_id LEFT JOIN workspace w ON w.id = t.workspace_id
        LEFT JOIN organization o ON o.id = COALESCE(a.org_id, w.org_id)
        WHERE t.expires_at > $1 AND t.expires_at <= $2 AND t.warned_days > $3 AND t.created_at < t.expires_at - $4
            AND t.active AND t.kind <> 'cli' AND (a.id IS NULL OR a.active) AND (w.id IS NULL OR w.state <> 'archived') AND (o.id IS NULL OR o.state IN ('pending_bootstrap', 'active'))
        ORDER BY t.expires_at, t.id LIMIT $5";
    WARNED = "UPDATE token SET warned_days = $2 WHERE id = $1 AND warned_days > $2 RETURNING id";
    OWNERS = "SELECT p.id, p.email FROM member m JOIN person p ON p.id = m.person_id
        WHERE m.org_id = $1 AND m.role = 'owner' AND m.state = 'active' ORDER BY p.id";
    ADMINISTRATORS = "SELECT id, email FROM person WHERE platform_admin ORDER BY id";
}

/// Whose tokens.
#[derive(Debug, Clone, Copy)]
enum Holder {
    Person(PersonId),
    ServiceAccount(ServiceAccountId),
    Workspace(WorkspaceId),
    Instance,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => id.fmt(f),
            Self::ServiceAccount(id) => id.fmt(f),
            Self::Workspace(id) => id.fmt(f),
            Self::Instance => f.write_str("instance"),
        }
    }
}

/// Proof that the actor may see the tokens of one holder.
#[derive(Debug)]
pub struct Seen {
    serial: u64,
    holder: Holder,
}

impl Seen {
    pub fn own(tx: &Tx, grant: &Granted<AccountRead>) -> Result<Self, Error> {
        grant.check(tx)?;
        Ok(Self { serial: tx.serial(), holder: Holder::Person(grant.viewer()?.id) })
    }

    /// `None`: the organization has no such service account.
    pub async fn of_service_account(
        tx: &mut Tx,
        grant: &Granted<ServiceAccountsRead>,
        id: ServiceAccountId,
    ) -> Result<Option<Self>, Error> {
        let org = grant.org(tx)?.id;
        let named = service_account(tx, org, id).await?;
        Ok(named.map(|_| Self { serial: tx.serial(), holder: Holder::ServiceAccount(id) }))
    }

    /// `None`: the organization has no such workspace.
    pub async fn of_workspace(
        tx: &mut Tx,
        grant: &Granted<WorkspaceTokensRead>,
        id: WorkspaceId,
    ) -> Result<Option<Self>, Error> {
        let org = grant.org(tx)?.id;
        let named = workspace(tx, org, id).await?;
        Ok(named.map(|_| Self { serial: tx.serial(), holder: Holder::Workspace(id) }))
    }

    pub fn of_instance(tx: &Tx, grant: &Granted<InstanceTokensRead>) -> Result<Self, Error> {
        grant.check(tx)?;
        Ok(Self { serial: tx.serial(), holder: Holder::Instance })
    }
}

/// Proof that the actor may make, switch and delete the tokens of one holder, with what the log tells of it.
#[derive(Debug)]
pub struct Managed {
    seen: Seen,
    chain: Chain,
    who: Who,
    via: Via,
    scopes: Scopes,
    expires_at: Option<Timestamp>,
    credential: String,
    /// What the service account or workspace is called, and what its organization demands of tokens.
    place: Option<Named>,
}

#[derive(Debug, Clone)]
struct Named {
    name: String,
    policy: AuthPolicy,
}

impl Managed {
    fn new<P: Capability>(tx: &Tx, grant: &Granted<P>, holder: Holder, chain: Chain, place: Option<Named>) -> Self {
        Self {
            seen: Seen { serial: tx.serial(), holder },
            chain,
            who: grant.who(),
            via: grant.via(),
            scopes: grant.scopes().clone(),
            expires_at: grant.expires_at(),
            credential: grant.credential(),
            place,
        }
    }

    pub fn own(tx: &Tx, grant: &Granted<AccountTokens>) -> Result<Self, Error> {
        grant.check(tx)?;
        let person = grant.viewer()?.id;
        Ok(Self::new(tx, grant, Holder::Person(person), Chain::Account(person), None))
    }

    /// `None`: the organization has no such service account.
    pub async fn of_service_account(
        tx: &mut Tx,
        grant: &Granted<ServiceAccountsWrite>,
        id: ServiceAccountId,
    ) -> Result<Option<Self>, Error> {
        let org = grant.org(tx)?.id;
        let named = service_account(tx, org, id).await?;
        let holder = Holder::ServiceAccount(id);
        Ok(named.map(|named| Self::new(tx, grant, holder, Chain::Org(org), Some(named))))
    }

    /// `None`: the organization has no such workspace.
    pub async fn of_workspace(
        tx: &mut Tx,
        grant: &Granted<WorkspaceTokensWrite>,
        id: WorkspaceId,
    ) -> Result<Option<Self>, Error> {
        let org = grant.org(tx)?.id;
        let named = workspace(tx, org, id).await?;
        Ok(named.map(|named| Self::new(tx, grant, Holder::Workspace(id), Chain::Org(org), Some(named))))
    }

    pub fn of_instance(tx: &Tx, grant: &Granted<InstanceTokensWrite>) -> Result<Self, Error> {
        grant.check(tx)?;
        Ok(Self::new(tx, grant, Holder::Instance, Chain::Instance, None))
    }

    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// How far the actor's own word goes.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// When the token that acts expires; `None` for one that doesn't, and for sessions.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    pub fn who(&self) -> Who {
        self.who
    }

    /// What the service account or workspace is called; `None` for a person and the instance.
    pub fn name(&self) -> Option<String> {
        self.place.as_ref().map(|place| place.name.clone())
    }

    /// What the holder's organization demands of tokens; nothing of a person's and the instance's.
    pub fn policy(&self) -> AuthPolicy {
        self.place.as_ref().map(|place| place.policy.clone()).unwrap_or_default()
    }

    /// The entry that tells of `action`.
    pub fn entry(&self, action: Action) -> Entry {
        Entry::new(self.chain, self.who, Some(self.via), action)
    }
}

impl Proof for Managed {
    fn check(&self, tx: &Tx) -> Result<(), Error> {
        holder(tx, &self.seen).map(drop)
    }

    fn credential(&self) -> String {
        self.credential.clone()
    }

    fn about(&self) -> String {
        self.seen.holder.to_string()
    }
}

async fn service_account(tx: &mut Tx, org: OrgId, id: ServiceAccountId) -> Result<Option<Named>, Error> {
    named(tx, SERVICE_ACCOUNT, org, &id.to_string()).await
}

async fn workspace(tx: &mut Tx, org: OrgId, id: WorkspaceId) -> Result<Option<Named>, Error> {
    named(tx, WORKSPACE, org, &id.to_string()).await
}

async fn named(tx: &mut Tx, sql: &'static str, org: OrgId, id: &str) -> Result<Option<Named>, Error> {
    let row: Option<(String, String)> =
        on!(tx, c => sqlx::query_as(sql).bind(org.to_string()).bind(id).fetch_optional(c).await)?;
    row.map(|(name, policy)| Ok(Named { name, policy: auth_policy::parse(&policy, &org.to_string())? })).transpose()
}

/// The holder's id as it is kept; only within the transaction that proved it.
fn holder(tx: &Tx, seen: &Seen) -> Result<String, Error> {
    if seen.serial == tx.serial() { Ok(seen.holder.to_string()) } else { Err(Error::ForeignProof) }
}

/// Adds a token, unless the holder has the most of its kind already.
pub async fn insert(tx: &mut WriteTx, managed: &Managed, kind: TokenKind, token: &NewToken<'_>) -> Result<bool, Error> {
    let id = holder(tx, &managed.seen)?;
    let lock = match managed.seen.holder {
        Holder::Person(_) => LOCK_PERSON,
        Holder::ServiceAccount(_) => LOCK_SERVICE_ACCOUNT,
        Holder::Workspace(_) => LOCK_WORKSPACE,
        Holder::Instance => LOCK_INSTANCE,
    };
    on!(tx, c => sqlx::query(lock).bind(&id).execute(c).await.map(drop))?;
    let count: i64 = on!(tx, c => sqlx::query_scalar(COUNT).bind(&id).bind(kind.name()).fetch_one(c).await)?;
    if count >= kind.max() {
        return Ok(false);
    }
    put(tx, kind, managed.seen.holder, token).await?;
    Ok(true)
}

/// Adds a token for a sign-in from the command line; those that have expired go.
pub async fn insert_cli(tx: &mut WriteTx, proof: &SignIn, token: &NewToken<'_>) -> Result<(), Error> {
    let person = proof.person(tx)?;
    let now = tx.now().micros();
    on!(tx, c => sqlx::query(FORGET_EXPIRED).bind(person.to_string()).bind(now).execute(c).await.map(drop))?;
    put(tx, TokenKind::Cli, Holder::Person(person), token).await
}

async fn put(tx: &mut WriteTx, kind: TokenKind, holder: Holder, token: &NewToken<'_>) -> Result<(), Error> {
    let now = tx.now().micros();
    let (person, account, workspace) = match holder {
        Holder::Person(id) => (Some(id.to_string()), None, None),
        Holder::ServiceAccount(id) => (None, Some(id.to_string()), None),
        Holder::Workspace(id) => (None, None, Some(id.to_string())),
        Holder::Instance => (None, None, None),
    };
    on!(tx, c => sqlx::query(INSERT)
        .bind(token.id.to_string())
        .bind(kind.name())
        .bind(token.token_hash)
        .bind(token.name)
        .bind(person)
        .bind(account)
        .bind(workspace)
        .bind(token.scopes)
        .bind(true)
        .bind(now)
        .bind(token.expires_at.map(Timestamp::micros))
        .execute(c).await.map(drop))
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    kind: String,
    name: String,
    scopes: String,
    active: bool,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
}

/// The holder's tokens, newest first.
pub async fn list(tx: &mut Tx, seen: &Seen) -> Result<Vec<TokenRow>, Error> {
    let holder = holder(tx, seen)?;
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_HOLDER).bind(holder).fetch_all(c).await)?;
    rows.into_iter()
        .map(|row| {
            Ok(TokenRow {
                id: read(row.id.parse().ok(), "token", "id", &row.id)?,
                kind: read(TokenKind::from_name(&row.kind), "token", "kind", &row.id)?,
                name: row.name,
                scopes: row.scopes,
                active: row.active,
                created_at: Timestamp::from_micros(row.created_at),
                expires_at: row.expires_at.map(Timestamp::from_micros),
                last_used_at: row.last_used_at.map(Timestamp::from_micros),
            })
        })
        .collect()
}

/// Turns one of the holder's tokens on or off; `false` when that changes nothing or there is no such token.
pub async fn set_active(tx: &mut WriteTx, managed: &Managed, id: TokenId, active: bool) -> Result<bool, Error> {
    let holder = holder(tx, &managed.seen)?;
    let changed: Option<String> = on!(tx, c => sqlx::query_scalar(SET_ACTIVE)
        .bind(id.to_string()).bind(holder).bind(active).fetch_optional(c).await)?;
    Ok(changed.is_some())
}

/// Deletes one of the holder's tokens and answers its name.
pub async fn delete(tx: &mut WriteTx, managed: &Managed, id: TokenId) -> Result<Option<String>, Error> {
    let holder = holder(tx, &managed.seen)?;
    on!(tx, c => sqlx::query_scalar(DELETE).bind(id.to_string()).bind(holder).fetch_optional(c).await)
}

/// Notes when tokens were last used; unknown hashes change nothing.
pub async fn touch(tx: &mut WriteTx, used: &[(String, Timestamp)]) -> Result<(), Error> {
    for (token_hash, at) in used {
        on!(tx, c => sqlx::query(TOUCH).bind(token_hash).bind(at.micros()).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// A token whose end is near, of which its people have yet to be told.
#[derive(Debug, Clone)]
pub struct Expiring {
    pub id: TokenId,
    pub kind: TokenKind,
    pub name: String,
    pub expires_at: Timestamp,
    /// Whose it is, with the address.
    pub person: Option<(PersonId, String)>,
    pub place: Option<Place>,
}

/// The service account or workspace a token is of.
#[derive(Debug, Clone)]
pub struct Place {
    pub id: String,
    pub name: String,
    pub org: OrgId,
    pub handle: String,
    pub org_name: String,
}

#[derive(sqlx::FromRow)]
struct ExpiringRow {
    id: String,
    kind: String,
    name: String,
    expires_at: i64,
    person_id: Option<String>,
    email: Option<String>,
    holder_id: Option<String>,
    holder_name: Option<String>,
    org_id: Option<String>,
    handle: Option<String>,
    display_name: Option<String>,
}

/// Tokens that expire within `days` but not within `sooner`, live longer than that, and whose people weren't told so late
/// yet; at most `limit`.
pub async fn expiring(tx: &mut Tx, sooner: i64, days: i64, now: Timestamp, limit: i64) -> Result<Vec<Expiring>, Error> {
    let span = Span::days(days);
    let rows: Vec<ExpiringRow> = on!(tx, c => sqlx::query_as(EXPIRING)
        .bind(now.plus(Span::days(sooner)).micros())
        .bind(now.plus(span).micros())
        .bind(days)
        .bind(span.micros())
        .bind(limit)
        .fetch_all(c).await)?;
    rows.into_iter()
        .map(|row| {
            const TABLE: &str = "token";
            let id = &row.id;
            let person = match row.person_id.zip(row.email) {
                Some((person, email)) => Some((read(person.parse().ok(), TABLE, "person_id", id)?, email)),
                None => None,
            };
            let place = match (row.holder_id, row.holder_name, row.org_id, row.handle, row.display_name) {
                (Some(holder), Some(name), Some(org), Some(handle), Some(org_name)) => {
                    let org = read(org.parse().ok(), TABLE, "org_id", id)?;
                    Some(Place { id: holder, name, org, handle, org_name })
                }
                _ => None,
            };
            Ok(Expiring {
                id: read(id.parse().ok(), TABLE, "id", id)?,
                kind: read(TokenKind::from_name(&row.kind), TABLE, "kind", id)?,
                name: row.name,
                expires_at: Timestamp::from_micros(row.expires_at),
                person,
                place,
            })
        })
        .collect()
}

/// Takes on to tell of a token's end; `false` when another process was quicker.
pub async fn take_warning(tx: &mut WriteTx, id: TokenId, days: i64) -> Result<bool, Error> {
    let taken: Option<String> =
        on!(tx, c => sqlx::query_scalar(WARNED).bind(id.to_string()).bind(days).fetch_optional(c).await)?;
    Ok(taken.is_some())
}

/// Who is told of a token's end, with their addresses.
#[derive(Debug)]
pub enum ToldOf {
    Person((PersonId, String)),
    Owners(Vec<(PersonId, String)>),
    /// Of the platform: the token is the instance's, or its organization has no owner.
    Administrators(Vec<(PersonId, String)>),
}

pub async fn told_of(tx: &mut Tx, token: &Expiring) -> Result<ToldOf, Error> {
    if let Some(person) = &token.person {
        return Ok(ToldOf::Person(person.clone()));
    }
    if let Some(place) = &token.place {
        let rows = on!(tx, c => sqlx::query_as(OWNERS).bind(place.org.to_string()).fetch_all(c).await)?;
        let owners = addresses(rows)?;
        if !owners.is_empty() {
            return Ok(ToldOf::Owners(owners));
        }
    }
    let rows = on!(tx, c => sqlx::query_as(ADMINISTRATORS).fetch_all(c).await)?;
    Ok(ToldOf::Administrators(addresses(rows)?))
}

fn addresses(rows: Vec<(String, String)>) -> Result<Vec<(PersonId, String)>, Error> {
    rows.into_iter().map(|(id, email)| Ok((read(id.parse().ok(), "person", "id", &id)?, email))).collect()
}

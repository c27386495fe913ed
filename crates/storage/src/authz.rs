//! Proofs of authorization. Storage functions on a tenant's data take a [`Granted`]; only
//! [`Tx::authorize`](crate::Tx::authorize) mints one, so forgetting authorization doesn't compile.

use std::marker::PhantomData;

use domain::Timestamp;
use domain::audit::Who;
use domain::auth_policy::{Entering, Refusal};
use domain::authz::{self, Capability, Permission, Scope, Standing, Via};
use domain::avatar::AvatarHash;
use domain::id::{OrgId, PersonId, SessionId};
use domain::name::{DisplayName, Handle};
use domain::org::{Hold, Holds, OrgHeader, OrgState};
use domain::people::{MemberState, Role, Viewer};
use domain::token::{Scopes, TokenKind};

use crate::auth_policy;
use crate::credential::{self, Credential, CredentialRow};
use crate::dialect::{POSTGRES_LOCK_BY_HANDLE, POSTGRES_LOCK_BY_ID};
use crate::error::{Denied, Error, read};
use crate::macros::{on, queries};
use crate::tx::Tx;

/// Who claims to act; nothing here is verified yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Actor {
    Anonymous,
    /// The hash of a session cookie's token.
    Session {
        token_hash: String,
    },
    /// The hash of an API token.
    Token {
        token_hash: String,
    },
    /// The holder of the configuration's administration token, which the service has compared.
    AdministrationToken,
    /// The server's own jobs and command line.
    System,
}

/// What the act is about.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    Handle(&'a str),
    Org(OrgId),
    /// The instance or the actor's own account, as the permission's scope says.
    None,
}

/// The organization a proof is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgFacts {
    pub id: OrgId,
    pub handle: Handle,
    pub display_name: DisplayName,
    pub avatar: Option<AvatarHash>,
    pub state: OrgState,
    pub managed_by: Option<OrgId>,
    pub holds: Holds,
}

/// Which organizations a list may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visible {
    All,
    /// Those the person belongs to, and those managed by a partner the person owns.
    OfPerson(PersonId),
    /// The one a service account belongs to.
    Only(OrgId),
}

/// Proof that the actor holds `P`, good for the one transaction that minted it.
#[derive(Debug)]
pub struct Granted<P> {
    serial: u64,
    via: Via,
    who: Who,
    viewer: Option<Viewer>,
    /// The service account that acts: its name, and the one organization it belongs to.
    service_account: Option<(String, OrgId)>,
    session: Option<SessionId>,
    org: Option<OrgFacts>,
    standing: Standing,
    scopes: Scopes,
    expires_at: Option<Timestamp>,
    permission: PhantomData<fn() -> P>,
}

/// A proof, whatever it is of.
pub trait Proof {
    /// Fails in another transaction than the one that minted it.
    fn check(&self, tx: &Tx) -> Result<(), Error>;

    /// The credential that acts, for what is bound to it: a session or a token.
    fn credential(&self) -> String;

    /// What the act is about: an organization, or whose tokens. Names that change aren't in it.
    fn about(&self) -> String;
}

impl<P: Capability> Proof for Granted<P> {
    fn check(&self, tx: &Tx) -> Result<(), Error> {
        self.check(tx)
    }

    fn credential(&self) -> String {
        self.credential()
    }

    fn about(&self) -> String {
        self.org.as_ref().map(|org| org.id.to_string()).unwrap_or_default()
    }
}

impl<P: Capability> Granted<P> {
    /// The organization, unless the proof is of another transaction.
    pub fn org(&self, tx: &Tx) -> Result<&OrgFacts, Error> {
        match &self.org {
            Some(org) if self.serial == tx.serial() => Ok(org),
            _ => Err(Error::ForeignProof),
        }
    }

    pub(crate) fn check(&self, tx: &Tx) -> Result<(), Error> {
        if self.serial == tx.serial() { Ok(()) } else { Err(Error::ForeignProof) }
    }

    /// By which rule; for the audit log.
    pub fn via(&self) -> Via {
        self.via
    }

    pub fn who(&self) -> Who {
        self.who
    }

    /// The person who acts; a page can only be made for one.
    pub fn viewer(&self) -> Result<&Viewer, Error> {
        self.viewer.as_ref().ok_or(Error::Denied(Denied::NoPerson))
    }

    /// What the service account that acts is called.
    pub fn service_account(&self) -> Option<&str> {
        self.service_account.as_ref().map(|(name, _)| name.as_str())
    }

    /// How far the credential's word goes.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// When the token that acts expires; `None` for one that doesn't, and for sessions.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// The credential that acts, for what is bound to it: a session or a token.
    pub fn credential(&self) -> String {
        match (self.session, self.who) {
            (Some(session), _) => session.to_string(),
            (
                None,
                Who::Person { token: Some(token), .. }
                | Who::Token { token }
                | Who::ServiceAccount { token, .. }
                | Who::Workspace { token, .. },
            ) => token.to_string(),
            (None, Who::AdministrationToken) => "administration_token".to_owned(),
            (None, _) => String::new(),
        }
    }

    /// What the actor is called where a name is kept.
    pub fn actor_name(&self) -> String {
        match (&self.viewer, self.who) {
            (Some(viewer), _) => viewer.name.clone(),
            (None, Who::ServiceAccount { .. }) => {
                format!("{} (service account)", self.service_account().unwrap_or_default())
            }
            (None, Who::System) => "Tenantry".to_owned(),
            (None, _) => "A token of the instance".to_owned(),
        }
    }

    pub fn session(&self) -> Result<SessionId, Error> {
        self.session.ok_or(Error::Denied(Denied::SignInRequired))
    }

    pub fn role(&self) -> Option<Role> {
        self.standing.role
    }

    /// Whether the actor also holds `permission`, to show or hide a control.
    pub fn also(&self, permission: Permission) -> bool {
        let holds = self.via == Via::System || authz::can(permission, self.standing).is_some();
        holds && self.scopes.allows(permission)
    }

    /// The page header of the proof's organization.
    pub fn header(&self, tx: &Tx) -> Result<OrgHeader, Error> {
        let org = self.org(tx)?;
        Ok(OrgHeader {
            id: org.id,
            handle: org.handle.clone(),
            display_name: org.display_name.clone(),
            avatar: org.avatar.clone(),
            state: org.state,
            can: authz::held(self.standing).into_iter().filter(|held| self.scopes.allows(*held)).collect(),
        })
    }
}

impl Granted<authz::cap::OrgsList> {
    pub fn visible(&self) -> Visible {
        match (&self.viewer, &self.service_account) {
            (Some(viewer), _) if !viewer.platform_admin => Visible::OfPerson(viewer.id),
            (None, Some((_, org))) => Visible::Only(*org),
            // A platform administrator, a token of the instance, or the system.
            _ => Visible::All,
        }
    }
}

queries! {
    ORG_BY_HANDLE = "SELECT id, handle, display_name, avatar, state, managed_by, holds FROM organization
        WHERE id = (SELECT org_id FROM name_claim WHERE folded = $1 AND kind <> 'held')";
    ORG_BY_ID = "SELECT id, handle, display_name, avatar, state, managed_by, holds FROM organization WHERE id = $1";
}

#[derive(sqlx::FromRow)]
pub(crate) struct OrgFactsRow {
    pub id: String,
    pub handle: String,
    pub display_name: String,
    pub avatar: Option<String>,
    pub state: String,
    pub managed_by: Option<String>,
    pub holds: String,
}

impl TryFrom<OrgFactsRow> for OrgFacts {
    type Error = Error;

    fn try_from(row: OrgFactsRow) -> Result<Self, Error> {
        const TABLE: &str = "organization";
        Ok(Self {
            id: read(row.id.parse().ok(), TABLE, "id", &row.id)?,
            handle: read(Handle::parse(&row.handle).ok(), TABLE, "handle", &row.id)?,
            display_name: read(DisplayName::parse(&row.display_name).ok(), TABLE, "display_name", &row.id)?,
            avatar: row.avatar.map(|hash| read(AvatarHash::parse(&hash), TABLE, "avatar", &row.id)).transpose()?,
            state: read(OrgState::from_name(&row.state), TABLE, "state", &row.id)?,
            managed_by: row
                .managed_by
                .map(|partner| read(partner.parse().ok(), TABLE, "managed_by", &row.id))
                .transpose()?,
            holds: read(Holds::parse(&row.holds), TABLE, "holds", &row.id)?,
        })
    }
}

/// Why the row's organization doesn't let its session or token in; `None` when it does, or there is none. For a service
/// account's or workspace's token that is the one it belongs to, whatever is asked for.
fn entry_refused(row: &CredentialRow, now: Timestamp) -> Result<Option<Refusal>, Error> {
    let home = (&row.home, &row.home_policy, row.home_epoch);
    let asked = (&row.org_id, &row.auth_policy, row.auth_epoch);
    let (Some(org), Some(policy), Some(epoch)) = (if row.home.is_some() { home } else { asked }) else {
        return Ok(None);
    };
    if row.epoch < epoch {
        return Ok(Some(Refusal::Reset));
    }
    // What nobody has changed needs no reading.
    if policy == "{}" {
        return Ok(None);
    }
    let expires_at = row.expires_at.map(Timestamp::from_micros);
    let entering = match row.kind.as_deref() {
        None => Entering::Session,
        Some(kind) if kind == TokenKind::Cli.name() => Entering::Cli,
        Some(_) => Entering::Token { expires_at },
    };
    let policy = auth_policy::parse(policy, org)?;
    Ok(policy.admits(entering, Timestamp::from_micros(row.issued_at), now).err())
}

/// An alias leads to the handle; nothing happens under it. `asked` is folded.
fn refuse_alias(org: &OrgFacts, asked: Option<&str>) -> Result<(), Denied> {
    match asked {
        Some(asked) if asked != org.handle.folded() => {
            Err(Denied::Moved { asked: asked.to_owned(), handle: org.handle.clone() })
        }
        _ => Ok(()),
    }
}

impl Tx {
    /// Decides whether `actor` holds `P` on `target` and mints the proof. In a writing transaction it locks the
    /// organization first, so that what the proof says stays true until commit.
    pub async fn authorize<P: Capability>(
        &mut self,
        actor: &Actor,
        target: Target<'_>,
        now: Timestamp,
    ) -> Result<Granted<P>, Error> {
        if self.writes() && self.is_postgres() {
            self.lock(target).await?;
        }
        let (token_hash, [alone, by_handle, by_id]) = match actor {
            Actor::Anonymous => return Err(Denied::SignInRequired.into()),
            Actor::System => return self.authorize_system(target, Via::System, Who::System).await,
            Actor::AdministrationToken => {
                let standing = Standing { admin_token: true, ..Standing::default() };
                if authz::can(P::PERMISSION, standing).is_none() {
                    return Err(Denied::NoPerson.into());
                }
                return self.authorize_system(target, Via::AdminToken, Who::AdministrationToken).await;
            }
            Actor::Session { token_hash } => (token_hash, credential::OF_SESSION),
            Actor::Token { token_hash } => (token_hash, credential::OF_TOKEN),
        };
        let is_handle = matches!(target, Target::Handle(_));
        let (sql, target) = match target {
            Target::Handle(handle) => (by_handle, Some(handle.to_ascii_lowercase())),
            Target::Org(id) => (by_id, Some(id.to_string())),
            Target::None => (alone, None),
        };
        let row: Option<CredentialRow> = match &target {
            Some(target) => on!(self, c => sqlx::query_as(sql)
                .bind(token_hash).bind(now.micros()).bind(target).fetch_optional(c).await)?,
            None => on!(self, c => sqlx::query_as(sql)
                .bind(token_hash).bind(now.micros()).fetch_optional(c).await)?,
        };
        let Some(row) = row else { return Err(Denied::SignInRequired.into()) };
        let asked = if is_handle { target.as_deref() } else { None };
        let granted = self.decide(row, target.is_some(), asked, now)?;
        if let (Some(org), Some(viewer), Some(_)) = (&granted.org, &granted.viewer, granted.standing.role) {
            self.seen().note(org.id, viewer.id, now);
        }
        Ok(granted)
    }

    /// Whether `actor` shows a live token of the instance; a proof still comes from [`authorize`](Self::authorize).
    pub async fn is_admin_token(&mut self, actor: &Actor, now: Timestamp) -> Result<bool, Error> {
        let Actor::Token { token_hash } = actor else { return Ok(false) };
        let row: Option<CredentialRow> = on!(self, c => sqlx::query_as(credential::OF_TOKEN[0])
            .bind(token_hash).bind(now.micros()).fetch_optional(c).await)?;
        Ok(row.is_some_and(|row| row.kind.as_deref() == Some(TokenKind::Admin.name())))
    }

    async fn lock(&mut self, target: Target<'_>) -> Result<(), Error> {
        match target {
            Target::Handle(handle) => {
                let folded = handle.to_ascii_lowercase();
                on!(self, c => sqlx::query(POSTGRES_LOCK_BY_HANDLE).bind(folded).execute(c).await.map(drop))
            }
            Target::Org(id) => {
                on!(self, c => sqlx::query(POSTGRES_LOCK_BY_ID).bind(id.to_string()).execute(c).await.map(drop))
            }
            Target::None => Ok(()),
        }
    }

    async fn authorize_system<P: Capability>(
        &mut self,
        target: Target<'_>,
        via: Via,
        who: Who,
    ) -> Result<Granted<P>, Error> {
        let row: Option<OrgFactsRow> = match target {
            Target::Handle(handle) => {
                let folded = handle.to_ascii_lowercase();
                on!(self, c => sqlx::query_as(ORG_BY_HANDLE).bind(folded).fetch_optional(c).await)?
            }
            Target::Org(id) => on!(self, c => sqlx::query_as(ORG_BY_ID).bind(id.to_string()).fetch_optional(c).await)?,
            Target::None => None,
        };
        if row.is_none() && !matches!(target, Target::None) {
            return Err(Denied::NotFound.into());
        }
        let org = row.map(OrgFacts::try_from).transpose()?;
        if let (Some(org), Target::Handle(handle)) = (&org, target) {
            refuse_alias(org, Some(&handle.to_ascii_lowercase()))?;
        }
        if via != Via::System && P::PERMISSION.changes_org() && org.as_ref().is_some_and(|org| !org.state.is_open()) {
            return Err(Denied::Closed.into());
        }
        Ok(Granted {
            serial: self.serial(),
            via,
            who,
            viewer: None,
            service_account: None,
            session: None,
            org,
            standing: Standing { admin_token: via == Via::AdminToken, ..Standing::default() },
            scopes: Scopes::Full,
            expires_at: None,
            permission: PhantomData,
        })
    }

    fn decide<P: Capability>(
        &self,
        row: CredentialRow,
        wants_org: bool,
        asked: Option<&str>,
        now: Timestamp,
    ) -> Result<Granted<P>, Error> {
        let permission = P::PERMISSION;
        let expires_at = row.token_id.as_ref().and(row.expires_at).map(Timestamp::from_micros);
        let Credential { who, viewer, session, scopes, kind } = Credential::of(&row)?;
        let home: Option<OrgId> = match &row.home {
            Some(home) => Some(read(home.parse().ok(), "token", "org_id", home)?),
            None => None,
        };
        let home_holds = row.home_holds.as_deref().unwrap_or_default();
        let home_holds =
            read(Holds::parse(home_holds), "organization", "holds", row.home.as_deref().unwrap_or_default())?;
        let service_account = row.account_name.clone().zip(home);
        let refused = entry_refused(&row, now)?;
        let org = match (row.org_id, row.handle, row.display_name, row.state, row.holds) {
            (Some(id), Some(handle), Some(display_name), Some(state), Some(holds)) => {
                let (avatar, managed_by) = (row.avatar, row.managed_by);
                Some(OrgFacts::try_from(OrgFactsRow { id, handle, display_name, avatar, state, managed_by, holds })?)
            }
            _ => None,
        };
        let person = row.person_id.as_deref().unwrap_or_default();
        let member = row.role.as_deref().zip(row.member_state.as_deref());
        let member = match member {
            Some((role, state)) => Some((
                read(Role::from_name(role), "member", "role", person)?,
                read(MemberState::from_name(state), "member", "state", person)?,
            )),
            None => None,
        };
        let open = org.as_ref().is_some_and(|org| org.state.is_open());
        let is_home = open && home.is_some() && home == org.as_ref().map(|org| org.id);
        let account_role = match row.account_role.as_deref().filter(|_| is_home) {
            Some(role) => Some(read(Role::from_name(role), "service_account", "role", role)?),
            None => None,
        };
        // An organization on its way out lets in nobody but platform administrators.
        let role = member.filter(|(_, state)| *state == MemberState::Active && open).map(|(role, _)| role);
        let standing = Standing {
            platform_admin: viewer.as_ref().is_some_and(|viewer| viewer.platform_admin),
            admin_token: kind == Some(TokenKind::Admin),
            meter_token: kind == Some(TokenKind::Meter),
            workspace_token: kind == Some(TokenKind::Workspace) && (is_home || !wants_org),
            role: role.or(account_role),
            partner_owner: row.partner_owner && open,
        };
        if wants_org {
            let Some(org) = &org else { return Err(Denied::NotFound.into()) };
            let Some(via) = authz::can(Permission::OrgRead, standing) else {
                let frozen = open
                    && !authz::is_platform_only(permission)
                    && member.is_some_and(|(_, state)| state == MemberState::Frozen);
                return Err(if frozen { Denied::Frozen } else { Denied::NotFound }.into());
            };
            refuse_alias(org, asked)?;
            // Nor does one that is held, which says why.
            let pays = org.holds.is_only(Hold::Billing)
                && standing.role == Some(Role::Owner)
                && permission.stays_for_billing();
            if let Some(hold) = org.holds.first()
                && !pays
                && !matches!(via, Via::PlatformAdministrator | Via::AdminToken)
                && !authz::is_platform_only(permission)
            {
                return Err(Denied::Held(hold).into());
            }
            // The organization's own rules for who comes in; they bind nobody who runs the console.
            if let Some(refusal) = refused.filter(|_| !matches!(via, Via::PlatformAdministrator | Via::AdminToken)) {
                return Err(match session {
                    Some(_) => Denied::SignInRequired,
                    None => Denied::Entry(refusal),
                }
                .into());
            }
        }
        // A token that belongs to one organization is refused everywhere when that doesn't let it in.
        if !wants_org && home.is_some() {
            if let Some(hold) = home_holds.first() {
                return Err(Denied::Held(hold).into());
            }
            if let Some(refusal) = refused {
                return Err(Denied::Entry(refusal).into());
            }
        }
        let Some(via) = authz::can(permission, standing) else {
            return Err(if standing.admin_token {
                Denied::NoPerson
            } else if authz::is_platform_only(permission) {
                Denied::NotFound
            } else {
                Denied::Forbidden(permission)
            }
            .into());
        };
        if !scopes.allows(permission) {
            return Err(Denied::OutOfScope(permission).into());
        }
        if permission.scope() == Scope::Org && permission.changes_org() && !open {
            return Err(Denied::Closed.into());
        }
        Ok(Granted {
            serial: self.serial(),
            via,
            who,
            viewer,
            service_account,
            session,
            org,
            standing,
            scopes,
            expires_at,
            permission: PhantomData,
        })
    }
}

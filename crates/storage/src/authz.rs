//! Proofs of authorization. Storage functions on a tenant's data take a [`Granted`]; only
//! [`Tx::authorize`](crate::Tx::authorize) mints one, so forgetting authorization doesn't compile.

use std::marker::PhantomData;

use domain::Timestamp;
use domain::audit::Who;
use domain::authz::{self, Capability, Permission, Scope, Standing, Via};
use domain::id::{OrgId, PersonId, SessionId};
use domain::name::{DisplayName, Handle};
use domain::org::{OrgHeader, OrgState};
use domain::people::{MemberState, Role, Viewer};

use crate::dialect::{POSTGRES_LOCK_BY_HANDLE, POSTGRES_LOCK_BY_ID};
use crate::error::{Denied, Error, read};
use crate::macros::{on, queries};
use crate::tx::Tx;

/// Who claims to act; nothing here is verified yet.
#[derive(Debug, Clone)]
pub enum Actor {
    Anonymous,
    /// The hash of a session cookie's token.
    Session {
        token_hash: String,
    },
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
    pub state: OrgState,
    pub managed_by: Option<OrgId>,
}

/// Which organizations a list may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visible {
    All,
    /// Those the person belongs to, and those managed by a partner the person owns.
    OfPerson(PersonId),
}

/// Proof that the actor holds `P`, good for the one transaction that minted it.
#[derive(Debug)]
pub struct Granted<P> {
    serial: u64,
    via: Via,
    viewer: Option<Viewer>,
    session: Option<SessionId>,
    org: Option<OrgFacts>,
    standing: Standing,
    permission: PhantomData<fn() -> P>,
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
        match &self.viewer {
            Some(viewer) => Who::Person { person: viewer.id, impersonator: None },
            None => Who::System,
        }
    }

    /// The signed-in person; a page can only be made for one.
    pub fn viewer(&self) -> Result<&Viewer, Error> {
        self.viewer.as_ref().ok_or(Error::Denied(Denied::SignInRequired))
    }

    pub fn session(&self) -> Result<SessionId, Error> {
        self.session.ok_or(Error::Denied(Denied::SignInRequired))
    }

    pub fn role(&self) -> Option<Role> {
        self.standing.role
    }

    /// Whether the actor also holds `permission`, to show or hide a control.
    pub fn also(&self, permission: Permission) -> bool {
        self.via == Via::System || authz::can(permission, self.standing).is_some()
    }

    /// The page header of the proof's organization.
    pub fn header(&self, tx: &Tx) -> Result<OrgHeader, Error> {
        let org = self.org(tx)?;
        Ok(OrgHeader {
            id: org.id,
            handle: org.handle.clone(),
            display_name: org.display_name.clone(),
            state: org.state,
            can: authz::held(self.standing),
        })
    }
}

impl Granted<authz::cap::OrgsList> {
    pub fn visible(&self) -> Visible {
        match &self.viewer {
            Some(viewer) if !viewer.platform_admin => Visible::OfPerson(viewer.id),
            _ => Visible::All,
        }
    }
}

/// A live session, its person, and what both are to the organization that `$on` finds.
macro_rules! session_and_org {
    ($on:literal) => {
        concat!(
            "SELECT s.id AS session_id, p.id AS person_id, p.name, p.email, p.platform_admin,
                o.id AS org_id, o.handle, o.display_name, o.state, o.managed_by, m.role, m.state AS member_state,
                EXISTS (SELECT 1 FROM member pm JOIN organization po ON po.id = pm.org_id
                    WHERE pm.org_id = o.managed_by AND pm.person_id = p.id
                    AND pm.role = 'owner' AND pm.state = 'active' AND po.partner AND po.state = 'active') AS partner_owner
            FROM session s JOIN person p ON p.id = s.person_id AND p.session_generation = s.generation
            LEFT JOIN organization o ON ",
            $on,
            " LEFT JOIN member m ON m.org_id = o.id AND m.person_id = p.id AND m.state <> 'revoked'
            WHERE s.token_hash = $1 AND s.expires_at > $2"
        )
    };
}

queries! {
    SESSION = "
        SELECT s.id AS session_id, p.id AS person_id, p.name, p.email, p.platform_admin
        FROM session s JOIN person p ON p.id = s.person_id AND p.session_generation = s.generation
        WHERE s.token_hash = $1 AND s.expires_at > $2";
    SESSION_BY_HANDLE = session_and_org!("o.handle_folded = $3");
    SESSION_BY_ID = session_and_org!("o.id = $3");
    ORG_BY_HANDLE = "SELECT id, handle, display_name, state, managed_by FROM organization WHERE handle_folded = $1";
    ORG_BY_ID = "SELECT id, handle, display_name, state, managed_by FROM organization WHERE id = $1";
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    session_id: String,
    person_id: String,
    name: String,
    email: String,
    platform_admin: bool,
    #[sqlx(default)]
    org_id: Option<String>,
    #[sqlx(default)]
    handle: Option<String>,
    #[sqlx(default)]
    display_name: Option<String>,
    #[sqlx(default)]
    state: Option<String>,
    #[sqlx(default)]
    managed_by: Option<String>,
    #[sqlx(default)]
    role: Option<String>,
    #[sqlx(default)]
    member_state: Option<String>,
    #[sqlx(default)]
    partner_owner: bool,
}

#[derive(sqlx::FromRow)]
pub(crate) struct OrgFactsRow {
    pub id: String,
    pub handle: String,
    pub display_name: String,
    pub state: String,
    pub managed_by: Option<String>,
}

impl TryFrom<OrgFactsRow> for OrgFacts {
    type Error = Error;

    fn try_from(row: OrgFactsRow) -> Result<Self, Error> {
        const TABLE: &str = "organization";
        Ok(Self {
            id: read(row.id.parse().ok(), TABLE, "id", &row.id)?,
            handle: read(Handle::parse(&row.handle).ok(), TABLE, "handle", &row.id)?,
            display_name: read(DisplayName::parse(&row.display_name).ok(), TABLE, "display_name", &row.id)?,
            state: read(OrgState::from_name(&row.state), TABLE, "state", &row.id)?,
            managed_by: row
                .managed_by
                .map(|partner| read(partner.parse().ok(), TABLE, "managed_by", &row.id))
                .transpose()?,
        })
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
        let token_hash = match actor {
            Actor::Anonymous => return Err(Denied::SignInRequired.into()),
            Actor::System => return self.authorize_system(target).await,
            Actor::Session { token_hash } => token_hash,
        };
        let row: Option<SessionRow> = match target {
            Target::Handle(handle) => {
                let folded = handle.to_ascii_lowercase();
                on!(self, c => sqlx::query_as(SESSION_BY_HANDLE)
                    .bind(token_hash).bind(now.micros()).bind(folded).fetch_optional(c).await)?
            }
            Target::Org(id) => on!(self, c => sqlx::query_as(SESSION_BY_ID)
                .bind(token_hash).bind(now.micros()).bind(id.to_string()).fetch_optional(c).await)?,
            Target::None => on!(self, c => sqlx::query_as(SESSION)
                .bind(token_hash).bind(now.micros()).fetch_optional(c).await)?,
        };
        let Some(row) = row else { return Err(Denied::SignInRequired.into()) };
        let wants_org = !matches!(target, Target::None);
        self.decide(row, wants_org)
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

    async fn authorize_system<P: Capability>(&mut self, target: Target<'_>) -> Result<Granted<P>, Error> {
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
        Ok(Granted {
            serial: self.serial(),
            via: Via::System,
            viewer: None,
            session: None,
            org: row.map(OrgFacts::try_from).transpose()?,
            standing: Standing::default(),
            permission: PhantomData,
        })
    }

    fn decide<P: Capability>(&self, row: SessionRow, wants_org: bool) -> Result<Granted<P>, Error> {
        let permission = P::PERMISSION;
        let org = match (row.org_id, row.handle, row.display_name, row.state) {
            (Some(id), Some(handle), Some(display_name), Some(state)) => {
                Some(OrgFacts::try_from(OrgFactsRow { id, handle, display_name, state, managed_by: row.managed_by })?)
            }
            _ => None,
        };
        let member = row.role.as_deref().zip(row.member_state.as_deref());
        let member = match member {
            Some((role, state)) => Some((
                read(Role::from_name(role), "member", "role", &row.person_id)?,
                read(MemberState::from_name(state), "member", "state", &row.person_id)?,
            )),
            None => None,
        };
        let open = org.as_ref().is_some_and(|org| org.state.is_open());
        // An organization on its way out lets in nobody but platform administrators.
        let role = member.filter(|(_, state)| *state == MemberState::Active && open).map(|(role, _)| role);
        let standing = Standing { platform_admin: row.platform_admin, role, partner_owner: row.partner_owner && open };
        if wants_org {
            let Some(_) = &org else { return Err(Denied::NotFound.into()) };
            if authz::can(Permission::OrgRead, standing).is_none() {
                let frozen = open
                    && !authz::is_platform_only(permission)
                    && member.is_some_and(|(_, state)| state == MemberState::Frozen);
                return Err(if frozen { Denied::Frozen } else { Denied::NotFound }.into());
            }
        }
        let Some(via) = authz::can(permission, standing) else {
            return Err(if authz::is_platform_only(permission) {
                Denied::NotFound
            } else {
                Denied::Forbidden(permission)
            }
            .into());
        };
        if permission.scope() == Scope::Org && permission.changes_org() && !open {
            return Err(Denied::Closed.into());
        }
        Ok(Granted {
            serial: self.serial(),
            via,
            viewer: Some(Viewer {
                id: read(row.person_id.parse().ok(), "person", "id", &row.person_id)?,
                name: row.name,
                email: row.email,
                platform_admin: row.platform_admin,
            }),
            session: Some(read(row.session_id.parse().ok(), "session", "id", &row.session_id)?),
            org,
            standing,
            permission: PhantomData,
        })
    }
}

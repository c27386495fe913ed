//! Memberships.

use domain::audit::{Action, Chain, Who};
use domain::authz::Capability;
use domain::authz::cap::{BootstrapWrite, OrgAdminRead, OrgCreate, OrgRead, PeopleWrite};
use domain::id::{MemberId, OrgId, PersonId};
use domain::people::{MemberState, Role};

use crate::audit::Entry;
use crate::authz::Granted;
use crate::error::{Error, read};
use crate::link::{Bootstrap, Redeemed};
use crate::macros::{on, queries};
use crate::tx::{Tx, WriteTx};

queries! {
    INSERT = "INSERT INTO member (id, org_id, person_id, role, state, created_at, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id";
    PROMOTE = "UPDATE member SET role = 'owner' WHERE org_id = $1 AND person_id = $2 AND state = 'active' RETURNING id";
    OWNERS = "SELECT p.name FROM member m JOIN person p ON p.id = m.person_id
        WHERE m.org_id = $1 AND m.role = 'owner' AND m.state <> 'revoked' ORDER BY p.name, p.id LIMIT 20";
    COUNT = "SELECT COUNT(*) FROM member WHERE org_id = $1 AND state <> 'revoked'";
}

/// What may add a member to the organization it is about.
pub trait AddsMembers {
    fn org_id(&self, tx: &Tx) -> Result<OrgId, Error>;
    fn who(&self) -> Who;
}

impl AddsMembers for Redeemed<Bootstrap> {
    fn org_id(&self, tx: &Tx) -> Result<OrgId, Error> {
        Ok(self.org(tx)?.id)
    }
    fn who(&self) -> Who {
        Who::Anonymous
    }
}

impl AddsMembers for Granted<BootstrapWrite> {
    fn org_id(&self, tx: &Tx) -> Result<OrgId, Error> {
        Ok(self.org(tx)?.id)
    }
    fn who(&self) -> Who {
        Granted::who(self)
    }
}

/// The organization that the permission's holder creates in this transaction.
impl AddsMembers for (&Granted<OrgCreate>, OrgId) {
    fn org_id(&self, tx: &Tx) -> Result<OrgId, Error> {
        self.0.check(tx)?;
        Ok(self.1)
    }
    fn who(&self) -> Who {
        self.0.who()
    }
}

/// The command line's and the demonstration's way.
impl AddsMembers for (&Granted<PeopleWrite>, OrgId) {
    fn org_id(&self, tx: &Tx) -> Result<OrgId, Error> {
        self.0.check(tx)?;
        Ok(self.1)
    }
    fn who(&self) -> Who {
        self.0.who()
    }
}

#[derive(Debug, Clone, Copy)]
pub struct NewMember {
    pub id: MemberId,
    pub person: PersonId,
    pub role: Role,
    pub state: MemberState,
}

/// Adds a member; `None` when the person belongs to the organization already.
pub async fn insert(tx: &mut WriteTx, proof: &impl AddsMembers, member: NewMember) -> Result<Option<Entry>, Error> {
    let org = proof.org_id(tx)?;
    let now = tx.now().micros();
    let id: Option<String> = on!(tx, c => sqlx::query_scalar(INSERT)
        .bind(member.id.to_string())
        .bind(org.to_string())
        .bind(member.person.to_string())
        .bind(member.role.name())
        .bind(member.state.name())
        .bind(now)
        .bind((member.state == MemberState::Revoked).then_some(now))
        .fetch_optional(c).await)?;
    let action = Action::MemberAdded { member: member.id, person: member.person, role: member.role };
    Ok(id.map(|_| Entry::new(Chain::Org(org), proof.who(), None, action)))
}

/// Makes an active member an owner and tells which membership it is; `None` when there is no active one.
pub async fn promote(tx: &mut WriteTx, proof: &impl AddsMembers, person: PersonId) -> Result<Option<MemberId>, Error> {
    let org = proof.org_id(tx)?;
    let id: Option<String> = on!(tx, c => sqlx::query_scalar(PROMOTE)
        .bind(org.to_string()).bind(person.to_string()).fetch_optional(c).await)?;
    id.map(|id| read(id.parse().ok(), "member", "id", &id)).transpose()
}

/// What may see who owns an organization.
pub trait SeesOwners: Capability {}
impl SeesOwners for OrgRead {}
impl SeesOwners for OrgAdminRead {}
impl SeesOwners for BootstrapWrite {}

/// Names of the owners, at most 20.
pub async fn owners<P: SeesOwners>(tx: &mut Tx, grant: &Granted<P>) -> Result<Vec<String>, Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query_scalar(OWNERS).bind(org).fetch_all(c).await)
}

pub async fn count(tx: &mut Tx, grant: &Granted<OrgRead>) -> Result<i64, Error> {
    let org = grant.org(tx)?.id.to_string();
    on!(tx, c => sqlx::query_scalar(COUNT).bind(org).fetch_one(c).await)
}

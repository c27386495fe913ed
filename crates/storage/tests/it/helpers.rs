use std::sync::atomic::{AtomicU64, Ordering};

use domain::audit::{Action, Chain, Who};
use domain::authz::cap::{OrgCreate, PeopleWrite};
use domain::email::Email;
use domain::id::{MemberId, OrgId, PersonId, SessionId};
use domain::name::{DisplayName, Handle};
use domain::org::OrgState;
use domain::people::{MemberState, Role};
use domain::settings::Settings;
use domain::time::Span;
use storage::authz::{Actor, Granted, Target};
use storage::member::NewMember;
use storage::{Audit, Entry, Stamp, WriteTx};
use testkit::{TestClock, TestDb};

static NEXT: AtomicU64 = AtomicU64::new(1);

/// Fresh bytes, different each time.
pub fn fresh() -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes
}

pub fn stamp() -> Stamp {
    Stamp { now: TestClock::START, request: None, address: Some("192.0.2.1".into()), user_agent: None, salt: [7; 16] }
}

pub async fn write(db: &TestDb) -> WriteTx {
    db.write(stamp()).await.unwrap()
}

pub fn note(chain: Chain, count: i64) -> Entry {
    Entry::new(chain, Who::System, None, Action::SignInRefused { count })
}

pub async fn person(db: &TestDb, email: &str, platform_admin: bool) -> (PersonId, Actor) {
    let id = PersonId::new(TestClock::START, fresh());
    let email = Email::parse(email).unwrap();
    let mut tx = write(db).await;
    let grant: Granted<PeopleWrite> = tx.authorize(&Actor::System, Target::None, TestClock::START).await.unwrap();
    let row =
        storage::people::NewPerson { id, email: &email, name: email.as_str(), password_hash: "x", platform_admin };
    let entry = storage::people::insert(&mut tx, &grant, &row).await.unwrap().unwrap();
    let token_hash = format!("session of {id}");
    let session = storage::session::NewSession {
        id: SessionId::new(TestClock::START, fresh()),
        person: id,
        token_hash: &token_hash,
        generation: 0,
        expires_at: TestClock::START.plus(Span::days(1)),
        address: "",
        user_agent: "",
    };
    storage::session::insert(&mut tx, &session).await.unwrap();
    tx.commit(Audit::one(entry)).await.unwrap();
    (id, Actor::Session { token_hash })
}

pub async fn org(db: &TestDb, handle: &str, name: &str, state: OrgState) -> OrgId {
    let id = OrgId::new(TestClock::START, fresh());
    let mut tx = write(db).await;
    let grant: Granted<OrgCreate> = tx.authorize(&Actor::System, Target::None, TestClock::START).await.unwrap();
    let row = storage::org::NewOrg {
        id,
        handle: &Handle::parse(handle).unwrap(),
        display_name: &DisplayName::parse(name).unwrap(),
        state,
        settings: &Settings::default(),
    };
    storage::org::insert(&mut tx, &grant, &row).await.unwrap().unwrap();
    tx.commit(Audit::none("arranged by a test")).await.unwrap();
    id
}

pub async fn member(db: &TestDb, org: OrgId, person: PersonId, role: Role) {
    let mut tx = write(db).await;
    let grant: Granted<PeopleWrite> = tx.authorize(&Actor::System, Target::None, TestClock::START).await.unwrap();
    let member = NewMember { id: MemberId::new(TestClock::START, fresh()), person, role, state: MemberState::Active };
    let entry = storage::member::insert(&mut tx, &(&grant, org), member).await.unwrap().unwrap();
    tx.commit(Audit::one(entry)).await.unwrap();
}

use domain::authz::cap::{BootstrapWrite, OrgAdminRead, OrgCreate};
use domain::id::LinkId;
use domain::link::LinkState;
use domain::org::OrgState;
use domain::time::Span;
use storage::Audit;
use storage::authz::{Actor, Granted, Target};
use storage::link::{self, NewLink};
use testkit::{TestClock, TestDb, both};

use crate::helpers::{fresh, org, person, stamp, write};

async fn linked(db: &TestDb, token_hash: &str) {
    let id = org(db, "acme", "Acme", OrgState::PendingBootstrap).await;
    let mut tx = write(db).await;
    let grant: Granted<OrgCreate> = tx.authorize(&Actor::System, Target::None, TestClock::START).await.unwrap();
    let link = NewLink {
        id: LinkId::new(TestClock::START, fresh()),
        token_hash,
        expires_at: Some(TestClock::START.plus(Span::days(7))),
    };
    link::insert_first(&mut tx, &grant, id, &link).await.unwrap();
    tx.commit(Audit::none("arranged by a test")).await.unwrap();
}

#[both]
async fn of_two_who_redeem_at_once_one_is_admitted(db: TestDb) {
    linked(&db, "secret").await;
    let redeem = async || {
        let mut tx = write(&db).await;
        let proof = link::redeem_bootstrap(&mut tx, "secret").await.unwrap();
        let won = proof.is_some();
        tx.commit(Audit::none("arranged by a test")).await.unwrap();
        won
    };
    let (a, b, c) = tokio::join!(redeem(), redeem(), redeem());
    assert_eq!([a, b, c].into_iter().filter(|won| *won).count(), 1);
}

#[both]
async fn an_expired_or_rotated_link_is_dead(db: TestDb) {
    linked(&db, "first").await;
    let mut tx = db.read().await.unwrap();
    let later = TestClock::START.plus(Span::days(8));
    assert!(link::inspect_bootstrap(&mut tx, "first", TestClock::START).await.unwrap().is_some());
    assert!(link::inspect_bootstrap(&mut tx, "first", later).await.unwrap().is_none());
    drop(tx);
    let mut tx = db.write(storage::Stamp { now: later, ..stamp() }).await.unwrap();
    assert!(link::redeem_bootstrap(&mut tx, "first").await.unwrap().is_none());
    drop(tx);

    let (_, admin) = person(&db, "admin@example.com", true).await;
    let mut tx = write(&db).await;
    let grant: Granted<BootstrapWrite> = tx.authorize(&admin, Target::Handle("acme"), TestClock::START).await.unwrap();
    let second = NewLink { id: LinkId::new(TestClock::START, fresh()), token_hash: "second", expires_at: None };
    link::rotate(&mut tx, &grant, &second).await.unwrap();
    tx.commit(Audit::none("arranged by a test")).await.unwrap();

    let mut tx = write(&db).await;
    assert!(link::redeem_bootstrap(&mut tx, "first").await.unwrap().is_none());
    link::open(&mut tx, "second").await.unwrap();
    let grant: Granted<OrgAdminRead> = tx.authorize(&admin, Target::Handle("acme"), TestClock::START).await.unwrap();
    let status = link::status(&mut tx, &grant, TestClock::START).await.unwrap().unwrap();
    assert_eq!((status.state, status.opened_at.is_some()), (LinkState::Live, true));
    assert!(link::redeem_bootstrap(&mut tx, "second").await.unwrap().is_some());
    let status = link::status(&mut tx, &grant, TestClock::START).await.unwrap().unwrap();
    assert_eq!(status.state, LinkState::Redeemed);
}

use domain::audit::Chain;
use domain::authz::cap::{OrgStreamRead, OrgStreamWrite};
use domain::id::OrgId;
use domain::org::OrgState;
use domain::time::Span;
use domain::{Timestamp, audit_stream::BATCH_MAX};
use storage::audit_stream::{self, Delivery, LEASE};
use storage::authz::{Actor, Granted, Target};
use storage::{Audit, Error, Stamp, WriteTx};
use testkit::{TestClock, TestDb, both};

use crate::helpers::{note, org, stamp};

const MINUTE: Span = Span::minutes(1);
const ROOM: usize = 1_000_000;

async fn at(db: &TestDb, now: Timestamp) -> WriteTx {
    db.write(Stamp { now, ..stamp() }).await.unwrap()
}

/// Logs this many entries, a transaction each.
async fn log(db: &TestDb, org: OrgId, count: i64) {
    for n in 0..count {
        let tx = at(db, TestClock::START).await;
        tx.commit(Audit::one(note(Chain::Org(org), n))).await.unwrap();
    }
}

async fn granted(tx: &mut WriteTx, org: OrgId) -> Granted<OrgStreamWrite> {
    tx.authorize(&Actor::System, Target::Org(org), TestClock::START).await.unwrap()
}

async fn start(db: &TestDb, org: OrgId) {
    let mut tx = at(db, TestClock::START).await;
    let grant = granted(&mut tx, org).await;
    audit_stream::insert(&mut tx, &grant, "https://one.example", "sealed").await.unwrap();
    tx.commit(Audit::none("arranged by a test")).await.unwrap();
}

async fn claim_with(db: &TestDb, org: OrgId, now: Timestamp, bytes: usize) -> Option<Delivery> {
    let mut tx = at(db, now).await;
    let delivery = audit_stream::claim(&mut tx, org, bytes).await.unwrap()?;
    tx.commit(Audit::none("a claim")).await.unwrap();
    Some(delivery)
}

async fn claim(db: &TestDb, org: OrgId, now: Timestamp) -> Option<Delivery> {
    claim_with(db, org, now, ROOM).await
}

async fn arrived(db: &TestDb, now: Timestamp, delivery: &Delivery) -> Result<(), Error> {
    let mut tx = at(db, now).await;
    audit_stream::delivered(&mut tx, delivery).await?;
    tx.commit(Audit::none("a delivery")).await
}

async fn failed(db: &TestDb, now: Timestamp, delivery: &Delivery) -> Result<(), Error> {
    let mut tx = at(db, now).await;
    audit_stream::failed(&mut tx, delivery, "No answer.", |attempts| Span::minutes(i64::from(attempts))).await?;
    tx.commit(Audit::none("a delivery")).await
}

fn numbers(delivery: &Delivery) -> Vec<i64> {
    delivery.entries.iter().map(|entry| entry.row.seq).collect()
}

async fn due(db: &TestDb, now: Timestamp) -> Vec<OrgId> {
    audit_stream::due(&mut db.read().await.unwrap(), now, 10).await.unwrap()
}

#[both]
async fn batches_follow_each_other_and_one_holder_delivers(db: TestDb) {
    let now = TestClock::START;
    let acme = org(&db, "acme", "Acme", OrgState::Active).await;
    log(&db, acme, 2).await;
    start(&db, acme).await;
    assert_eq!(due(&db, now).await, [], "what was logged before isn't sent");
    assert!(claim(&db, acme, now).await.is_none());
    log(&db, acme, BATCH_MAX + 3).await;
    assert_eq!(due(&db, now).await, [acme]);
    let first = claim(&db, acme, now).await.unwrap();
    assert_eq!(numbers(&first), (3..=BATCH_MAX + 2).collect::<Vec<_>>());
    assert_eq!(due(&db, now).await, []);
    assert!(claim(&db, acme, now).await.is_none(), "somebody delivers it");

    // The lease runs out: another takes the very same batch, however many were logged since.
    log(&db, acme, 1).await;
    let later = now.plus(LEASE);
    let again = claim(&db, acme, later).await.unwrap();
    assert_eq!(numbers(&again), numbers(&first));
    assert!(matches!(arrived(&db, later, &first).await, Err(Error::LeaseLost)));
    assert!(matches!(failed(&db, later, &first).await, Err(Error::LeaseLost)));
    arrived(&db, later, &again).await.unwrap();
    let rest = claim(&db, acme, later).await.unwrap();
    assert_eq!(numbers(&rest), (BATCH_MAX + 3..=BATCH_MAX + 6).collect::<Vec<_>>());
    arrived(&db, later, &rest).await.unwrap();
    assert_eq!(due(&db, later).await, []);
}

#[both]
async fn a_failure_waits_and_repeats_the_batch_as_it_was(db: TestDb) {
    let now = TestClock::START;
    let acme = org(&db, "acme", "Acme", OrgState::Active).await;
    start(&db, acme).await;
    log(&db, acme, 2).await;
    for attempts in 1..=2 {
        let at = now.plus(Span::minutes((1..attempts).sum()));
        let delivery = claim(&db, acme, at).await.unwrap();
        assert_eq!(numbers(&delivery), [1, 2]);
        failed(&db, at, &delivery).await.unwrap();
        log(&db, acme, 1).await;
        assert!(claim(&db, acme, at.plus(Span::from_seconds(attempts * 60 - 1))).await.is_none());
    }
    let view = {
        let mut tx = db.read().await.unwrap();
        let grant: Granted<OrgStreamRead> = tx.authorize(&Actor::System, Target::Org(acme), now).await.unwrap();
        audit_stream::find(&mut tx, &grant).await.unwrap().unwrap().view
    };
    assert_eq!((view.delivered, view.waiting, view.delivered_at), (0, 4, None));
    let trouble = view.trouble.unwrap();
    assert_eq!(
        (trouble.error.as_str(), trouble.attempts, trouble.next_at),
        ("No answer.", 2, now.plus(Span::minutes(3)))
    );

    // A new address gets it at once, and a delivery to the one before no longer counts.
    let old = claim(&db, acme, trouble.next_at).await.unwrap();
    let mut tx = at(&db, trouble.next_at).await;
    let grant = granted(&mut tx, acme).await;
    audit_stream::set_url(&mut tx, &grant, "https://two.example").await.unwrap();
    tx.commit(Audit::none("arranged by a test")).await.unwrap();
    let new = claim(&db, acme, trouble.next_at).await.unwrap();
    assert_eq!((new.url.as_str(), numbers(&new)), ("https://two.example", vec![1, 2]));
    assert!(matches!(arrived(&db, trouble.next_at, &old).await, Err(Error::LeaseLost)));
    arrived(&db, trouble.next_at, &new).await.unwrap();
    assert_eq!(numbers(&claim(&db, acme, trouble.next_at).await.unwrap()), [3, 4]);
}

#[both]
async fn a_paused_stream_rests_and_batches_have_a_size(db: TestDb) {
    let now = TestClock::START;
    let acme = org(&db, "acme", "Acme", OrgState::Active).await;
    start(&db, acme).await;
    log(&db, acme, 5).await;
    let mut tx = at(&db, now).await;
    let grant = granted(&mut tx, acme).await;
    audit_stream::set_paused(&mut tx, &grant, true).await.unwrap();
    tx.commit(Audit::none("arranged by a test")).await.unwrap();
    assert_eq!(due(&db, now).await, []);
    assert!(claim(&db, acme, now).await.is_none());
    let mut tx = at(&db, now).await;
    let grant = granted(&mut tx, acme).await;
    audit_stream::set_paused(&mut tx, &grant, false).await.unwrap();
    audit_stream::hurry(&mut tx, &grant).await.unwrap();
    tx.commit(Audit::none("arranged by a test")).await.unwrap();
    // One that is too long on its own goes alone.
    let one = claim_with(&db, acme, now, 1).await.unwrap();
    assert_eq!(numbers(&one), [1]);
    arrived(&db, now, &one).await.unwrap();
    let length = one.entries[0].body.len();
    let two = claim_with(&db, acme, now, length * 2 + 1).await.unwrap();
    assert_eq!(numbers(&two), [2, 3]);
    failed(&db, now, &two).await.unwrap();
    assert_eq!(numbers(&claim(&db, acme, now.plus(MINUTE)).await.unwrap()), [2, 3], "as it was, whatever fits now");
}

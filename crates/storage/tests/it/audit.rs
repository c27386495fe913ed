use domain::audit::Chain;
use domain::id::{OrgId, PersonId};
use storage::Audit;
use storage::audit::{Problem, verify};
use testkit::{TestClock, TestDb, both};

use crate::helpers::{note, write};

async fn problems(db: &TestDb) -> Vec<Problem> {
    verify(&mut db.read().await.unwrap()).await.unwrap()
}

/// Three entries on the instance chain.
async fn three(db: &TestDb) {
    for count in 1..=3 {
        write(db).await.commit(Audit::one(note(Chain::Instance, count).with("email", "a@example.com"))).await.unwrap();
    }
    assert_eq!(problems(db).await, []);
}

fn instance() -> String {
    Chain::Instance.name()
}

#[both]
async fn an_edited_entry_is_found(db: TestDb) {
    three(&db).await;
    db.tamper("UPDATE audit_entry SET body = REPLACE(body, '\"count\":2', '\"count\":9') WHERE seq = 2").await;
    assert_eq!(problems(&db).await, [Problem::Altered { chain: instance(), seq: 2 }]);
}

#[both]
async fn what_is_shown_beside_an_entry_is_checked(db: TestDb) {
    for (change, seq) in [
        ("UPDATE audit_entry SET action = 'organization.created' WHERE seq = 1", 1),
        ("UPDATE audit_entry SET at = at + 1 WHERE seq = 2", 2),
        ("UPDATE audit_entry SET actor = 'somebody' WHERE seq = 3", 3),
    ] {
        if seq == 1 {
            three(&db).await;
        }
        db.tamper(change).await;
        assert_eq!(problems(&db).await.last(), Some(&Problem::Altered { chain: instance(), seq }), "{change}");
    }
}

#[both]
async fn an_edited_personal_value_is_found(db: TestDb) {
    three(&db).await;
    db.tamper("UPDATE audit_personal SET value = 'b@example.com' WHERE seq = 2 AND name = 'email'").await;
    assert_eq!(problems(&db).await, [Problem::Altered { chain: instance(), seq: 2 }]);
}

#[both]
async fn entries_without_a_head_are_found(db: TestDb) {
    three(&db).await;
    db.tamper("DELETE FROM audit_head").await;
    assert_eq!(problems(&db).await, [Problem::Headless { chain: instance() }]);
}

#[both]
async fn a_removed_entry_is_found(db: TestDb) {
    three(&db).await;
    db.tamper("DELETE FROM audit_entry WHERE seq = 2").await;
    assert_eq!(problems(&db).await, [Problem::Gap { chain: instance(), seq: 3 }]);
}

#[both]
async fn reordered_entries_are_found(db: TestDb) {
    three(&db).await;
    db.tamper("UPDATE audit_entry SET seq = 10 WHERE seq = 1").await;
    db.tamper("UPDATE audit_entry SET seq = 1 WHERE seq = 2").await;
    db.tamper("UPDATE audit_entry SET seq = 2 WHERE seq = 10").await;
    assert!(problems(&db).await.contains(&Problem::Altered { chain: instance(), seq: 1 }));
}

#[both]
async fn a_cut_tail_is_found(db: TestDb) {
    three(&db).await;
    db.tamper("DELETE FROM audit_entry WHERE seq = 3").await;
    assert_eq!(problems(&db).await, [Problem::Truncated { chain: instance(), head: 3, last: 2 }]);
}

#[both]
async fn erasing_personal_values_keeps_the_chain_whole(db: TestDb) {
    three(&db).await;
    db.tamper("DELETE FROM audit_personal").await;
    assert_eq!(problems(&db).await, []);
}

#[both]
async fn concurrent_writers_neither_fork_nor_deadlock(db: TestDb) {
    let org = Chain::Org(OrgId::new(TestClock::START, [1; 10]));
    let account = Chain::Account(PersonId::new(TestClock::START, [2; 10]));
    let append = async |n: i64| {
        // Named in different orders; the heads are locked in one.
        let (first, second) = if n % 2 == 0 { (org, account) } else { (account, org) };
        write(&db)
            .await
            .commit(Audit::many(note(first, n), [note(second, n), note(Chain::Instance, n)]))
            .await
            .unwrap();
    };
    futures_join(append).await;
    assert_eq!(problems(&db).await, []);
    let mut tx = db.read().await.unwrap();
    for chain in [org, account, Chain::Instance] {
        assert_eq!(storage::audit::count(&mut tx, chain).await.unwrap(), 6);
    }
}

/// Six at once.
async fn futures_join(append: impl AsyncFn(i64)) {
    tokio::join!(append(1), append(2), append(3), append(4), append(5), append(6));
}

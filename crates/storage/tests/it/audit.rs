use domain::audit::{Action, Chain, Who};
use domain::id::{OrgId, PersonId, ProcessId};
use storage::audit::{Head, Problem, heads, verify, verify_against};
use storage::{Audit, Entry};
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

/// Where every chain ends now, as a checkpoint would sign it.
async fn signed(db: &TestDb) -> Vec<Head> {
    heads(&mut db.read().await.unwrap()).await.unwrap()
}

async fn problems_against(db: &TestDb, signed: &[Head]) -> Vec<Problem> {
    verify_against(&mut db.read().await.unwrap(), signed).await.unwrap()
}

/// Cuts the last entry off and makes the head agree.
async fn cut_with_the_head(db: &TestDb) {
    db.tamper("DELETE FROM audit_personal WHERE seq = 3").await;
    db.tamper("DELETE FROM audit_entry WHERE seq = 3").await;
    db.tamper("UPDATE audit_head SET seq = 2, hash = (SELECT hash FROM audit_entry WHERE seq = 2)").await;
}

#[both]
async fn a_cut_tail_with_a_rewritten_head_is_found_by_what_was_signed(db: TestDb) {
    three(&db).await;
    let signed = signed(&db).await;
    assert_eq!(problems_against(&db, &signed).await, []);
    cut_with_the_head(&db).await;
    assert_eq!(problems(&db).await, [], "by itself the chain looks whole");
    assert_eq!(problems_against(&db, &signed).await, [Problem::Shortened { chain: instance(), signed: 3, last: 2 }]);
}

#[both]
async fn entries_made_anew_with_their_hashes_are_found_by_what_was_signed(db: TestDb) {
    three(&db).await;
    let signed = signed(&db).await;
    cut_with_the_head(&db).await;
    write(&db).await.commit(Audit::one(note(Chain::Instance, 9))).await.unwrap();
    write(&db).await.commit(Audit::one(note(Chain::Instance, 10))).await.unwrap();
    assert_eq!(problems(&db).await, [], "by itself the chain looks whole");
    assert_eq!(problems_against(&db, &signed).await, [Problem::Rewritten { chain: instance(), signed: 3 }]);
}

#[both]
async fn a_chain_that_grew_holds_what_was_signed(db: TestDb) {
    let nothing = signed(&db).await;
    assert_eq!(nothing, []);
    three(&db).await;
    let three = signed(&db).await;
    write(&db).await.commit(Audit::one(note(Chain::Instance, 4))).await.unwrap();
    for signed in [nothing, three] {
        assert_eq!(problems_against(&db, &signed).await, []);
    }
}

/// Two entries on an organization's chain, sealed by its deletion; answers what was signed before and after.
async fn sealed(db: &TestDb) -> (Chain, Vec<Head>, Vec<Head>) {
    let org = OrgId::new(TestClock::START, [1; 10]);
    let chain = Chain::Org(org);
    write(db).await.commit(Audit::one(note(chain, 1))).await.unwrap();
    let before = signed(db).await;
    write(db).await.commit(Audit::one(note(chain, 2))).await.unwrap();
    let mut tx = write(db).await;
    let (chain_seq, chain_hash) = storage::audit::close_chain(&mut tx, chain).await.unwrap();
    let process = ProcessId::new(TestClock::START, [2; 10]);
    let action = Action::OrgDeleted { process, org, handle: "acme".into(), chain_seq, chain_hash };
    tx.commit(Audit::one(Entry::new(Chain::Instance, Who::System, None, action))).await.unwrap();
    (chain, before, signed(db).await)
}

#[both]
async fn a_sealed_chain_that_was_changed_consistently_is_found(db: TestDb) {
    let (chain, ..) = sealed(&db).await;
    assert_eq!(problems(&db).await, []);
    write(&db).await.commit(Audit::one(note(chain, 3))).await.unwrap();
    assert_eq!(problems(&db).await, [Problem::SealBroken { chain: chain.name() }]);
}

#[both]
async fn a_purged_chain_is_missed_unless_it_was_sealed(db: TestDb) {
    let (chain, before, after) = sealed(&db).await;
    let account = Chain::Account(PersonId::new(TestClock::START, [3; 10]));
    write(&db).await.commit(Audit::one(note(account, 1))).await.unwrap();
    let with_account = signed(&db).await;
    for purge in ["DELETE FROM audit_personal", "DELETE FROM audit_entry WHERE chain <> 'instance'"] {
        db.tamper(purge).await;
    }
    db.tamper("DELETE FROM audit_head WHERE chain <> 'instance'").await;
    for signed in [&before, &after] {
        assert_eq!(problems_against(&db, signed).await, []);
    }
    assert_eq!(problems_against(&db, &with_account).await, [Problem::Missing { chain: account.name() }]);
    // The seal has to be of the same end.
    let mut other = after;
    for head in other.iter_mut().filter(|head| head.chain == chain.name()) {
        head.hash = "0".repeat(64);
    }
    assert_eq!(problems_against(&db, &other).await, [Problem::Missing { chain: chain.name() }]);
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

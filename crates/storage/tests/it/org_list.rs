use domain::authz::cap::OrgsList;
use domain::org::OrgState;
use domain::page::{OrgSort, OrgsQuery, PAGE_SIZE, Position};
use domain::people::Role;
use storage::authz::{Actor, Granted, Target};
use testkit::{TestClock, TestDb, both};

use crate::helpers::{member, org, person};

async fn handles(db: &TestDb, actor: &Actor, query: &OrgsQuery) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    let grant: Granted<OrgsList> = tx.authorize(actor, Target::None, TestClock::START).await.unwrap();
    let found = storage::org_list::page(&mut tx, &grant, query, PAGE_SIZE).await.unwrap();
    found.rows.iter().map(|row| row.handle.to_string()).collect()
}

/// Walks forward to the end and back again; both must give the same rows.
async fn walk(db: &TestDb, actor: &Actor, first: &OrgsQuery) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    let grant: Granted<OrgsList> = tx.authorize(actor, Target::None, TestClock::START).await.unwrap();
    let mut forward = Vec::new();
    let mut query = first.clone();
    let last = loop {
        let found = storage::org_list::page(&mut tx, &grant, &query, PAGE_SIZE).await.unwrap();
        assert!(found.rows.len() <= PAGE_SIZE);
        assert_eq!(found.previous.is_some(), query.position.is_some());
        let page: Vec<String> = found.rows.iter().map(|row| row.handle.to_string()).collect();
        forward.push(page);
        match found.next {
            Some(next) => query.position = Some(Position::After(next)),
            None => break found.previous,
        }
    };
    let mut backward = vec![forward.last().unwrap().clone()];
    let mut previous = last;
    while let Some(cursor) = previous {
        query.position = Some(Position::Before(cursor));
        let found = storage::org_list::page(&mut tx, &grant, &query, PAGE_SIZE).await.unwrap();
        backward.push(found.rows.iter().map(|row| row.handle.to_string()).collect());
        previous = found.previous;
    }
    backward.reverse();
    assert_eq!(forward.concat(), backward.concat());
    forward.concat()
}

#[both]
async fn every_sort_pages_through_all_rows_in_both_directions(db: TestDb) {
    let (_, admin) = person(&db, "admin@example.com", true).await;
    let mut expected = Vec::new();
    for n in 0..(PAGE_SIZE * 2 + 7) {
        // Names repeat, so that the id has to break ties; case and digits sort by bytes.
        let handle = format!("{}{n:03}", if n % 2 == 0 { "Zeta-" } else { "alpha_" });
        org(&db, &handle, &format!("Name {}", n % 5), OrgState::Active).await;
        expected.push(handle);
    }
    for sort in OrgSort::ALL {
        for descending in [false, true] {
            let query = OrgsQuery { sort, descending, ..OrgsQuery::default() };
            let mut walked = walk(&db, &admin, &query).await;
            if sort == OrgSort::Handle {
                let mut by_handle = expected.clone();
                by_handle.sort_by_key(|handle| handle.to_lowercase());
                if descending {
                    by_handle.reverse();
                }
                assert_eq!(walked, by_handle);
            }
            walked.sort();
            let mut all = expected.clone();
            all.sort();
            assert_eq!(walked, all, "{sort:?} {descending}");
        }
    }
}

#[both]
async fn search_finds_by_the_beginnings_of_words(db: TestDb) {
    let (_, admin) = person(&db, "admin@example.com", true).await;
    for (handle, name) in
        [("acme", "Acme Corporation"), ("umbra_research", "Umbra Research"), ("oe", "Österreich & Söhne")]
    {
        org(&db, handle, name, OrgState::Active).await;
    }
    org(&db, "waiting", "Acme Waiting", OrgState::PendingBootstrap).await;
    for (search, state, expected) in [
        ("corp", None, vec!["acme"]),
        ("ACME", None, vec!["acme", "waiting"]),
        ("acme", Some(OrgState::PendingBootstrap), vec!["waiting"]),
        ("res umb", None, vec!["umbra_research"]),
        ("umbra_res", None, vec!["umbra_research"]),
        ("öst", None, vec!["oe"]),
        ("cme", None, vec![]),
        ("%", None, vec![]),
        ("'; DROP TABLE organization; --", None, vec![]),
    ] {
        let query = OrgsQuery { search: search.into(), state, ..OrgsQuery::default() };
        assert_eq!(handles(&db, &admin, &query).await, expected, "{search:?}");
    }
}

#[both]
async fn people_see_their_own_organizations_only(db: TestDb) {
    let (person_id, person) = person(&db, "owner@example.com", false).await;
    let own = org(&db, "own", "Own", OrgState::Active).await;
    org(&db, "other", "Other", OrgState::Active).await;
    member(&db, own, person_id, Role::Member).await;
    assert_eq!(handles(&db, &person, &OrgsQuery::default()).await, ["own"]);
    assert!(handles(&db, &person, &OrgsQuery { search: "other".into(), ..OrgsQuery::default() }).await.is_empty());
}

use domain::audit::Chain;
use domain::authz::cap::{OrgAdminRead, OrgAdminWrite, OrgRead, OrgsList};
use domain::org::OrgState;
use domain::people::Role;
use domain::settings::Settings;
use domain::time::Span;
use storage::authz::{Actor, Granted, Target};
use storage::error::Denied;
use storage::org::SaveRefused;
use storage::{Audit, Db, Error};
use testkit::{TestClock, TestDb, both};

use crate::helpers::{member, note, org, person, write};

#[both]
async fn migrating_again_changes_nothing_and_two_at_once_agree(db: TestDb) {
    assert_eq!(db.migrate(TestClock::START).await.unwrap(), Vec::<&str>::new());
    let other = Db::connect(db.options()).await.unwrap();
    let (one, two) = tokio::join!(db.migrate(TestClock::START), other.migrate(TestClock::START));
    assert!(one.unwrap().is_empty() && two.unwrap().is_empty());
}

#[both]
async fn a_transaction_that_is_dropped_leaves_nothing(db: TestDb) {
    {
        let mut tx = write(&db).await;
        storage::throttle::count_failure(&mut tx, "account:x", 0).await.unwrap();
    }
    let mut tx = write(&db).await;
    assert_eq!(storage::throttle::count_failure(&mut tx, "account:x", 0).await.unwrap(), None);
}

#[both]
async fn what_was_counted_of_an_account_is_forgotten_with_its_addresses(db: TestDb) {
    let mut tx = write(&db).await;
    let buckets = ["account:x", "device:d:x", "account:y"];
    for bucket in buckets {
        storage::throttle::count_failure(&mut tx, bucket, 0).await.unwrap();
        assert_eq!(storage::throttle::note_refusal(&mut tx, bucket, "192.0.2.1").await.unwrap(), Some(1));
    }
    storage::throttle::forget(&mut tx, "account:x", "x").await.unwrap();
    for (bucket, known) in buckets.into_iter().zip([false, false, true]) {
        let blocked = storage::throttle::count_failure(&mut tx, bucket, 0).await.unwrap();
        let logged = storage::throttle::note_refusal(&mut tx, bucket, "192.0.2.1").await.unwrap();
        assert_eq!((blocked.is_some(), logged.is_none()), (known, known), "{bucket}");
    }
}

#[both]
async fn a_failed_statement_poisons_its_transaction(db: TestDb) {
    let (id, _) = person(&db, "a@example.com", false).await;
    let mut tx = write(&db).await;
    storage::throttle::count_failure(&mut tx, "account:x", 0).await.unwrap();
    // A device of a person who isn't there breaks the foreign key.
    let ghost = domain::PersonId::new(TestClock::START, [9; 10]);
    assert!(storage::session::remember_device(&mut tx, "device", ghost).await.is_err());
    assert!(tx.commit(Audit::one(note(Chain::Account(id), 1))).await.is_err());
    let mut tx = write(&db).await;
    assert_eq!(storage::throttle::count_failure(&mut tx, "account:x", 0).await.unwrap(), None);
    assert_eq!(storage::audit::count(&mut tx, Chain::Account(id)).await.unwrap(), 1, "as before");
}

#[both]
async fn a_proof_is_good_for_its_own_transaction_only(db: TestDb) {
    let (_, admin) = person(&db, "admin@example.com", true).await;
    let id = org(&db, "acme", "Acme", OrgState::Active).await;
    let mut first = db.read().await.unwrap();
    let grant: Granted<OrgAdminRead> = first.authorize(&admin, Target::Handle("ACME"), TestClock::START).await.unwrap();
    assert_eq!(grant.org(&first).unwrap().id, id);
    let mut second = db.read().await.unwrap();
    assert!(matches!(storage::org::settings(&mut second, &grant).await, Err(Error::ForeignProof)));
}

#[both]
async fn authorize_tells_absent_invisible_and_barred_apart(db: TestDb) {
    let (_, admin) = person(&db, "admin@example.com", true).await;
    let (owner_id, owner) = person(&db, "owner@example.com", false).await;
    let (_, outsider) = person(&db, "outsider@example.com", false).await;
    let id = org(&db, "acme", "Acme", OrgState::Active).await;
    member(&db, id, owner_id, Role::Owner).await;
    let now = TestClock::START;
    let mut tx = db.read().await.unwrap();
    let target = Target::Handle("acme");

    let read = async |tx: &mut storage::ReadTx, actor: &Actor, target: Target<'_>, now| match tx
        .authorize::<OrgRead>(actor, target, now)
        .await
    {
        Ok(grant) => Ok(grant.via()),
        Err(Error::Denied(denied)) => Err(denied),
        Err(other) => panic!("{other}"),
    };
    assert_eq!(read(&mut tx, &Actor::Anonymous, target, now).await, Err(Denied::SignInRequired));
    assert_eq!(read(&mut tx, &outsider, target, now).await, Err(Denied::NotFound));
    assert_eq!(read(&mut tx, &admin, Target::Handle("nothing"), now).await, Err(Denied::NotFound));
    assert!(read(&mut tx, &owner, target, now).await.is_ok());
    let later = now.plus(Span::days(2));
    assert_eq!(read(&mut tx, &owner, target, later).await, Err(Denied::SignInRequired), "an expired session");

    let admin_page = tx.authorize::<OrgAdminRead>(&owner, target, now).await;
    assert!(matches!(admin_page, Err(Error::Denied(Denied::NotFound))), "others never see the Admin page");
    let list: Granted<OrgsList> = tx.authorize(&outsider, Target::None, now).await.unwrap();
    assert!(matches!(list.visible(), storage::authz::Visible::OfPerson(_)));
}

#[both]
async fn of_two_saves_of_one_version_one_wins(db: TestDb) {
    let (_, admin) = person(&db, "admin@example.com", true).await;
    org(&db, "acme", "Acme", OrgState::Active).await;
    let save = async || {
        let mut tx = write(&db).await;
        let grant: Granted<OrgAdminWrite> =
            tx.authorize(&admin, Target::Handle("acme"), TestClock::START).await.unwrap();
        let settings = Settings { partner: true, ..Settings::default() };
        let saved = storage::org::save_settings(&mut tx, &grant, 1, &settings).await.unwrap();
        if saved.is_ok() {
            tx.commit(Audit::none("arranged by a test")).await.unwrap();
        }
        saved
    };
    let (one, two) = tokio::join!(save(), save());
    let mut results = [one, two];
    results.sort_by_key(|result| result.is_err());
    assert_eq!(results, [Ok(2), Err(SaveRefused::Stale)]);
}

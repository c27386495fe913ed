use domain::Fault;
use service::audit::{BadCheckpoint, Checkpoint, SigningKey, checkpoint, verify, verify_against};
use storage::audit::Problem;
use testapp::{TestApp, fault};
use testkit::{TestDb, both};

fn key(byte: &str) -> SigningKey {
    SigningKey::parse(&byte.repeat(32)).unwrap()
}

/// A checkpoint of an instance with an administrator and an organization.
async fn signed(app: &TestApp) -> Checkpoint {
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    checkpoint(&app.system(), &key("01")).await.unwrap()
}

async fn against(app: &TestApp, checkpoint: &Checkpoint) -> Vec<Problem> {
    verify_against(&app.system(), checkpoint).await.unwrap().1
}

#[both]
async fn a_checkpoint_holds_while_the_log_grows(db: TestDb) {
    let app = TestApp::new(db).await;
    let first = signed(&app).await;
    assert_eq!(first.chains(), 2);
    let again = Checkpoint::parse(&first.text(), &key("01").public()).unwrap();
    assert_eq!((&again, again.text()), (&first, first.text()));
    app.person("late@example.com", false).await;
    assert_eq!(against(&app, &again).await, []);
    assert_eq!(verify(&app.system()).await.unwrap().0, 3);
}

#[both]
async fn a_changed_or_foreign_checkpoint_is_refused(db: TestDb) {
    let app = TestApp::new(db).await;
    let text = signed(&app).await.text();
    let parse = |text: &str, byte: &str| Checkpoint::parse(text, &key(byte).public());
    assert!(matches!(parse(&text, "02"), Err(BadCheckpoint::OtherKey { .. })));
    // Somebody who puts a key of their own in gains nothing.
    let theirs = text.replace(&key("01").public().to_string(), &key("02").public().to_string());
    assert_eq!(parse(&theirs, "02"), Err(BadCheckpoint::Forged));
    assert_eq!(parse(&text.replacen("\"seq\":2", "\"seq\":1", 1), "01"), Err(BadCheckpoint::Forged));
    assert_eq!(parse(&text.replace("\"version\":1", "\"version\":2"), "01"), Err(BadCheckpoint::Version(2)));
    let unsigned = format!("{}}}", text.split(",\"signature\"").next().unwrap());
    assert_eq!(parse(&unsigned, "01"), Err(BadCheckpoint::Forged));
    for nonsense in ["", "{}", &text.replacen('{', "{\"more\":1,", 1)] {
        assert!(matches!(parse(nonsense, "01"), Err(BadCheckpoint::Unreadable(_))), "{nonsense}");
    }
}

#[both]
async fn a_log_that_was_cut_and_made_to_agree_is_found(db: TestDb) {
    let app = TestApp::new(db).await;
    let checkpoint = signed(&app).await;
    app.db.tamper("DELETE FROM audit_personal WHERE chain LIKE 'org:%' AND seq = 2").await;
    app.db.tamper("DELETE FROM audit_entry WHERE chain LIKE 'org:%' AND seq = 2").await;
    app.db
        .tamper(
            "UPDATE audit_head SET seq = 1, hash = (SELECT e.hash FROM audit_entry e WHERE e.chain = audit_head.chain)
            WHERE chain LIKE 'org:%'",
        )
        .await;
    assert_eq!(verify(&app.system()).await.unwrap().1, []);
    let found = against(&app, &checkpoint).await;
    assert!(matches!(found.as_slice(), [Problem::Shortened { signed: 2, last: 1, .. }]), "{found:?}");
}

#[both]
async fn a_deleted_organization_stays_vouched_for(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let checkpoint = checkpoint(&app.system(), &key("01")).await.unwrap();
    let plan = service::org::preview_deletion(&admin.ctx, "acme").await.unwrap();
    service::org::delete(&admin.ctx, "acme", &plan.token, "acme").await.unwrap();
    app.run_jobs().await;
    assert_eq!(against(&app, &checkpoint).await, []);
    // As once its time of keeping is over.
    for purge in [
        "DELETE FROM audit_personal WHERE chain LIKE 'org:%'",
        "DELETE FROM audit_entry WHERE chain LIKE 'org:%'",
        "DELETE FROM audit_head WHERE chain LIKE 'org:%'",
    ] {
        app.db.tamper(purge).await;
    }
    assert_eq!(against(&app, &checkpoint).await, []);
    app.db.tamper("DELETE FROM audit_personal WHERE chain LIKE 'account:%'").await;
    app.db.tamper("DELETE FROM audit_entry WHERE chain LIKE 'account:%'").await;
    app.db.tamper("DELETE FROM audit_head WHERE chain LIKE 'account:%'").await;
    let found = against(&app, &checkpoint).await;
    assert!(matches!(found.as_slice(), [Problem::Missing { .. }]), "{found:?}");
}

#[both]
async fn only_who_may_verify_gets_a_checkpoint(db: TestDb) {
    let app = TestApp::new(db).await;
    let person = app.person("somebody@example.com", false).await;
    assert_eq!(fault(&app, checkpoint(&person.ctx, &key("01")).await), Fault::NotFound);
    assert_eq!(fault(&app, checkpoint(&app.anonymous(), &key("01")).await), Fault::SignInRequired);
}

use domain::Fault;
use domain::audit::{AuditQuery, AuditRow, REMOVED_PERSON};
use domain::people::{MemberState, Role};
use domain::time::Span;
use service::org::Base;
use service::people::{erasable, erase, erasure_goes_on};
use service::{Ctx, org, profile};
use testapp::{Person, TestApp, fault};
use testkit::{TestDb, both};

async fn log(ctx: &Ctx, handle: &str) -> Vec<AuditRow> {
    service::audit::load(ctx, handle, AuditQuery::default()).await.unwrap().rows
}

/// A second administrator, who has renamed the organization `acme`, saved its settings and deleted another.
async fn busy(app: &TestApp, admin: &Person) -> (Person, String) {
    app.org(admin, "acme").await;
    app.org(admin, "other").await;
    let eve = app.person("Eve@platform.example", true).await;
    profile::save_display_name(&eve.ctx, "acme", Base::Version(1), "Acme").await.unwrap();
    let page = org::load_admin(&eve.ctx, "acme").await.unwrap();
    let form = domain::settings::SettingsForm { partner: true, ..page.form };
    org::save_settings(&eve.ctx, "acme", page.version, &form, "").await.unwrap();
    let plan = org::preview_deletion(&eve.ctx, "other").await.unwrap();
    let process = org::delete(&eve.ctx, "other", &plan.token, "other").await.unwrap();
    app.run_jobs().await;
    (eve, process.process.to_string())
}

#[both]
async fn nothing_shows_of_a_person_who_was_erased_and_the_log_is_whole(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let (eve, process) = busy(&app, &admin).await;
    let before = log(&admin.ctx, "acme").await;
    assert!(before.iter().any(|row| row.who == "Eve" && row.address.is_some()), "{before:?}");

    erase(&admin.ctx, &eve.id.to_string()).await.unwrap();
    assert!(app.sign_in(&eve.email).await.is_err(), "the account is gone at once");
    assert!(erasure_goes_on(&admin.ctx, eve.id).await.unwrap());
    assert_eq!(app.run_jobs().await, 1);
    assert!(!erasure_goes_on(&admin.ctx, eve.id).await.unwrap());

    let after = log(&admin.ctx, "acme").await;
    assert_eq!(after.len(), before.len());
    for row in &after {
        match row.who.as_str() {
            REMOVED_PERSON => assert_eq!(row.address, None),
            other => assert!(other == "admin" && row.address.is_some(), "the rest stays: {row:?}"),
        }
    }
    assert_eq!(after.iter().filter(|row| row.who == REMOVED_PERSON).count(), 2);
    let revisions = org::load_admin(&admin.ctx, "acme").await.unwrap().revisions;
    assert_eq!(revisions[0].author, REMOVED_PERSON);
    assert_ne!(revisions[1].author, REMOVED_PERSON);
    let deletion = service::process::load(&admin.ctx, &process).await.unwrap().process;
    assert_eq!(deletion.started_by, REMOVED_PERSON);
    assert_eq!(erasable(&admin.ctx, "eve@platform.example").await.unwrap(), []);
    assert!(app.audit().await.contains(&("instance".to_owned(), "person.erased".to_owned())));
    app.assert_audit_verifies().await;
}

#[both]
async fn an_erasure_is_resumed_where_a_crash_left_it(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let eve = app.person("eve@platform.example", true).await;
    for n in 1..=520 {
        profile::save_display_name(&eve.ctx, "acme", Base::Version(n), &format!("Acme {n}")).await.unwrap();
    }
    erase(&admin.ctx, &eve.id.to_string()).await.unwrap();
    let mut tx = app.write().await;
    let lease = storage::job::claim(&mut tx).await.unwrap().unwrap();
    tx.commit(storage::Audit::none("claimed by a test")).await.unwrap();
    let mut tx = app.write().await;
    assert!(!storage::erase::run_batch(&mut tx, &lease).await.unwrap());
    tx.commit(storage::Audit::none("a batch of a test")).await.unwrap();
    app.advance(Span::minutes(2));
    app.run_jobs().await;
    let mut lost = app.write().await;
    assert!(matches!(storage::erase::run_batch(&mut lost, &lease).await, Err(storage::Error::LeaseLost)));
    drop(lost);
    assert!(!erasure_goes_on(&admin.ctx, eve.id).await.unwrap());
    assert!(log(&admin.ctx, "acme").await.iter().all(|row| row.address.is_none() == (row.who == REMOVED_PERSON)));
    app.assert_audit_verifies().await;
}

#[both]
async fn members_and_the_last_administrator_stay(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let olga = app.person("olga@acme.example", false).await;
    app.add_member(app.org_id(&admin, "acme").await, &olga, Role::Owner, MemberState::Frozen).await;
    let refused = fault(&app, erase(&admin.ctx, &olga.id.to_string()).await);
    assert!(matches!(&refused, Fault::Conflict { message } if message.contains("belongs to The acme.")), "{refused}");
    let last = fault(&app, erase(&app.system(), &admin.id.to_string()).await);
    assert!(matches!(&last, Fault::Conflict { message } if message.contains("last platform administrator")), "{last}");
    assert!(app.sign_in(&olga.email).await.is_ok() && app.sign_in(&admin.email).await.is_ok());
    assert!(!app.audit().await.iter().any(|(_, action)| action == "person.erased"));
}

#[both]
async fn who_went_with_their_organization_is_found_by_the_former_email(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let olga = app.person("Olga@acme.example", false).await;
    app.add_member(app.org_id(&admin, "acme").await, &olga, Role::Owner, MemberState::Active).await;
    let plan = org::preview_deletion(&admin.ctx, "acme").await.unwrap();
    org::delete(&admin.ctx, "acme", &plan.token, "acme").await.unwrap();
    app.run_jobs().await;
    assert_eq!(erasable(&admin.ctx, "olga@ACME.example").await.unwrap(), [olga.id]);
    erase(&admin.ctx, &olga.id.to_string()).await.unwrap();
    app.run_jobs().await;
    assert_eq!(erasable(&admin.ctx, "olga@acme.example").await.unwrap(), []);
    app.assert_audit_verifies().await;
}

#[both]
async fn only_platform_administrators_erase(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let olga = app.person("olga@acme.example", false).await;
    let id = olga.id.to_string();
    assert_eq!(fault(&app, erase(&olga.ctx, &id).await), Fault::NotFound);
    assert_eq!(fault(&app, erase(&app.anonymous(), &id).await), Fault::SignInRequired);
    assert_eq!(fault(&app, erasable(&olga.ctx, &olga.email).await), Fault::NotFound);
    for nobody in ["01a201a4-3d50-73ef-8f88-63e4c9b40b30", "nonsense"] {
        assert_eq!(fault(&app, erase(&admin.ctx, nobody).await), Fault::NotFound);
    }
}

use domain::Fault;
use domain::cloud::CloudAccountForm;
use domain::people::{MemberState, Role};
use service::cloud::{connect, disconnect, find, list, refresh, update};
use service::org::Base;
use testapp::{TestApp, fault};
use testkit::{TestDb, both};

const URL: &str = "https://hooks.example.com";

fn form() -> CloudAccountForm {
    CloudAccountForm {
        name: "Main".into(),
        provider: "aws".into(),
        connector: "webhook".into(),
        url: URL.into(),
        secret: "the-secret-of-enough-characters".into(),
        events: true,
        ..CloudAccountForm::default()
    }
}

#[both]
async fn an_account_is_connected_listed_changed_and_disconnected(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let id = connect(&admin.ctx, "acme", &form()).await.unwrap().to_string();
    let again = connect(&admin.ctx, "acme", &CloudAccountForm { name: "MAIN".into(), ..form() }).await;
    assert_eq!(fault(&app, again).field_errors()[0].field, "name");
    app.providers.run(URL, "vm-1");
    app.providers.run(URL, "vm-2");
    let listed = refresh(&admin.ctx, "acme", &id).await.unwrap();
    assert_eq!(listed.resources.len(), 2);
    let kept = listed.resources[0].id;
    // What stays keeps its identifier; what is gone goes.
    app.providers.run(URL, "vm-3");
    let listed = refresh(&admin.ctx, "acme", &id).await.unwrap();
    assert_eq!((listed.resources.len(), listed.resources[0].id), (3, kept));
    app.providers.fail(URL, Some("No answer."));
    let failed = refresh(&admin.ctx, "acme", &id).await.unwrap();
    assert_eq!((failed.resources.len(), failed.list_error.as_deref()), (3, Some("No answer.")));
    assert!(matches!(fault(&app, disconnect(&admin.ctx, "acme", &id).await), Fault::Conflict { .. }));
    app.providers.fail(URL, None);
    let left = fault(&app, disconnect(&admin.ctx, "acme", &id).await).to_string();
    assert!(left.starts_with("3 resources still run there: the vm-1"), "{left}");

    let moved = CloudAccountForm { url: "https://elsewhere.example".into(), secret: String::new(), ..form() };
    let refused = fault(&app, update(&admin.ctx, "acme", &id, Base::Version(1), &moved).await);
    assert_eq!(refused.field_errors()[0].field, "secret", "a secret goes to no other address");
    let renamed = CloudAccountForm { name: "Other".into(), secret: String::new(), ..form() };
    assert_eq!(update(&admin.ctx, "acme", &id, Base::Version(1), &renamed).await.unwrap(), 2);
    assert_eq!(update(&admin.ctx, "acme", &id, Base::Version(2), &renamed).await.unwrap(), 2, "nothing changed");
    let stale = update(&admin.ctx, "acme", &id, Base::Version(1), &form()).await;
    assert!(matches!(fault(&app, stale), Fault::Stale { version: 2, .. }));
    let cleared = CloudAccountForm { name: "Empty".into(), url: "https://empty.example".into(), ..form() };
    let empty = connect(&admin.ctx, "acme", &cleared).await.unwrap().to_string();
    disconnect(&admin.ctx, "acme", &empty).await.unwrap();
    assert_eq!(list(&admin.ctx, "acme").await.unwrap().len(), 1);
    app.assert_audit_verifies().await;
}

#[both]
async fn secrets_are_sealed_and_outlive_a_rotation(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    connect(&admin.ctx, "acme", &form()).await.unwrap();
    let value = service::Secret::from("hunter2".to_owned());
    service::org_secret::set(&admin.ctx, "acme", "db", &value).await.unwrap();
    assert!(!service::keys::in_use(&app.system()).await.unwrap());
    app.keys.lock().unwrap().insert(0, service::vault::MasterKey::new([2; 32]));
    assert!(service::keys::in_use(&app.system()).await.unwrap());
    assert_eq!(service::keys::rotate(&app.system()).await.unwrap(), 2);
    assert_eq!(service::keys::rotate(&app.system()).await.unwrap(), 0);
    app.keys.lock().unwrap().truncate(1);
    let id = list(&admin.ctx, "acme").await.unwrap()[0].id.to_string();
    assert_eq!(refresh(&admin.ctx, "acme", &id).await.unwrap().list_error, None, "the secret still opens");
    app.assert_audit_verifies().await;
}

#[both]
async fn only_platform_administrators_connect_and_owners_look(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    app.org(&admin, "other").await;
    let owner = app.person("owner@acme.example", false).await;
    app.add_member(app.org_id(&admin, "acme").await, &owner, Role::Owner, MemberState::Active).await;
    let id = connect(&admin.ctx, "acme", &form()).await.unwrap().to_string();
    assert_eq!(list(&owner.ctx, "acme").await.unwrap().len(), 1);
    assert_eq!(fault(&app, connect(&owner.ctx, "acme", &form()).await), Fault::NotFound);
    assert_eq!(fault(&app, refresh(&owner.ctx, "acme", &id).await), Fault::NotFound);
    assert_eq!(fault(&app, find(&admin.ctx, "other", &id).await), Fault::NotFound);
    assert_eq!(fault(&app, disconnect(&admin.ctx, "other", &id).await), Fault::NotFound);
}

use domain::Fault;
use service::Secret;
use service::setup::{complete, ensure_link, inspect};
use testapp::{PASSWORD, TestApp, fault};
use testkit::{TestDb, both};

fn password() -> Secret {
    Secret::from(PASSWORD.to_owned())
}

#[both]
async fn the_first_run_link_makes_one_administrator_and_dies(db: TestDb) {
    let app = TestApp::new(db).await;
    assert!(service::auth::front(&app.anonymous()).await.unwrap().first_run);
    let old = ensure_link(&app.system()).await.unwrap().unwrap();
    let link = ensure_link(&app.system()).await.unwrap().unwrap();
    assert_eq!(fault(&app, inspect(&app.with_link(&old)).await), Fault::NotFound, "a newer link kills the older");

    let browser = app.with_link(&link);
    inspect(&browser).await.unwrap();
    let refused = fault(&app, complete(&browser, "", "no email", Secret::from("short".to_owned()), "30").await);
    let fields: Vec<&str> = refused.field_errors().iter().map(|error| error.field.as_ref()).collect();
    assert_eq!(fields, ["name", "email", "password"], "all errors at once");

    complete(&browser, "Ada", "ada@platform.example", password(), "30").await.unwrap();
    assert_eq!(fault(&app, complete(&browser, "Eve", "eve@evil.example", password(), "30").await), Fault::NotFound);
    assert_eq!(ensure_link(&app.system()).await.unwrap(), None);
    let cookies = app.sign_in("ADA@platform.example").await.unwrap();
    let front = service::auth::front(&app.request(cookies)).await.unwrap();
    assert!(front.viewer.unwrap().platform_admin && !front.first_run);
    app.assert_audit_verifies().await;
}

#[both]
async fn of_two_who_use_the_link_at_once_one_becomes_administrator(db: TestDb) {
    let app = TestApp::new(db).await;
    let link = ensure_link(&app.system()).await.unwrap().unwrap();
    let browser = app.with_link(&link);
    let (one, two) = tokio::join!(
        complete(&browser, "Ada", "ada@platform.example", password(), "30"),
        complete(&browser, "Eve", "eve@evil.example", password(), "30"),
    );
    assert!(one.is_ok() != two.is_ok());
}

#[both]
async fn common_passwords_are_refused(db: TestDb) {
    let app = TestApp::new(db).await;
    let link = ensure_link(&app.system()).await.unwrap().unwrap();
    let common = Secret::from("PasswordPassword".to_owned());
    let refused = fault(&app, complete(&app.with_link(&link), "Ada", "ada@platform.example", common, "30").await);
    assert!(refused.to_string().contains("most common"), "{refused}");
}

#[both]
async fn the_first_administrator_chooses_how_long_a_deletion_can_be_called_off(db: TestDb) {
    let app = TestApp::new(db).await;
    let link = ensure_link(&app.system()).await.unwrap().unwrap();
    let browser = app.with_link(&link);
    let refused = fault(&app, complete(&browser, "Ada", "ada@platform.example", password(), "").await);
    assert_eq!(refused.field_errors()[0].field, "deletion_grace_days");
    complete(&browser, "Ada", "ada@platform.example", password(), "30").await.unwrap();
    let cookies = app.sign_in("ada@platform.example").await.unwrap();
    let settings = service::instance::read(&app.request(cookies)).await.unwrap();
    assert_eq!((settings.deletion_grace_days, settings.owners_may_delete), (30, true));
    let changes = app.audit().await.into_iter().filter(|(_, action)| action == "instance.setting_changed").count();
    assert_eq!(changes, 1);
    app.assert_audit_verifies().await;
}

use domain::Fault;
use domain::settings::SettingsForm;
use service::org::{load_admin, load_revision, redact_revision, restore_revision, save_settings};
use testapp::{Person, TestApp, fault};
use testkit::{TestDb, both};

async fn form(admin: &Person) -> (i64, SettingsForm) {
    let page = load_admin(&admin.ctx, "acme").await.unwrap();
    (page.version, page.form)
}

async fn save(admin: &Person, change: impl FnOnce(&mut SettingsForm)) -> i64 {
    let (version, mut form) = form(admin).await;
    change(&mut form);
    save_settings(&admin.ctx, "acme", version, &form, "because").await.unwrap().version
}

async fn ready(db: TestDb) -> (TestApp, Person) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    (app, admin)
}

#[both]
async fn every_field_is_kept_as_saved(db: TestDb) {
    let (app, admin) = ready(db).await;
    let workspace = "{\n  \"dns\": [ \"10.0.0.2\", \"corp.example\" ],\n  \"envs\": [\"A=1\"]\n}";
    let typed = SettingsForm {
        partner: true,
        enforce_mfa: true,
        report: true,
        report_recipients: "a@x.example, B@x.example, A@X.example".into(),
        report_schedule: "monthly".into(),
        report_time_zone: "Europe/Berlin".into(),
        platform_domain: "https://Activate.Example.com/".into(),
        seats_mode: "limited".into(),
        seats: "12".into(),
        default_user_host: "user-1.example.com".into(),
        plan: String::new(),
        login_domain: "login.bücher.example".into(),
        workspace: workspace.into(),
    };
    let saved = save_settings(&admin.ctx, "acme", 1, &typed, "").await.unwrap();
    assert_eq!((saved.version, saved.changed.len()), (2, 11));
    let (version, loaded) = form(&admin).await;
    let expected = SettingsForm {
        report_recipients: "a@x.example, B@x.example".into(),
        platform_domain: "activate.example.com".into(),
        login_domain: "login.xn--bcher-kva.example".into(),
        ..typed
    };
    assert_eq!((version, &loaded), (2, &expected));
    for (_, _, body) in storage::audit::latest(&mut app.db.read().await.unwrap(), 100).await.unwrap() {
        assert!(!body.contains("a@x.example"), "addresses stand in the chain as hashes only: {body}");
    }
    let again = save_settings(&admin.ctx, "acme", 2, &loaded, "").await.unwrap();
    assert_eq!((again.version, again.changed.len()), (2, 0), "saving the same is no revision");
    app.assert_audit_verifies().await;
}

#[both]
async fn a_stale_save_is_refused_field_by_field(db: TestDb) {
    let (app, admin) = ready(db).await;
    let (version, mut mine) = form(&admin).await;
    save(&admin, |form| form.platform_domain = "theirs.example.com".into()).await;
    mine.platform_domain = "mine.example.com".into();
    mine.partner = true;
    let Fault::Stale { version: current, fields } =
        fault(&app, save_settings(&admin.ctx, "acme", version, &mine, "").await)
    else {
        panic!("a stale save")
    };
    assert_eq!(current, 2);
    let domain = fields.iter().find(|conflict| conflict.field == "platform_domain").unwrap();
    assert_eq!((domain.theirs.as_str(), domain.yours.as_str()), ("theirs.example.com", "mine.example.com"));
    assert!(fields.iter().any(|conflict| conflict.field == "partner"));
    assert_eq!(form(&admin).await.1.platform_domain, "theirs.example.com");
}

#[both]
async fn a_login_domain_leads_to_one_organization(db: TestDb) {
    let (app, admin) = ready(db).await;
    app.org(&admin, "other").await;
    save(&admin, |form| form.login_domain = "login.example.com".into()).await;
    let page = load_admin(&admin.ctx, "other").await.unwrap();
    let form = SettingsForm { login_domain: "LOGIN.example.com".into(), ..page.form };
    let refused = fault(&app, save_settings(&admin.ctx, "other", 1, &form, "").await);
    assert_eq!(refused.field_errors()[0].field, "login_domain");
    save(&admin, |form| form.login_domain = String::new()).await;
    save_settings(&admin.ctx, "other", 1, &form, "").await.unwrap();
}

#[both]
async fn wrong_settings_are_refused_whole_with_their_places(db: TestDb) {
    let (app, admin) = ready(db).await;
    let (version, loaded) = form(&admin).await;
    let wrong = SettingsForm {
        partner: true,
        report: true,
        report_recipients: String::new(),
        platform_domain: "not a host".into(),
        workspace: "{\n  \"dnss\": []\n}".into(),
        ..loaded.clone()
    };
    let refused = fault(&app, save_settings(&admin.ctx, "acme", version, &wrong, "").await);
    let fields: Vec<&str> = refused.field_errors().iter().map(|error| error.field.as_ref()).collect();
    assert_eq!(fields, ["report_recipients", "platform_domain", "workspace"]);
    let place = refused.field_errors()[2].at.clone().unwrap();
    assert_eq!((place.line, place.column), (2, 3));
    assert!(refused.field_errors()[2].message.contains("dns"));
    assert_eq!(form(&admin).await, (version, loaded), "nothing was saved");
}

#[both]
async fn an_old_revision_is_restored_as_a_new_one(db: TestDb) {
    let (app, admin) = ready(db).await;
    save(&admin, |form| {
        form.partner = true;
        form.workspace = "{ \"homeDirPrefix\": \"/a\" }".into();
    })
    .await;
    save(&admin, |form| {
        form.partner = false;
        form.workspace = "{}".into();
    })
    .await;
    let stale = restore_revision(&admin.ctx, "acme", 2, 2, "").await;
    assert!(matches!(fault(&app, stale), Fault::Conflict { .. }));
    let restored = restore_revision(&admin.ctx, "acme", 3, 2, "it was right").await.unwrap();
    assert_eq!(restored.version, 4);
    let (_, form) = form(&admin).await;
    assert_eq!((form.partner, form.workspace.as_str()), (true, "{ \"homeDirPrefix\": \"/a\" }"));
    let page = load_revision(&admin.ctx, "acme", 4, None).await.unwrap();
    assert_eq!((page.revision.restored_from, page.changes.len(), page.against.unwrap().version), (Some(2), 2, 3));
    assert_eq!(page.revision.reason.as_deref(), Some("it was right"));
    app.assert_audit_verifies().await;
}

#[both]
async fn secrets_are_masked_and_can_be_redacted_from_the_past(db: TestDb) {
    let (app, admin) = ready(db).await;
    const SECRET: &str = "hunter2hunter2";
    save(&admin, |form| form.workspace = format!("{{ \"envs\": [\"PASSWORD={SECRET}\"] }}")).await;
    assert!(matches!(fault(&app, redact_revision(&admin.ctx, "acme", 2, "leak").await), Fault::Conflict { .. }));
    save(&admin, |form| form.workspace = "{ \"envs\": [\"PASSWORD=another\"] }".into()).await;

    let page = load_revision(&admin.ctx, "acme", 2, None).await.unwrap();
    assert!(page.has_secrets);
    assert!(!format!("{page:?}").contains(SECRET));
    let mut tx = app.db.read().await.unwrap();
    for (_, _, body) in storage::audit::latest(&mut tx, 100).await.unwrap() {
        assert!(!body.contains(SECRET), "{body}");
    }
    drop(tx);

    assert!(matches!(fault(&app, redact_revision(&admin.ctx, "acme", 2, " ").await), Fault::Invalid { .. }));
    redact_revision(&admin.ctx, "acme", 2, "leak").await.unwrap();
    assert!(load_revision(&admin.ctx, "acme", 2, None).await.unwrap().revision.redacted_at.is_some());
    assert!(matches!(fault(&app, restore_revision(&admin.ctx, "acme", 3, 2, "").await), Fault::Conflict { .. }));
    app.assert_audit_verifies().await;
}

#[both]
async fn seats_of_zero_mean_unlimited_when_typed(db: TestDb) {
    let (_app, admin) = ready(db).await;
    save(&admin, |form| {
        form.seats_mode = "limited".into();
        form.seats = "5".into();
    })
    .await;
    save(&admin, |form| form.seats = "0".into()).await;
    assert_eq!(form(&admin).await.1.seats_mode, "unlimited");
}

use domain::Fault;
use domain::people::{MemberState, Role};
use domain::settings::SettingsForm;
use service::Secret;
use service::org::effective_settings;
use service::org_secret::{list, remove, set};
use testapp::{TestApp, fault};
use testkit::{TestDb, both};

fn secret(text: &str) -> Secret {
    Secret::from(text.to_owned())
}

#[both]
async fn settings_are_handed_out_with_the_values_of_their_secrets(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let page = service::org::load_admin(&admin.ctx, "acme").await.unwrap();
    let workspace = r#"{"envs": ["EDITOR=vim", {"name": "DB", "secret": "db"}, {"name": "KEY", "secret": "missing"}]}"#;
    let form = SettingsForm { workspace: workspace.into(), ..page.form };
    service::org::save_settings(&admin.ctx, "acme", page.version, &form, "").await.unwrap();
    assert!(!set(&admin.ctx, "acme", "db", &secret("hunter2")).await.unwrap());
    let effective = effective_settings(&admin.ctx, "acme").await.unwrap();
    let envs = serde_json::to_string(&effective.settings).unwrap();
    assert!(envs.contains("hunter2") && !envs.contains("KEY"), "{envs}");
    assert_eq!(effective.missing_secrets, ["missing"]);

    assert!(set(&admin.ctx, "acme", "db", &secret("another")).await.unwrap());
    let effective = effective_settings(&admin.ctx, "acme").await.unwrap();
    assert!(serde_json::to_string(&effective.settings).unwrap().contains("another"));
    let view = list(&admin.ctx, "acme").await.unwrap();
    assert_eq!((view.secrets.len(), view.secrets[0].used, view.missing), (1, true, vec!["missing".to_owned()]));
    assert!(matches!(fault(&app, remove(&admin.ctx, "acme", "db").await), Fault::Conflict { .. }));
    set(&admin.ctx, "acme", "other", &secret("x")).await.unwrap();
    remove(&admin.ctx, "acme", "other").await.unwrap();
    assert_eq!(fault(&app, remove(&admin.ctx, "acme", "other").await), Fault::NotFound);
    for (_, body) in app.audit().await {
        assert!(!body.contains("hunter2") && !body.contains("another"));
    }
    app.assert_audit_verifies().await;
}

#[both]
async fn owners_set_secrets_and_members_see_none(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let org = app.org_id(&admin, "acme").await;
    let (owner, member) = (app.person("o@acme.example", false).await, app.person("m@acme.example", false).await);
    app.add_member(org, &owner, Role::Owner, MemberState::Active).await;
    app.add_member(org, &member, Role::Member, MemberState::Active).await;
    set(&owner.ctx, "acme", "db", &secret("x")).await.unwrap();
    assert_eq!(list(&owner.ctx, "acme").await.unwrap().secrets[0].updated_by, "o");
    assert!(matches!(fault(&app, list(&member.ctx, "acme").await), Fault::Forbidden { .. }));
    let both = fault(&app, set(&owner.ctx, "acme", "a b", &secret("")).await);
    assert_eq!(both.field_errors().len(), 2, "{both}");
}

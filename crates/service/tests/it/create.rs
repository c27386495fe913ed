use domain::Fault;
use domain::org::OrgState;
use service::org::{NewOrg, create, load};
use testapp::{TestApp, fault};
use testkit::{TestDb, both};

fn named(handle: &str) -> NewOrg {
    NewOrg { display_name: "Acme".into(), handle: handle.into(), ..NewOrg::default() }
}

#[both]
async fn an_organization_waits_for_its_owner_or_has_its_creator(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let waiting = create(&admin.ctx, named("Acme")).await.unwrap();
    assert!(waiting.link.unwrap().url.starts_with("http://localhost:3000/bootstrap?token="));
    assert_eq!(load(&admin.ctx, "acme").await.unwrap().org.state, OrgState::PendingBootstrap);

    let mine = create(&admin.ctx, NewOrg { first_owner: "me".into(), ..named("mine") }).await.unwrap();
    assert_eq!(mine.link, None);
    let page = load(&admin.ctx, "mine").await.unwrap();
    assert_eq!((page.org.state, page.owners.len(), page.members), (OrgState::Active, 1, 1));
    app.assert_audit_verifies().await;
}

#[both]
async fn handles_and_labels_are_unique_and_a_collision_names_no_owner(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    create(&admin.ctx, named("Acme_Labs")).await.unwrap();
    for (handle, says) in [
        ("acme_labs", "taken"),
        ("acme-labs", "“acme-labs”"),
        ("admin", "reserved"),
        ("-x", "starts with"),
        ("a b", "a space"),
        ("", "Enter a handle"),
        ("0123456789012345678901234567890123", "at most 32"),
    ] {
        let refused = fault(&app, create(&admin.ctx, named(handle)).await);
        assert_eq!(refused.field_errors()[0].field, "handle");
        assert!(refused.to_string().contains(says), "{handle}: {refused}");
        assert!(!refused.to_string().contains("Acme_Labs"));
    }
}

#[both]
async fn of_two_who_create_the_same_handle_one_wins(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let (one, two) = tokio::join!(create(&admin.ctx, named("same")), create(&admin.ctx, named("Same")));
    assert!(one.is_ok() != two.is_ok());
}

#[both]
async fn only_platform_administrators_create(db: TestDb) {
    let app = TestApp::new(db).await;
    let person = app.person("somebody@example.com", false).await;
    assert_eq!(fault(&app, create(&person.ctx, named("acme")).await), Fault::NotFound);
    assert_eq!(fault(&app, create(&app.anonymous(), named("acme")).await), Fault::SignInRequired);
}

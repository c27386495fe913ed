use domain::Fault;
use domain::link::LinkState;
use domain::org::OrgState;
use domain::people::Role;
use domain::time::Span;
use service::Secret;
use service::bootstrap::{accept, inspect, redeem, revoke, rotate, take_ownership};
use service::cookie::Cookies;
use testapp::{PASSWORD, TestApp, fault};
use testkit::{TestDb, both};

fn password() -> Secret {
    Secret::from(PASSWORD.to_owned())
}

#[both]
async fn a_new_person_becomes_the_first_owner_and_a_second_use_is_refused(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let link = app.org(&admin, "acme").await.link.unwrap();
    let browser = app.with_link(&link.url);
    assert_eq!(inspect(&browser).await.unwrap().organization, "The acme");

    let taken = fault(&app, redeem(&browser, "Ada", "admin@platform.example", password()).await);
    assert!(taken.to_string().contains("already has an account"), "{taken}");
    let (handle, session) = redeem(&browser, "Olga", "olga@acme.example", password()).await.unwrap();
    assert_eq!(handle.as_str(), "acme");
    assert_eq!(fault(&app, inspect(&browser).await), Fault::NotFound);
    assert_eq!(fault(&app, redeem(&browser, "Eve", "eve@evil.example", password()).await), Fault::NotFound);

    let olga = app.request(Cookies { session: Some(session.token), ..Cookies::default() });
    let page = service::org::load(&olga, "acme").await.unwrap();
    assert_eq!((page.org.state, page.role, page.link), (OrgState::Active, Some(Role::Owner), None));
    assert_eq!(fault(&app, service::org::load_admin(&olga, "acme").await), Fault::NotFound);
    app.assert_audit_verifies().await;
}

#[both]
async fn a_signed_in_person_accepts_as_themselves(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let olga = app.person("olga@acme.example", false).await;
    let link = app.org(&admin, "acme").await.link.unwrap();
    let token = app.with_link(&link.url);
    assert_eq!(fault(&app, accept(&token).await), Fault::SignInRequired);
    let secret = Secret::from(link.url.split("token=").nth(1).unwrap().to_owned());
    let both = app.request(Cookies { link: Some(secret), ..olga.cookies.clone() });
    assert_eq!(inspect(&both).await.unwrap().viewer.unwrap().email, "olga@acme.example");
    accept(&both).await.unwrap();
    assert_eq!(service::org::load(&olga.ctx, "acme").await.unwrap().role, Some(Role::Owner));
    assert_eq!(fault(&app, accept(&both).await), Fault::NotFound);
}

#[both]
async fn links_expire_rotate_and_are_revoked(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let first = app.org(&admin, "acme").await.link.unwrap();
    let state = async || service::org::load_admin(&admin.ctx, "acme").await.unwrap().link.unwrap().state;
    app.advance(Span::days(8));
    assert_eq!(state().await, LinkState::Expired);
    let admin_ctx = app.request(app.sign_in(&admin.email).await.unwrap());
    let second = rotate(&admin_ctx, "acme", "never").await.unwrap();
    assert_eq!((second.expires_at, state().await), (None, LinkState::Live));
    assert_eq!(fault(&app, inspect(&app.with_link(&first.url)).await), Fault::NotFound);
    inspect(&app.with_link(&second.url)).await.unwrap();
    revoke(&admin_ctx, "acme").await.unwrap();
    assert_eq!(state().await, LinkState::Revoked);
    assert_eq!(fault(&app, inspect(&app.with_link(&second.url)).await), Fault::NotFound);
    assert!(matches!(fault(&app, revoke(&admin_ctx, "acme").await), Fault::Conflict { .. }));
}

#[both]
async fn the_administrator_takes_ownership_and_the_link_dies(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let link = app.org(&admin, "acme").await.link.unwrap();
    take_ownership(&admin.ctx, "acme").await.unwrap();
    let page = service::org::load(&admin.ctx, "acme").await.unwrap();
    assert_eq!((page.org.state, page.role), (OrgState::Active, Some(Role::Owner)));
    assert_eq!(fault(&app, inspect(&app.with_link(&link.url)).await), Fault::NotFound);
    assert!(matches!(fault(&app, rotate(&admin.ctx, "acme", "week").await), Fault::Conflict { .. }));
    assert!(matches!(fault(&app, take_ownership(&admin.ctx, "acme").await), Fault::Conflict { .. }));
    app.assert_audit_verifies().await;
}

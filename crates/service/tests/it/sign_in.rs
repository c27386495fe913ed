use domain::Fault;
use domain::time::Span;
use service::auth::sign_in;
use service::cookie::Cookies;
use service::{Ctx, Secret};
use testapp::{PASSWORD, TestApp, fault};
use testkit::{TestDb, both};

async fn wrong(app: &TestApp, ctx: &Ctx, email: &str) -> Fault {
    fault(app, sign_in(ctx, email, Secret::from("not the password".to_owned())).await)
}

#[both]
async fn an_unknown_account_costs_and_says_the_same(db: TestDb) {
    let app = TestApp::new(db).await;
    app.person("ada@example.com", false).await;
    let before = app.passwords.verified();
    let known = wrong(&app, &app.anonymous(), "ada@example.com").await;
    let unknown = wrong(&app, &app.anonymous(), "nobody@example.com").await;
    assert_eq!(known, unknown);
    assert_eq!(app.passwords.verified() - before, 2, "one verification each");
}

#[both]
async fn failures_delay_but_never_lock_out_a_known_device(db: TestDb) {
    let app = TestApp::new(db).await;
    let ada = app.person("ada@example.com", false).await;
    for _ in 0..6 {
        assert!(matches!(wrong(&app, &app.anonymous(), "ada@example.com").await, Fault::Invalid { .. }));
    }
    let Fault::Throttled { retry_after } = wrong(&app, &app.anonymous(), "Ada@Example.com").await else {
        panic!("the seventh attempt is delayed")
    };
    let right = sign_in(&app.anonymous(), "ada@example.com", Secret::from(PASSWORD.to_owned())).await;
    assert!(matches!(fault(&app, right), Fault::Throttled { .. }), "even with the right password");

    let device = app.request(Cookies { device: ada.cookies.device.clone(), ..Cookies::default() });
    sign_in(&device, "ada@example.com", Secret::from(PASSWORD.to_owned())).await.unwrap();

    app.advance(Span::from_seconds(i64::from(retry_after)));
    sign_in(&app.anonymous(), "ada@example.com", Secret::from(PASSWORD.to_owned())).await.unwrap();
}

#[both]
async fn parallel_guesses_are_all_counted(db: TestDb) {
    let app = TestApp::new(db).await;
    app.person("ada@example.com", false).await;
    let browser = app.anonymous();
    let guess = || wrong(&app, &browser, "ada@example.com");
    let results = tokio::join!(guess(), guess(), guess(), guess(), guess(), guess(), guess(), guess());
    let all = [results.0, results.1, results.2, results.3, results.4, results.5, results.6, results.7];
    let refused = all.iter().filter(|fault| matches!(fault, Fault::Throttled { .. })).count();
    assert_eq!(refused, 2, "five are free, the sixth starts the delay");
}

#[both]
async fn refusals_are_logged_once_a_minute_with_their_count(db: TestDb) {
    let app = TestApp::new(db).await;
    app.person("ada@example.com", false).await;
    for _ in 0..3 {
        wrong(&app, &app.anonymous(), "ada@example.com").await;
    }
    let refusals = async || app.audit().await.iter().filter(|(_, action)| action == "session.refused").count();
    assert_eq!(refusals().await, 1);
    app.advance(Span::minutes(1));
    wrong(&app, &app.anonymous(), "ada@example.com").await;
    assert_eq!(refusals().await, 2);
    app.assert_audit_verifies().await;
}

#[both]
async fn a_session_ends_when_it_is_signed_out_or_expires(db: TestDb) {
    let app = TestApp::new(db).await;
    let ada = app.person("ada@example.com", false).await;
    let signed_in = async |ctx: &Ctx| service::auth::front(ctx).await.unwrap().viewer.is_some();
    assert!(signed_in(&ada.ctx).await);
    service::auth::sign_out(&ada.ctx).await.unwrap();
    assert!(!signed_in(&ada.ctx).await);
    service::auth::sign_out(&ada.ctx).await.unwrap();

    let again = app.request(app.sign_in("ada@example.com").await.unwrap());
    app.advance(Span::days(31));
    assert!(!signed_in(&again).await);
}

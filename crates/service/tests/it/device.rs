use domain::Fault;
use domain::device::{COMMAND_LINE, Refusal};
use domain::time::Span;
use domain::token::{CLI_LIFETIME, TokenForm, TokenHolder, TokenKind};
use service::device::{Asked, Issued, authorize, decide, find, poll};
use service::token;
use service::{Ctx, Secret};
use testapp::{TestApp, fault};
use testkit::{TestDb, both};

async fn ask(app: &TestApp) -> Asked {
    authorize(&app.anonymous(), COMMAND_LINE).await.unwrap().unwrap()
}

/// Asks what became of a code, as its program does.
async fn outcome(app: &TestApp, asked: &Asked) -> Result<Issued, Refusal> {
    poll(&app.anonymous(), COMMAND_LINE, &asked.device_code).await.unwrap()
}

async fn refused(app: &TestApp, asked: &Asked) -> Refusal {
    outcome(app, asked).await.unwrap_err()
}

/// A program that `person` has signed in.
async fn signed_in(app: &TestApp, person: &Ctx) -> Secret {
    let asked = ask(app).await;
    decide(person, &asked.user_code, true).await.unwrap();
    outcome(app, &asked).await.unwrap().token
}

#[both]
async fn a_program_is_signed_in_once_and_for_half_a_day(db: TestDb) {
    let app = TestApp::new(db).await;
    let ada = app.person("ada@example.com", false).await;
    let asked = ask(&app).await;
    let complete = format!("http://localhost:3000/device?user_code={}", asked.user_code);
    assert_eq!((&asked.verification_uri_complete, asked.expires_in, asked.interval), (&complete, 600, 5));
    assert_eq!(refused(&app, &asked).await, Refusal::Pending);

    let typed = asked.user_code.to_lowercase().replace('-', " ");
    let request = find(&ada.ctx, &typed).await.unwrap();
    assert_eq!((request.code.as_str(), request.client.as_str()), (asked.user_code.as_str(), "Tenantry command line"));
    assert_eq!(request.address.as_deref(), Some("192.0.2.1"));
    assert_eq!(find(&ada.ctx, &typed).await.unwrap(), request, "looking decides nothing");
    assert!(decide(&ada.ctx, &typed, true).await.unwrap().approved);
    app.advance(Span::from_seconds(5));
    let issued = outcome(&app, &asked).await.unwrap();
    assert_eq!((issued.expires_in, issued.scopes.as_str()), (43_200, "full"));
    assert_eq!(domain::token::kind_of(issued.token.expose()), Some(TokenKind::Cli));
    assert_eq!(refused(&app, &asked).await, Refusal::InvalidGrant, "a code is good for one token");

    let program = app.with_token(issued.token);
    let me = token::me(&program).await.unwrap();
    assert_eq!(me.person.unwrap().email, "ada@example.com");
    assert_eq!(me.expires_at, Some(app.clock.now().plus(CLI_LIFETIME)));
    for _ in 0..5 {
        let form = TokenForm { name: "CI".into(), scopes: String::new(), lifetime: "never".into() };
        token::create(&ada.ctx, &TokenHolder::Own, &form).await.unwrap();
    }
    let kinds: Vec<TokenKind> =
        token::list(&ada.ctx, &TokenHolder::Own).await.unwrap().into_iter().map(|row| row.kind).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == TokenKind::Cli).count(), 1);
    assert_eq!(kinds.len(), 6);
    app.advance(CLI_LIFETIME);
    assert_eq!(fault(&app, token::me(&program).await), Fault::SignInRequired);
    // The next sign-in clears the expired one away.
    signed_in(&app, &ada.ctx).await;
    assert_eq!(token::list(&ada.ctx, &TokenHolder::Own).await.unwrap().len(), 6);
    let logged = app.audit().await;
    for action in ["device.approved", "token.created"] {
        assert!(logged.contains(&(format!("account:{}", ada.id), action.to_owned())), "{logged:?}");
    }
    app.assert_audit_verifies().await;
}

#[both]
async fn a_program_signs_itself_out_or_is_switched_off(db: TestDb) {
    let app = TestApp::new(db).await;
    let ada = app.person("ada@example.com", false).await;
    let (first, second) = (signed_in(&app, &ada.ctx).await, signed_in(&app, &ada.ctx).await);
    let (first, second) = (app.with_token(first), app.with_token(second));
    token::delete_own(&first).await.unwrap();
    assert_eq!(fault(&app, token::me(&first).await), Fault::SignInRequired);
    assert_eq!(fault(&app, token::delete_own(&first).await), Fault::SignInRequired);
    let left = token::list(&ada.ctx, &TokenHolder::Own).await.unwrap();
    assert_eq!(left.len(), 1);
    token::set_active(&ada.ctx, &TokenHolder::Own, &left[0].id.to_string(), false).await.unwrap();
    assert_eq!(fault(&app, token::me(&second).await), Fault::SignInRequired);
    assert_eq!(fault(&app, token::delete_own(&ada.ctx).await), Fault::NotFound, "a session is no token");
    app.assert_audit_verifies().await;
}

#[both]
async fn asking_too_often_costs_five_seconds_each_time(db: TestDb) {
    let app = TestApp::new(db).await;
    let asked = ask(&app).await;
    for (wait, expected) in [
        (0, Refusal::Pending),
        (4, Refusal::SlowDown),
        (9, Refusal::SlowDown),
        (15, Refusal::Pending),
        (15, Refusal::Pending),
        (14, Refusal::SlowDown),
    ] {
        app.advance(Span::from_seconds(wait));
        assert_eq!(refused(&app, &asked).await, expected, "after {wait} seconds");
    }
}

#[both]
async fn denied_and_expired_codes_are_told_apart(db: TestDb) {
    let app = TestApp::new(db).await;
    let ada = app.person("ada@example.com", false).await;
    let eve = app.person("eve@example.com", false).await;
    let denied = ask(&app).await;
    assert!(!decide(&ada.ctx, &denied.user_code, false).await.unwrap().approved);
    assert_eq!(refused(&app, &denied).await, Refusal::Denied);
    let changed = fault(&app, decide(&eve.ctx, &denied.user_code, true).await);
    assert_eq!(changed.field_errors()[0].field, "user_code", "what was decided stays");

    let (waiting, approved) = (ask(&app).await, ask(&app).await);
    decide(&ada.ctx, &approved.user_code, true).await.unwrap();
    app.advance(Span::minutes(10));
    for late in [&waiting, &approved] {
        assert_eq!(refused(&app, late).await, Refusal::Expired);
    }
    assert!(matches!(fault(&app, find(&ada.ctx, &waiting.user_code).await), Fault::Invalid { .. }));
    // Once it is forgotten, nothing is known of it.
    app.advance(Span::hours(2));
    ask(&app).await;
    assert_eq!(refused(&app, &waiting).await, Refusal::InvalidGrant);
    assert!(app.audit().await.iter().any(|(_, action)| action == "device.denied"));
}

#[both]
async fn an_approval_dies_with_the_sessions_of_who_gave_it(db: TestDb) {
    let app = TestApp::new(db).await;
    let ada = app.person("ada@example.com", false).await;
    let asked = ask(&app).await;
    decide(&ada.ctx, &asked.user_code, true).await.unwrap();
    app.db.tamper("UPDATE person SET session_generation = session_generation + 1").await;
    assert_eq!(refused(&app, &asked).await, Refusal::Expired);
}

#[both]
async fn of_two_who_come_for_one_token_one_gets_it(db: TestDb) {
    let app = TestApp::new(db).await;
    let ada = app.person("ada@example.com", false).await;
    let asked = ask(&app).await;
    decide(&ada.ctx, &asked.user_code, true).await.unwrap();
    let (one, two) = tokio::join!(outcome(&app, &asked), outcome(&app, &asked));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!(token::list(&ada.ctx, &TokenHolder::Own).await.unwrap().len(), 1);
}

#[both]
async fn guessing_codes_is_delayed(db: TestDb) {
    let app = TestApp::new(db).await;
    let ada = app.person("ada@example.com", false).await;
    let asked = ask(&app).await;
    let wrong = if asked.user_code == "BBBB-BBBB" { "CCCC-CCCC" } else { "BBBB-BBBB" };
    for slip in ["", "BCDF", "AAAA-AAAA"] {
        assert_eq!(fault(&app, find(&ada.ctx, slip).await).field_errors()[0].field, "user_code");
    }
    for _ in 0..6 {
        // What is right takes only its own count back.
        find(&ada.ctx, &asked.user_code).await.unwrap();
        let guess = fault(&app, find(&ada.ctx, wrong).await);
        assert!(guess.to_string().contains("Nothing waits under this code"), "{guess}");
    }
    for typed in [wrong, &asked.user_code] {
        assert!(matches!(fault(&app, decide(&ada.ctx, typed, true).await), Fault::Throttled { .. }));
    }
    app.advance(Span::from_seconds(3));
    decide(&ada.ctx, &asked.user_code, true).await.unwrap();
}

#[both]
async fn only_known_programs_ask_and_none_without_end(db: TestDb) {
    let app = TestApp::new(db).await;
    let ada = app.person("ada@example.com", false).await;
    assert_eq!(authorize(&app.anonymous(), "").await.unwrap().unwrap_err(), Refusal::InvalidRequest);
    assert_eq!(authorize(&app.anonymous(), "somebody").await.unwrap().unwrap_err(), Refusal::InvalidClient);
    let asked = ask(&app).await;
    // What is used doesn't count.
    for _ in 0..10 {
        signed_in(&app, &ada.ctx).await;
    }
    for _ in 0..50 {
        ask(&app).await;
    }
    assert!(matches!(fault(&app, authorize(&app.anonymous(), COMMAND_LINE).await), Fault::Throttled { .. }));
    let unknown = async |code: &Secret| poll(&app.anonymous(), "somebody", code).await;
    let code = asked.device_code;
    for _ in 0..51 {
        assert_eq!(unknown(&code).await.unwrap().unwrap_err(), Refusal::InvalidGrant, "the code is another program's");
    }
    assert!(matches!(fault(&app, unknown(&code).await), Fault::Throttled { .. }));
}

#[both]
async fn nobody_decides_without_being_signed_in(db: TestDb) {
    let app = TestApp::new(db).await;
    let asked = ask(&app).await;
    for refused in [
        fault(&app, service::device::load(&app.anonymous()).await),
        fault(&app, find(&app.anonymous(), &asked.user_code).await),
        fault(&app, decide(&app.anonymous(), &asked.user_code, true).await),
    ] {
        assert_eq!(refused, Fault::SignInRequired);
    }
}

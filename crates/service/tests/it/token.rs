use domain::Fault;
use domain::auth_policy::AuthForm;
use domain::people::{MemberState, Role};
use domain::service_account::ServiceAccountForm;
use domain::time::Span;
use domain::token::{TokenForm, TokenHolder, TokenKind, kind_of};
use domain::workspace::{WorkspaceAct, WorkspaceRow};
use service::org::Base;
use service::{Ctx, IdempotencyKey, token};
use testapp::{Person, TestApp, fault};
use testkit::{TestDb, both};

fn form(name: &str, lifetime: &str) -> TokenForm {
    TokenForm { name: name.into(), scopes: String::new(), lifetime: lifetime.into() }
}

async fn make(app: &TestApp, ctx: &Ctx, holder: &TokenHolder, scopes: &str) -> Ctx {
    let form = TokenForm { name: "program".into(), scopes: scopes.into(), lifetime: "never".into() };
    app.with_token(token::create(ctx, holder, &form).await.unwrap().1)
}

async fn acme(app: &TestApp) -> (Person, Person, WorkspaceRow) {
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    app.org(&admin, "other").await;
    let owner = app.person("owner@acme.example", false).await;
    app.add_member(app.org_id(&admin, "acme").await, &owner, Role::Owner, MemberState::Active).await;
    let workspace = service::workspace::create(&owner.ctx, "acme", "build").await.unwrap();
    (admin, owner, workspace)
}

#[both]
async fn a_workspace_fetches_its_settings_and_nothing_else(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, owner, workspace) = acme(&app).await;
    let holder = TokenHolder::Workspace("acme".into(), workspace.id);
    let more = TokenForm { scopes: "full".into(), ..form("x", "never") };
    assert_eq!(fault(&app, token::create(&owner.ctx, &holder, &more).await).field_errors()[0].field, "scopes");
    let program = make(&app, &owner.ctx, &holder, "").await;
    assert!(service::org::effective_settings(&program, "acme").await.is_ok());
    assert!(token::me(&program).await.is_ok());
    assert!(matches!(fault(&app, token::list(&program, &holder).await), Fault::Forbidden { .. }));
    assert_eq!(fault(&app, service::org::effective_settings(&program, "other").await), Fault::NotFound);
    assert!(matches!(fault(&app, service::org::read(&program, "acme").await), Fault::Forbidden { .. }));
    assert!(matches!(fault(&app, service::workspace::create(&program, "acme", "x").await), Fault::Forbidden { .. }));
    let rows = service::workspace::load_one(&owner.ctx, "acme", &workspace.id.to_string()).await.unwrap().tokens;
    assert_eq!(rows.unwrap()[0].kind, TokenKind::Workspace);

    // It is refused with its workspace.
    service::workspace::change(&admin.ctx, "acme", &workspace.id.to_string(), WorkspaceAct::Archive).await.unwrap();
    assert_eq!(fault(&app, token::me(&program).await), Fault::SignInRequired);
    service::workspace::change(&admin.ctx, "acme", &workspace.id.to_string(), WorkspaceAct::Restore).await.unwrap();
    assert!(token::me(&program).await.is_ok());
    app.assert_audit_verifies().await;
}

#[both]
async fn tokens_of_the_instance_are_the_administrators(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, owner, _) = acme(&app).await;
    for holder in [TokenHolder::Admin, TokenHolder::Meter] {
        let refused = fault(&app, token::create(&owner.ctx, &holder, &form("x", "never")).await);
        assert_eq!(refused, Fault::NotFound, "nobody else learns that there are any");
    }
    let program = make(&app, &admin.ctx, &TokenHolder::Admin, "full").await;
    assert!(service::org::read(&program, "acme").await.is_ok());
    let meter = make(&app, &program, &TokenHolder::Meter, "").await;
    assert!(token::me(&meter).await.unwrap().scopes == "usage.write");
    assert!(service::org::read(&meter, "acme").await.is_err());
    assert!(token::list(&meter, &TokenHolder::Meter).await.is_err());

    let reader = make(&app, &admin.ctx, &TokenHolder::Admin, "read").await;
    let kinds: Vec<TokenKind> =
        token::list(&reader, &TokenHolder::Admin).await.unwrap().into_iter().map(|row| row.kind).collect();
    assert_eq!(kinds.len(), 3, "the instance's tokens stand in one list");
    assert!(token::create(&reader, &TokenHolder::Admin, &form("x", "never")).await.is_err());
    let new = service::org::NewOrg { display_name: "New".into(), handle: "new".into(), ..Default::default() };
    assert!(matches!(fault(&app, service::org::create(&reader, new).await), Fault::Forbidden { .. }));
    app.assert_audit_verifies().await;
}

#[both]
async fn a_repeated_request_makes_one_token(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, _, workspace) = acme(&app).await;
    let key = IdempotencyKey::new("POST /instance/tokens", "key-1", b"body").unwrap();
    let wanted = form("CI", "30");
    let (row, secret) = token::create_once(&admin.ctx, &TokenHolder::Admin, &wanted, Some(&key)).await.unwrap();
    assert_eq!(kind_of(secret.unwrap().expose()), Some(TokenKind::Admin));
    let (again, secret) = token::create_once(&admin.ctx, &TokenHolder::Admin, &wanted, Some(&key)).await.unwrap();
    assert_eq!((again.id, secret.is_none()), (row.id, true));
    let elsewhere = TokenHolder::Workspace("acme".into(), workspace.id);
    let (other, secret) = token::create_once(&admin.ctx, &elsewhere, &wanted, Some(&key)).await.unwrap();
    assert!(other.id != row.id && secret.is_some(), "of another holder it is another request");
    assert_eq!(app.count_rows(&["token"]).await, 2);
}

/// Runs what a server does each minute, and answers (address, subject) of every mail since the last time, sorted.
async fn told(app: &TestApp) -> Vec<(String, String)> {
    let before = app.mail.all().len();
    // Two servers at once.
    let (one, two) = tokio::join!(token::warn_expiring(&app.services), token::warn_expiring(&app.services));
    one.unwrap();
    two.unwrap();
    app.run_jobs().await;
    let mut mails: Vec<(String, String)> =
        app.mail.all()[before..].iter().map(|mail| (mail.to.clone(), mail.subject.clone())).collect();
    mails.sort();
    mails
}

#[both]
async fn whoever_looks_after_a_token_is_told_in_time_and_once(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, owner, workspace) = acme(&app).await;
    let account = ServiceAccountForm { name: "CI".into(), ..ServiceAccountForm::default() };
    let account = service::service_account::create(&owner.ctx, "acme", &account).await.unwrap();
    let holders = [
        TokenHolder::Own,
        TokenHolder::ServiceAccount("acme".into(), account.id),
        TokenHolder::Workspace("acme".into(), workspace.id),
    ];
    for (holder, name) in holders.iter().zip(["mine", "ci", "build"]) {
        token::create(&owner.ctx, holder, &form(name, "30")).await.unwrap();
    }
    token::create(&admin.ctx, &TokenHolder::Meter, &form("meter", "30")).await.unwrap();
    token::create(&admin.ctx, &TokenHolder::Admin, &form("week", "7")).await.unwrap();
    token::create(&admin.ctx, &TokenHolder::Admin, &form("never", "never")).await.unwrap();
    let (off, _) = token::create(&owner.ctx, &TokenHolder::Own, &form("off", "30")).await.unwrap();
    token::set_active(&owner.ctx, &TokenHolder::Own, &off.id.to_string(), false).await.unwrap();
    assert_eq!(told(&app).await, []);

    let expect = |to: &str, name: &str, when: &str| (to.to_owned(), format!("The token “{name}” expires {when}"));
    let all = |when: &str| {
        let owners = ["build", "ci", "mine"].map(|name| expect("owner@acme.example", name, when));
        [vec![expect("admin@platform.example", "meter", when)], owners.to_vec()].concat()
    };
    app.advance(Span::days(6));
    assert_eq!(
        told(&app).await,
        [expect("admin@platform.example", "week", "within a day")],
        "made for a week, not two"
    );
    app.advance(Span::days(10));
    assert_eq!(told(&app).await, all("in less than 14 days"));
    assert_eq!(told(&app).await, []);
    app.advance(Span::days(1));
    assert_eq!(told(&app).await, []);
    app.advance(Span::days(6));
    assert_eq!(told(&app).await, all("in less than 7 days"));
    app.advance(Span::days(6));
    assert_eq!(told(&app).await, all("within a day"));
    app.advance(Span::days(2));
    assert_eq!(told(&app).await, []);
    let mail = app.mail.all().pop().unwrap();
    assert!(mail.text.contains("refused from then on"), "{}", mail.text);
}

#[both]
async fn a_server_that_was_away_tells_once(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    token::create(&admin.ctx, &TokenHolder::Own, &form("CI", "30")).await.unwrap();
    app.advance(Span::hours(29 * 24 + 12));
    assert_eq!(told(&app).await.len(), 1);
    assert_eq!(told(&app).await, []);
}

#[both]
async fn a_token_lives_exactly_as_long_as_was_chosen(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, owner, workspace) = acme(&app).await;
    let policy = AuthForm { token_days: "30".into(), ..AuthForm::default() };
    service::auth_policy::save(&owner.ctx, "acme", Base::Current, &policy).await.unwrap();
    app.clock.run();
    let holder = TokenHolder::Workspace("acme".into(), workspace.id);
    let (_, secret) = token::create(&owner.ctx, &holder, &form("month", "30")).await.unwrap();
    let settings = service::org::effective_settings(&app.with_token(secret), "acme").await;
    assert!(settings.is_ok(), "the organization takes what it let be made");
    token::create(&admin.ctx, &TokenHolder::Admin, &form("week", "7")).await.unwrap();
    assert_eq!(told(&app).await, [], "it lives no longer than the reminder is early");
}

#[both]
async fn a_token_turns_on_none_that_may_do_more(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, ..) = acme(&app).await;
    let leaked = TokenForm { scopes: "full".into(), ..form("leaked", "never") };
    let (leaked, _) = token::create(&admin.ctx, &TokenHolder::Admin, &leaked).await.unwrap();
    let id = leaked.id.to_string();
    let narrow = make(&app, &admin.ctx, &TokenHolder::Admin, "instance.tokens.read instance.tokens.write").await;
    assert!(!token::set_active(&narrow, &TokenHolder::Admin, &id, false).await.unwrap().active);
    let refused = fault(&app, token::set_active(&narrow, &TokenHolder::Admin, &id, true).await);
    assert!(matches!(refused, Fault::Conflict { .. }), "{refused:?}");
    assert!(token::set_active(&admin.ctx, &TokenHolder::Admin, &id, true).await.unwrap().active);
}

#[both]
async fn a_program_of_a_held_organization_is_refused_wherever_it_asks(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, owner, workspace) = acme(&app).await;
    let program = make(&app, &owner.ctx, &TokenHolder::Workspace("acme".into(), workspace.id), "").await;
    assert!(token::me(&program).await.is_ok());
    let plan = service::auth_policy::preview_reset(&admin.ctx, "acme", true).await.unwrap();
    service::auth_policy::reset(&admin.ctx, "acme", &plan.token, true).await.unwrap();
    assert!(matches!(fault(&app, token::me(&program).await), Fault::Forbidden { .. }));
}

#[both]
async fn partners_make_no_tokens_that_would_outlast_their_power(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, _, workspace) = acme(&app).await;
    app.org(&admin, "partner").await;
    app.make_partner(&admin, "partner").await;
    let partner = app.person("owner@partner.example", false).await;
    let id = app.org_id(&admin, "partner").await;
    app.add_member(id, &partner, Role::Owner, MemberState::Active).await;
    service::bootstrap::take_ownership(&admin.ctx, "partner").await.unwrap();
    app.manage(app.org_id(&admin, "acme").await, id).await;
    assert!(service::org::effective_settings(&partner.ctx, "acme").await.is_ok());
    let holder = TokenHolder::Workspace("acme".into(), workspace.id);
    let refused = fault(&app, token::create(&partner.ctx, &holder, &form("x", "never")).await);
    assert!(matches!(refused, Fault::Forbidden { .. }), "{refused:?}");
}

#[both]
async fn where_nobody_owns_the_organization_administrators_are_told(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let account = ServiceAccountForm { name: "CI".into(), ..ServiceAccountForm::default() };
    let account = service::service_account::create(&admin.ctx, "acme", &account).await.unwrap();
    let holder = TokenHolder::ServiceAccount("acme".into(), account.id);
    token::create(&admin.ctx, &holder, &form("ci", "30")).await.unwrap();
    app.advance(Span::days(20));
    let when = "The token “ci” expires in less than 14 days";
    assert_eq!(told(&app).await, [("admin@platform.example".to_owned(), when.to_owned())]);
}

#[both]
async fn reminders_go_with_the_person_they_were_for(db: TestDb) {
    let app = TestApp::without_mailer(db).await;
    let admin = app.administrator().await;
    let ada = app.person("ada@example.com", false).await;
    token::create(&ada.ctx, &TokenHolder::Own, &form("CI", "30")).await.unwrap();
    app.advance(Span::days(20));
    token::warn_expiring(&app.services).await.unwrap();
    app.run_jobs().await;
    assert_eq!(app.count_rows(&["mail"]).await, 1);
    service::people::erase(&admin.ctx, &ada.id.to_string()).await.unwrap();
    assert_eq!(app.count_rows(&["mail"]).await, 0);
}

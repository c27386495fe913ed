use domain::Fault;
use domain::audit::AuditQuery;
use domain::auth_policy::AuthForm;
use domain::page::OrgsQuery;
use domain::people::{MemberState, Role};
use domain::service_account::{ServiceAccountForm, ServiceAccountRow};
use domain::time::Span;
use domain::token::{TokenForm, TokenHolder};
use service::auth_policy::{preview_reset, reset};
use service::org::Base;
use service::service_account::{create, delete, find, list, load_one, set_active, update};
use service::{Ctx, token};
use testapp::{Person, TestApp, fault};
use testkit::{TestDb, both};

/// An organization with an owner, beside another one.
async fn acme(app: &TestApp) -> (Person, Person) {
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    app.org(&admin, "other").await;
    let owner = app.person("owner@acme.example", false).await;
    app.add_member(app.org_id(&admin, "acme").await, &owner, Role::Owner, MemberState::Active).await;
    (admin, owner)
}

fn form(name: &str, role: &str) -> ServiceAccountForm {
    ServiceAccountForm { name: name.into(), description: "Deploys".into(), role: role.into() }
}

fn full(name: &str) -> TokenForm {
    TokenForm { name: name.into(), scopes: "full".into(), lifetime: "never".into() }
}

fn of(account: &ServiceAccountRow) -> TokenHolder {
    TokenHolder::ServiceAccount("acme".into(), account.id)
}

/// A program with a new token of the account.
async fn program(app: &TestApp, ctx: &Ctx, account: &ServiceAccountRow) -> Ctx {
    let (_, secret) = token::create(ctx, &of(account), &full("deploy")).await.unwrap();
    app.with_token(secret)
}

#[both]
async fn a_program_may_do_what_its_role_may_in_its_organization_only(db: TestDb) {
    let app = TestApp::new(db).await;
    let (_, owner) = acme(&app).await;
    let account = create(&owner.ctx, "acme", &form(" CI ", "")).await.unwrap();
    assert_eq!((account.name.as_str(), account.role, account.tokens), ("CI", Role::Member, 0));
    let program = program(&app, &owner.ctx, &account).await;
    let me = token::me(&program).await.unwrap();
    assert_eq!((me.service_account.as_deref(), me.person.is_none()), (Some("CI"), true));
    assert!(service::org::read(&program, "acme").await.is_ok());
    assert_eq!(fault(&app, service::org::read(&program, "other").await), Fault::NotFound);
    let orgs = service::org::page(&program, &OrgsQuery::default(), 50).await.unwrap();
    let handles: Vec<&str> = orgs.rows.iter().map(|row| row.handle.as_str()).collect();
    assert_eq!(handles, ["acme"]);
    assert!(matches!(
        fault(&app, service::workspace::create(&program, "acme", "build").await),
        Fault::Forbidden { .. }
    ));

    // As an owner from the very next request on.
    let version = update(&owner.ctx, "acme", &account.id.to_string(), Base::Version(1), &form("CI", "owner")).await;
    assert_eq!(version.unwrap(), 2);
    service::workspace::create(&program, "acme", "build").await.unwrap();
    let no = fault(&app, service::workspace::create(&program, "other", "build").await);
    assert_eq!(no, Fault::NotFound);

    let (rows, _) = service::audit::list(&owner.ctx, "acme", &AuditQuery::default(), 50).await.unwrap();
    let changed = rows.iter().find(|row| row.action == "service_account.changed").unwrap();
    assert!(changed.details.contains(&("Role".into(), "Member → Owner".into())), "{changed:?}");
    let page = load_one(&owner.ctx, "acme", &account.id.to_string()).await.unwrap();
    let did: Vec<(&str, &str)> = page.did.iter().map(|row| (row.who.as_str(), row.action.as_str())).collect();
    assert_eq!(did, [("CI (service account)", "workspace.created")]);
    let query = AuditQuery { actor: Some(account.id.into()), ..AuditQuery::default() };
    let (rows, _) = service::audit::list(&owner.ctx, "acme", &query, 50).await.unwrap();
    assert_eq!(rows, page.did);
    app.assert_audit_verifies().await;
}

#[both]
async fn an_account_that_is_off_is_refused_and_one_that_is_deleted_is_gone(db: TestDb) {
    let app = TestApp::new(db).await;
    let (_, owner) = acme(&app).await;
    let account = create(&owner.ctx, "acme", &form("CI", "owner")).await.unwrap();
    let id = account.id.to_string();
    let program = program(&app, &owner.ctx, &account).await;
    service::workspace::create(&program, "acme", "build").await.unwrap();
    assert!(matches!(fault(&app, delete(&owner.ctx, "acme", &id).await), Fault::Conflict { .. }), "it is on");
    assert!(!set_active(&owner.ctx, "acme", &id, false).await.unwrap().active);
    assert_eq!(set_active(&owner.ctx, "acme", &id, false).await.unwrap().version, 2, "twice is once");
    assert_eq!(fault(&app, token::me(&program).await), Fault::SignInRequired);
    set_active(&owner.ctx, "acme", &id, true).await.unwrap();
    assert!(token::me(&program).await.is_ok());
    set_active(&owner.ctx, "acme", &id, false).await.unwrap();
    delete(&owner.ctx, "acme", &id).await.unwrap();
    assert_eq!(fault(&app, find(&owner.ctx, "acme", &id).await), Fault::NotFound);
    assert_eq!(fault(&app, token::list(&owner.ctx, &of(&account)).await), Fault::NotFound);
    assert_eq!(fault(&app, token::me(&program).await), Fault::SignInRequired);
    assert_eq!(app.count_rows(&["service_account"]).await, 0);
    let (rows, _) = service::audit::list(&owner.ctx, "acme", &AuditQuery::default(), 50).await.unwrap();
    let gone = format!("A deleted service account ({id})");
    assert!(rows.iter().any(|row| row.who == gone && row.action == "workspace.created"), "{rows:?}");
    let query = AuditQuery { actor: Some(account.id.into()), ..AuditQuery::default() };
    let (rows, _) = service::audit::list(&owner.ctx, "acme", &query, 50).await.unwrap();
    assert_eq!(rows.len(), 1, "what it did is still found");
    app.assert_audit_verifies().await;
}

#[both]
async fn names_are_taken_once_and_stale_changes_are_refused(db: TestDb) {
    let app = TestApp::new(db).await;
    let (_, owner) = acme(&app).await;
    let (ci, form_cd) = (create(&owner.ctx, "acme", &form("CI", "")).await.unwrap(), form("cd", ""));
    create(&owner.ctx, "acme", &form_cd).await.unwrap();
    let taken = fault(&app, create(&owner.ctx, "acme", &form("ci", "")).await);
    assert_eq!(taken.field_errors()[0].field, "name");
    let id = ci.id.to_string();
    let taken = fault(&app, update(&owner.ctx, "acme", &id, Base::Current, &form("CD", "")).await);
    assert_eq!(taken.field_errors()[0].field, "name");
    let case = update(&owner.ctx, "acme", &id, Base::Version(1), &form("Ci", "")).await;
    assert_eq!(case.unwrap(), 2, "its own name in another case");
    assert_eq!(update(&owner.ctx, "acme", &id, Base::Version(2), &form("Ci", "")).await.unwrap(), 2, "nothing changed");
    let stale = update(&owner.ctx, "acme", &id, Base::Version(1), &form("x", "")).await;
    assert!(matches!(fault(&app, stale), Fault::Stale { version: 2, .. }));
    let names: Vec<String> = list(&owner.ctx, "acme").await.unwrap().into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["cd", "Ci"]);
    assert_eq!(fault(&app, find(&owner.ctx, "other", &id).await), Fault::NotFound);
}

#[both]
async fn of_parallel_requests_only_two_tokens_are_made(db: TestDb) {
    let app = TestApp::new(db).await;
    let (_, owner) = acme(&app).await;
    let account = create(&owner.ctx, "acme", &form("CI", "")).await.unwrap();
    let (holder, wanted) = (of(&account), full("deploy"));
    let make = || token::create(&owner.ctx, &holder, &wanted);
    let made = tokio::join!(make(), make(), make(), make());
    let ok = [made.0.is_ok(), made.1.is_ok(), made.2.is_ok(), made.3.is_ok()];
    assert_eq!(ok.iter().filter(|ok| **ok).count(), 2, "one in use, and the one that replaces it");
    let rows = token::list(&owner.ctx, &holder).await.unwrap();
    assert!(matches!(fault(&app, make().await), Fault::Conflict { .. }));
    token::delete(&owner.ctx, &holder, &rows[0].id.to_string()).await.unwrap();
    assert!(make().await.is_ok());
    // A token is reached through its holder only.
    let other = of(&create(&owner.ctx, "acme", &form("CD", "")).await.unwrap());
    let foreign = rows[1].id.to_string();
    assert_eq!(fault(&app, token::delete(&owner.ctx, &other, &foreign).await), Fault::NotFound);
    assert_eq!(fault(&app, token::set_active(&owner.ctx, &TokenHolder::Own, &foreign, false).await), Fault::NotFound);
}

#[both]
async fn members_and_members_programs_make_none(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, owner) = acme(&app).await;
    let member = app.person("member@acme.example", false).await;
    app.add_member(app.org_id(&admin, "acme").await, &member, Role::Member, MemberState::Active).await;
    let account = create(&owner.ctx, "acme", &form("CI", "member")).await.unwrap();
    let program = program(&app, &owner.ctx, &account).await;
    for ctx in [&member.ctx, &program] {
        assert!(matches!(fault(&app, list(ctx, "acme").await), Fault::Forbidden { .. }));
        assert!(matches!(fault(&app, create(ctx, "acme", &form("x", "")).await), Fault::Forbidden { .. }));
        assert!(matches!(fault(&app, token::create(ctx, &of(&account), &full("x")).await), Fault::Forbidden { .. }));
        assert_eq!(fault(&app, token::create(ctx, &TokenHolder::Admin, &full("x")).await), Fault::NotFound);
    }
    let own = fault(&app, token::create(&program, &TokenHolder::Own, &full("x")).await);
    assert!(matches!(own, Fault::Forbidden { .. }), "a program is nobody who could have tokens of their own: {own:?}");
}

#[both]
async fn a_token_makes_none_that_may_do_more_or_lives_longer(db: TestDb) {
    let app = TestApp::new(db).await;
    let (_, owner) = acme(&app).await;
    let account = create(&owner.ctx, "acme", &form("CI", "owner")).await.unwrap();
    let scopes = "service_accounts.read service_accounts.write org.read";
    let narrow = TokenForm { name: "narrow".into(), scopes: scopes.into(), lifetime: "7".into() };
    let (_, secret) = token::create(&owner.ctx, &TokenHolder::Own, &narrow).await.unwrap();
    let maker = app.with_token(secret);
    let make = |scopes: &str, lifetime: &str| TokenForm {
        name: "new".into(),
        scopes: scopes.into(),
        lifetime: lifetime.into(),
    };
    for (wanted, field) in
        [(make("full", "1"), "scopes"), (make("read", "1"), "scopes"), (make("org.read", "8"), "lifetime")]
    {
        let refused = fault(&app, token::create(&maker, &of(&account), &wanted).await);
        assert_eq!(refused.field_errors()[0].field, field, "{wanted:?}");
    }
    assert!(token::create(&maker, &of(&account), &make("org.read", "7")).await.is_ok());
    // Nor does it lend more to the tokens that an account has.
    let promoted = update(&maker, "acme", &account.id.to_string(), Base::Current, &form("CI", "member")).await;
    assert_eq!(fault(&app, promoted).field_errors()[0].field, "role");
    assert!(update(&maker, "acme", &account.id.to_string(), Base::Current, &form("CD", "owner")).await.is_ok());

    let policy = AuthForm { token_days: "30".into(), ..AuthForm::default() };
    service::auth_policy::save(&owner.ctx, "acme", Base::Current, &policy).await.unwrap();
    let refused = fault(&app, token::create(&owner.ctx, &of(&account), &full("x")).await);
    assert_eq!(refused.field_errors()[0].field, "lifetime", "the organization wouldn't take it");
}

#[both]
async fn a_reset_spares_programs_unless_told_otherwise(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, owner) = acme(&app).await;
    let account = create(&owner.ctx, "acme", &form("CI", "")).await.unwrap();
    let ci = program(&app, &owner.ctx, &account).await;
    service::workspace::create(&owner.ctx, "acme", "build").await.unwrap();
    let plan = preview_reset(&owner.ctx, "acme", false).await.unwrap();
    assert_eq!(reset(&owner.ctx, "acme", &plan.token, false).await.unwrap().service_tokens, 0);
    assert!(service::org::read(&ci, "acme").await.is_ok());

    let plan = preview_reset(&admin.ctx, "acme", true).await.unwrap();
    assert!(plan.goes.iter().any(|section| section.names == ["deploy of CI"]), "{:?}", plan.goes);
    let other = fault(&app, reset(&admin.ctx, "acme", &plan.token, false).await);
    assert!(matches!(other, Fault::Conflict { .. }), "it isn't what was shown");
    let plan = preview_reset(&admin.ctx, "acme", true).await.unwrap();
    assert_eq!(reset(&admin.ctx, "acme", &plan.token, true).await.unwrap().service_tokens, 1);
    let refused = fault(&app, service::org::read(&ci, "acme").await).to_string();
    assert!(refused.contains("has reset its authentication"), "{refused}");
    // The refused token is told apart, and one made now is good.
    let rows = token::list(&admin.ctx, &of(&account)).await.unwrap();
    token::delete(&admin.ctx, &of(&account), &rows[0].id.to_string()).await.unwrap();
    let again = program(&app, &admin.ctx, &account).await;
    assert!(service::org::read(&again, "acme").await.is_ok());
    app.assert_audit_verifies().await;
}

#[both]
async fn of_an_organization_on_its_way_out_programs_learn_nothing(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, owner) = acme(&app).await;
    let account = create(&owner.ctx, "acme", &form("CI", "owner")).await.unwrap();
    let ci = program(&app, &owner.ctx, &account).await;
    let plan = service::org::preview_deletion(&admin.ctx, "acme").await.unwrap();
    service::org::delete(&admin.ctx, "acme", &plan.token, "acme").await.unwrap();
    let refused = fault(&app, service::org::read(&ci, "acme").await);
    assert!(matches!(refused, Fault::NotFound | Fault::Forbidden { .. }), "{refused:?}");
    for _ in 0..20 {
        app.run_jobs().await;
        app.advance(Span::minutes(1));
    }
    assert_eq!(app.count_rows(&["service_account"]).await, 0, "they go with it");
    assert_eq!(fault(&app, token::me(&ci).await), Fault::SignInRequired);
}

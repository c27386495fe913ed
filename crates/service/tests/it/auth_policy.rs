use domain::Fault;
use domain::auth_policy::AuthForm;
use domain::instance::InstanceForm;
use domain::people::{MemberState, Role};
use domain::time::Span;
use domain::token::{TokenForm, TokenHolder};
use service::auth_policy::{load, preview_reset, read, reset, save};
use service::org::Base;
use service::process;
use testapp::{Person, TestApp, fault};
use testkit::{TestDb, both};

struct Acme {
    admin: Person,
    owner: Person,
    member: Person,
}

async fn acme(app: &TestApp) -> Acme {
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    app.org(&admin, "other").await;
    let owner = app.person("owner@acme.example", false).await;
    let member = app.person("member@acme.example", false).await;
    let (acme, other) = (app.org_id(&admin, "acme").await, app.org_id(&admin, "other").await);
    app.add_member(acme, &owner, Role::Owner, MemberState::Active).await;
    app.add_member(acme, &member, Role::Member, MemberState::Active).await;
    app.add_member(other, &member, Role::Member, MemberState::Active).await;
    Acme { admin, owner, member }
}

async fn token(app: &TestApp, person: &Person, lifetime: &str) -> service::Ctx {
    let form = TokenForm { name: format!("for {lifetime}"), scopes: "full".into(), lifetime: lifetime.into() };
    let (_, secret) = service::token::create(&person.ctx, &TokenHolder::Own, &form).await.unwrap();
    app.with_token(secret)
}

#[both]
async fn a_reset_locks_out_everybody_at_once_and_only_here(db: TestDb) {
    let app = TestApp::new(db).await;
    let Acme { admin, owner, member } = acme(&app).await;
    let program = token(&app, &member, "never").await;
    let plan = preview_reset(&owner.ctx, "acme", false).await.unwrap();
    assert_eq!(plan.goes[0].names, ["member", "owner (you)"]);
    assert_eq!((plan.goes[1].count, plan.goes[2].count), (2, 1));

    let done = reset(&owner.ctx, "acme", &plan.token, false).await.unwrap();
    assert_eq!((done.people, done.sessions, done.tokens, done.codes_and_links), (2, 2, 1, 1));
    for ctx in [&owner.ctx, &member.ctx] {
        assert_eq!(fault(&app, service::org::load(ctx, "acme").await), Fault::SignInRequired);
    }
    let refused = fault(&app, service::org::read(&program, "acme").await).to_string();
    assert!(refused.contains("has reset its authentication"), "{refused}");
    assert!(service::org::load(&member.ctx, "other").await.is_ok(), "another organization notices nothing");
    assert!(service::org::read(&program, "other").await.is_ok());
    assert!(service::org::load(&admin.ctx, "acme").await.is_ok());

    let again = app.request(app.sign_in("owner@acme.example").await.unwrap());
    assert!(service::org::load(&again, "acme").await.is_ok());
    assert!(matches!(fault(&app, reset(&again, "acme", &plan.token, false).await), Fault::Conflict { .. }));
    // Whoever was locked out already isn't locked out again.
    assert_eq!(preview_reset(&again, "acme", false).await.unwrap().goes[0].names, ["owner (you)"]);
    app.assert_audit_verifies().await;
}

#[both]
async fn a_reset_cuts_those_who_watch_live(db: TestDb) {
    let app = TestApp::new(db).await;
    let Acme { admin, owner, member } = acme(&app).await;
    let form = InstanceForm { deletion_grace_days: "30".into(), owners_may_delete: true };
    service::instance::save(&admin.ctx, &form).await.unwrap();
    let plan = service::org::preview_deletion(&admin.ctx, "acme").await.unwrap();
    let process = service::org::delete(&admin.ctx, "acme", &plan.token, "acme").await.unwrap().process.to_string();
    assert_eq!(fault(&app, process::watch(&owner.ctx, &process).await), Fault::NotFound, "nobody gets in");
    let (by_admin, version, _) = process::watch(&admin.ctx, &process).await.unwrap();
    assert_eq!(process::look(&app.services, std::slice::from_ref(&by_admin)).await.unwrap(), [Some(version)]);

    service::org::restore(&admin.ctx, "acme").await.unwrap();
    let (by_owner, version, _) = process::watch(&owner.ctx, &process).await.unwrap();
    assert!(process::watch(&member.ctx, &process).await.is_err());
    let watches = [by_owner.clone(), by_admin, by_owner];
    assert_eq!(process::look(&app.services, &watches).await.unwrap(), [Some(version); 3]);
    let plan = preview_reset(&admin.ctx, "acme", false).await.unwrap();
    reset(&admin.ctx, "acme", &plan.token, false).await.unwrap();
    assert_eq!(process::look(&app.services, &watches).await.unwrap(), [None, Some(version), None]);
    app.services.db().close().await;
    assert!(process::look(&app.services, &watches).await.is_err(), "no answer isn't a refusal");
}

#[both]
async fn a_reset_of_more_people_than_shown_is_refused(db: TestDb) {
    let app = TestApp::new(db).await;
    let Acme { owner, .. } = acme(&app).await;
    let plan = preview_reset(&owner.ctx, "acme", false).await.unwrap();
    let admin = app.request(app.sign_in("admin@platform.example").await.unwrap());
    let late = app.person("late@acme.example", false).await;
    let org = service::org::load(&admin, "acme").await.unwrap().org.id;
    app.add_member(org, &late, Role::Member, MemberState::Active).await;
    let Fault::PlanGrew { preview } = fault(&app, reset(&owner.ctx, "acme", &plan.token, false).await) else {
        panic!("somebody else would be locked out")
    };
    assert!(preview.goes[0].names.contains(&"late".to_owned()));
    assert!(service::org::load(&late.ctx, "acme").await.is_ok(), "nothing was reset");
}

#[both]
async fn sessions_and_tokens_live_as_long_as_the_policy_says(db: TestDb) {
    let app = TestApp::new(db).await;
    let Acme { admin, owner, member } = acme(&app).await;
    let (short, long) = (token(&app, &member, "7").await, token(&app, &member, "never").await);
    let form = AuthForm { console_hours: "8".into(), token_days: "30".into(), ..AuthForm::default() };
    assert_eq!(save(&owner.ctx, "acme", Base::Version(1), &form).await.unwrap(), 2);
    let stale = save(&owner.ctx, "acme", Base::Version(1), &form).await;
    assert!(matches!(fault(&app, stale), Fault::Stale { version: 2, .. }));
    assert_eq!(save(&owner.ctx, "acme", Base::Version(2), &form).await.unwrap(), 2, "nothing changed");
    let page = load(&owner.ctx, "acme").await.unwrap();
    assert_eq!(page.view.outliving.len(), 1);
    assert_eq!(page.view.outliving[0].name, "for never");

    assert!(service::org::read(&short, "acme").await.is_ok());
    let refused = fault(&app, service::org::read(&long, "acme").await).to_string();
    assert!(refused.contains("live so long"), "{refused}");
    assert!(service::org::read(&long, "other").await.is_ok());

    app.advance(Span::hours(8));
    assert_eq!(fault(&app, service::org::load(&member.ctx, "acme").await), Fault::SignInRequired);
    assert!(service::org::load(&member.ctx, "other").await.is_ok());
    assert!(service::org::load(&admin.ctx, "acme").await.is_ok());
    assert!(service::org::read(&short, "acme").await.is_ok(), "a token has its own time");
    let again = app.request(app.sign_in("member@acme.example").await.unwrap());
    assert!(service::org::load(&again, "acme").await.is_ok());
    app.assert_audit_verifies().await;
}

#[both]
async fn members_see_nothing_of_it(db: TestDb) {
    let app = TestApp::new(db).await;
    let Acme { member, owner, .. } = acme(&app).await;
    assert!(matches!(fault(&app, read(&member.ctx, "acme").await), Fault::Forbidden { .. }));
    assert!(matches!(fault(&app, preview_reset(&member.ctx, "acme", false).await), Fault::Forbidden { .. }));
    assert_eq!(fault(&app, read(&owner.ctx, "other").await), Fault::NotFound);
    let wrong = AuthForm { console_hours: "48".into(), token_days: "1".into(), ..AuthForm::default() };
    let refused = fault(&app, save(&owner.ctx, "acme", Base::Current, &wrong).await);
    assert_eq!(refused.field_errors()[0].field, "token_days");
}

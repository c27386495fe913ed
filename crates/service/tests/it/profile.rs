//! Display name, handle, aliases.

use domain::Fault;
use domain::people::{MemberState, Role};
use domain::time::Span;
use service::org::Base;
use service::{Ctx, org, profile};
use testapp::{Person, TestApp, fault};
use testkit::{TestDb, both};

/// An organization with an owner.
async fn owned(app: &TestApp, admin: &Person, handle: &str, email: &str) -> Person {
    app.org(admin, handle).await;
    let owner = app.person(email, false).await;
    let id = app.org_id(admin, handle).await;
    app.add_member(id, &owner, Role::Owner, MemberState::Active).await;
    service::bootstrap::take_ownership(&admin.ctx, handle).await.unwrap();
    owner
}

async fn rename(ctx: &Ctx, from: &str, to: &str) -> Result<(), service::Error> {
    let plan = profile::preview_rename(ctx, from, to).await?;
    profile::rename(ctx, from, to, &plan.token).await.map(drop)
}

fn moved(handle: &str) -> Fault {
    Fault::Moved { handle: handle.to_owned() }
}

#[both]
async fn a_former_handle_leads_on_until_it_is_retired(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let owner = owned(&app, &admin, "acme", "owner@example.com").await;
    let stranger = app.person("stranger@example.com", false).await;
    let plan = profile::preview_rename(&owner.ctx, "acme", "acme-labs").await.unwrap();
    assert_eq!(plan.changes[0].before, "http://localhost:3000/organizations/acme");
    assert_eq!(plan.changes[0].after, "http://localhost:3000/organizations/acme-labs");
    // The plan is for this handle only, and for this person's session.
    for (ctx, new) in [(&owner.ctx, "other"), (&admin.ctx, "acme-labs")] {
        let refused = fault(&app, profile::rename(ctx, "acme", new, &plan.token).await);
        assert!(refused.to_string().contains("preview has expired"), "{refused}");
    }
    profile::rename(&owner.ctx, "acme", "acme-labs", &plan.token).await.unwrap();
    assert_eq!(fault(&app, profile::rename(&owner.ctx, "acme-labs", "acme-labs", &plan.token).await).status(), 409);

    assert_eq!(fault(&app, org::load(&owner.ctx, "ACME").await), moved("acme-labs"));
    assert_eq!(fault(&app, org::load_admin(&admin.ctx, "acme").await), moved("acme-labs"));
    assert_eq!(fault(&app, org::load(&stranger.ctx, "acme").await), Fault::NotFound, "strangers learn nothing");
    assert_eq!(org::load(&owner.ctx, "acme-labs").await.unwrap().org.handle.as_str(), "acme-labs");
    assert_eq!(org::search(&admin.ctx, "labs").await.unwrap().len(), 1, "it is found by its new name");

    // Hits are counted in memory and written down now and then; a stranger's try isn't one.
    assert_eq!(profile::load(&owner.ctx, "acme-labs").await.unwrap().profile.aliases[0].hits, 0);
    service::job::write_down_use(&app.services).await.unwrap();
    let alias = profile::load(&owner.ctx, "acme-labs").await.unwrap().profile.aliases[0].clone();
    assert_eq!((alias.handle.as_str(), alias.hits, alias.last_hit_at), ("acme", 2, Some(app.services.now())));

    // Nobody else can have it, neither while it leads here nor for a while after.
    let taken = |result| matches!(fault(&app, result), Fault::Invalid { .. });
    let create = async |ctx: &Ctx, handle: &str| {
        let new = org::NewOrg { display_name: "New".into(), handle: handle.into(), ..Default::default() };
        org::create(ctx, new).await
    };
    assert!(taken(create(&admin.ctx, "Acme").await));
    assert_eq!(profile::retire_alias(&owner.ctx, "acme-labs", "Acme").await.unwrap(), []);
    assert_eq!(fault(&app, org::load(&owner.ctx, "acme").await), Fault::NotFound);
    assert!(taken(create(&admin.ctx, "acme").await));
    app.advance(Span::days(91));
    let admin = app.request(app.sign_in(&admin.email).await.unwrap());
    create(&admin, "acme").await.unwrap();
    app.assert_audit_verifies().await;
}

#[both]
async fn an_organization_takes_its_own_names_back(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    owned(&app, &admin, "acme", "owner@example.com").await;
    rename(&admin.ctx, "acme", "acme-labs").await.unwrap();
    rename(&admin.ctx, "acme-labs", "acme").await.unwrap();
    let aliases = |page: domain::profile::ProfilePage| {
        page.profile.aliases.into_iter().map(|alias| alias.handle).collect::<Vec<_>>()
    };
    assert_eq!(aliases(profile::load(&admin.ctx, "acme").await.unwrap()), ["acme-labs"]);
    profile::retire_alias(&admin.ctx, "acme", "acme-labs").await.unwrap();
    rename(&admin.ctx, "acme", "acme-labs").await.unwrap();
    assert_eq!(aliases(profile::load(&admin.ctx, "acme-labs").await.unwrap()), ["acme"]);
}

#[both]
async fn only_the_case_or_only_the_spelling_may_change(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    owned(&app, &admin, "acme_labs", "owner@example.com").await;
    rename(&admin.ctx, "acme_labs", "Acme_Labs").await.unwrap();
    let page = profile::load(&admin.ctx, "acme_labs").await.unwrap();
    assert_eq!((page.profile.org.handle.as_str(), page.profile.aliases.len()), ("Acme_Labs", 0), "no alias of itself");
    // The same DNS label, which stays the organization's own.
    rename(&admin.ctx, "acme_labs", "acme-labs").await.unwrap();
    assert_eq!(profile::load(&admin.ctx, "acme-labs").await.unwrap().profile.aliases[0].handle, "Acme_Labs");
    app.org(&admin, "other").await;
    let refused = fault(&app, rename(&admin.ctx, "other", "ACME--labs").await);
    assert!(refused.field_errors()[0].message.contains("DNS label, “acme-labs”"), "{refused:?}");
    assert_eq!(refused.field_errors()[0].field, "new_handle");
    let same = fault(&app, profile::preview_rename(&admin.ctx, "other", "other").await);
    assert!(same.field_errors()[0].message.contains("already"));
    assert_eq!(org::load(&admin.ctx, "other").await.unwrap().org.handle.as_str(), "other", "nothing was half-done");
}

#[both]
async fn a_rename_of_more_names_than_shown_is_refused(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let owner = owned(&app, &admin, "acme", "owner@example.com").await;
    let shown = profile::preview_rename(&owner.ctx, "acme", "labs").await.unwrap();
    assert_eq!((shown.changes.len(), shown.new_handle.as_ref().map(|handle| handle.as_str())), (1, Some("labs")));
    let update = org::Update { platform_domain: Some(Some("apps.example.com".into())), ..Default::default() };
    org::update(&admin.ctx, "acme", Base::Current, update, "").await.unwrap();
    let newer = match fault(&app, profile::rename(&owner.ctx, "acme", "labs", &shown.token).await) {
        Fault::PlanGrew { preview } => preview,
        other => panic!("{other:?}"),
    };
    assert_eq!(newer.changes[1].before, "*.acme.apps.example.com");
    assert_eq!(newer.changes[1].after, "*.labs.apps.example.com");
    profile::rename(&owner.ctx, "acme", "labs", &newer.token).await.unwrap();
    // A handle that somebody has is refused before anything is shown.
    app.org(&admin, "other").await;
    let taken = fault(&app, profile::preview_rename(&owner.ctx, "labs", "Other").await);
    assert_eq!(taken.field_errors()[0].field, "new_handle");
}

#[both]
async fn owners_rename_five_times_a_month(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let owner = owned(&app, &admin, "n0", "owner@example.com").await;
    for n in 0..5 {
        let left = profile::load(&owner.ctx, &format!("n{n}")).await.unwrap().profile.renames_left;
        assert_eq!(left, Some(5 - n));
        rename(&owner.ctx, &format!("n{n}"), &format!("n{}", n + 1)).await.unwrap();
    }
    let refused = fault(&app, rename(&owner.ctx, "n5", "n6").await);
    assert!(refused.to_string().contains("5 times in the last 30 days"), "{refused}");
    assert_eq!(profile::load(&admin.ctx, "n5").await.unwrap().profile.renames_left, None);
    rename(&admin.ctx, "n5", "n6").await.unwrap();
    rename(&admin.ctx, "n6", "n5").await.unwrap();
    rename(&admin.ctx, "n5", "n6").await.unwrap();
    app.advance(Span::days(29));
    assert!(rename(&owner.ctx, "n6", "n7").await.is_err());
    app.advance(Span::days(2));
    let owner = app.request(app.sign_in(&owner.email).await.unwrap());
    rename(&owner, "n6", "n7").await.unwrap();
}

#[both]
async fn of_two_that_take_one_handle_at_once_one_is_told(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let first = owned(&app, &admin, "first", "first@example.com").await;
    let second = owned(&app, &admin, "second", "second@example.com").await;
    let plans = [
        profile::preview_rename(&first.ctx, "first", "wanted").await.unwrap().token,
        profile::preview_rename(&second.ctx, "second", "Wanted").await.unwrap().token,
    ];
    let (one, two) = tokio::join!(
        profile::rename(&first.ctx, "first", "wanted", &plans[0]),
        profile::rename(&second.ctx, "second", "Wanted", &plans[1]),
    );
    let refused = match (one, two) {
        (Ok(_), refused @ Err(_)) | (refused @ Err(_), Ok(_)) => fault(&app, refused),
        other => panic!("one wins: {other:?}"),
    };
    assert!(refused.field_errors()[0].message.contains("taken"), "{refused:?}");
    app.assert_audit_verifies().await;
}

#[both]
async fn a_display_name_is_saved_under_its_version(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let owner = owned(&app, &admin, "acme", "owner@example.com").await;
    assert_eq!(profile::save_display_name(&owner.ctx, "acme", Base::Version(1), "  Acme Labs ").await.unwrap(), 2);
    assert_eq!(org::search(&admin.ctx, "labs").await.unwrap()[0].display_name.as_str(), "Acme Labs");
    match fault(&app, profile::save_display_name(&admin.ctx, "acme", Base::Version(1), "Acme").await) {
        Fault::Stale { version: 2, fields } => assert_eq!(fields[0].theirs, "Acme Labs"),
        other => panic!("{other:?}"),
    }
    assert_eq!(
        profile::save_display_name(&owner.ctx, "acme", Base::Version(2), "Acme Labs").await.unwrap(),
        2,
        "nothing changed"
    );
    let wrong = fault(&app, profile::save_display_name(&owner.ctx, "acme", Base::Version(2), "a\u{202E}b").await);
    assert_eq!(wrong.field_errors()[0].field, "display_name");
    let member = app.person("member@example.com", false).await;
    app.add_member(app.org_id(&admin, "acme").await, &member, Role::Member, MemberState::Active).await;
    assert_eq!(fault(&app, profile::load(&member.ctx, "acme").await).status(), 403);
}

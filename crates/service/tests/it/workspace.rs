use domain::Fault;
use domain::cloud::CloudAccountForm;
use domain::people::{MemberState, Role};
use domain::settings::SettingsForm;
use domain::time::Span;
use domain::workspace::{WorkspaceAct, WorkspaceState, WorkspacesQuery};
use service::org::Base;
use service::workspace::{change, create, delete, list, load, rename};
use testapp::{Person, TestApp, fault};
use testkit::{TestDb, both};

const URL: &str = "https://hooks.example.com";

async fn acme(app: &TestApp) -> Person {
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let page = service::org::load_admin(&admin.ctx, "acme").await.unwrap();
    let form = SettingsForm { platform_domain: "apps.example.com".into(), ..page.form };
    service::org::save_settings(&admin.ctx, "acme", page.version, &form, "").await.unwrap();
    admin
}

async fn connect(admin: &Person, name: &str) -> String {
    let form = CloudAccountForm {
        name: name.into(),
        provider: "own".into(),
        connector: "webhook".into(),
        url: URL.into(),
        secret: "a-secret-of-enough-characters".into(),
        events: true,
        ..CloudAccountForm::default()
    };
    service::cloud::connect(&admin.ctx, "acme", &form).await.unwrap().to_string()
}

#[both]
async fn a_workspace_goes_through_its_life(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = acme(&app).await;
    connect(&admin, "Main").await;
    let made = create(&admin.ctx, "acme", " build ").await.unwrap();
    assert_eq!(made.dns_name.as_deref(), Some("build.acme.apps.example.com"));
    assert_eq!(fault(&app, create(&admin.ctx, "acme", "build").await).field_errors()[0].field, "name");
    let id = made.id.to_string();
    let act = async |act| {
        app.advance(Span::from_seconds(1));
        change(&admin.ctx, "acme", &id, act).await
    };
    assert_eq!(act(WorkspaceAct::Sleep).await.unwrap().state, WorkspaceState::Asleep);
    assert_eq!(act(WorkspaceAct::Sleep).await.unwrap().version, 2, "twice is once");
    assert_eq!(act(WorkspaceAct::Wake).await.unwrap().state, WorkspaceState::Active);
    assert!(matches!(fault(&app, delete(&admin.ctx, "acme", &id).await), Fault::Conflict { .. }));

    app.advance(Span::from_seconds(1));
    let renamed = rename(&admin.ctx, "acme", &id, Base::Version(3), "test").await.unwrap();
    assert_eq!(renamed.dns_name.as_deref(), Some("test.acme.apps.example.com"));
    let stale = rename(&admin.ctx, "acme", &id, Base::Version(3), "other").await;
    assert!(matches!(fault(&app, stale), Fault::Stale { version: 4, .. }));

    let archived = act(WorkspaceAct::Archive).await.unwrap();
    assert_eq!(archived.deletable_at, Some(app.services.now().plus(Span::days(30))));
    assert!(matches!(fault(&app, act(WorkspaceAct::Wake).await), Fault::Conflict { .. }));
    let early = fault(&app, delete(&admin.ctx, "acme", &id).await).to_string();
    assert!(early.contains("can be deleted from"), "{early}");
    assert_eq!(act(WorkspaceAct::Restore).await.unwrap().state, WorkspaceState::Asleep);
    act(WorkspaceAct::Archive).await.unwrap();
    app.run_jobs().await;
    app.advance(Span::days(31));
    let ctx = app.request(app.sign_in(&admin.email).await.unwrap());
    delete(&ctx, "acme", &id).await.unwrap();
    assert_eq!(fault(&app, delete(&ctx, "acme", &id).await), Fault::NotFound);
    app.run_jobs().await;
    assert_eq!(
        app.providers.events(),
        [
            "workspace.created",
            "workspace.slept",
            "workspace.woken",
            "workspace.renamed",
            "workspace.archived",
            "workspace.restored",
            "workspace.archived",
            "workspace.deleted"
        ]
    );
    let renamed = app.providers.event_bodies()[3].clone();
    assert!(
        renamed.contains(r#""dns_name":"test.acme.apps.example.com","dns_name_before":"build.acme.apps.example.com""#)
    );
    app.assert_audit_verifies().await;
}

#[both]
async fn lists_are_searched_filtered_and_paged(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = acme(&app).await;
    for n in 0..5 {
        create(&admin.ctx, "acme", &format!("build-{n}")).await.unwrap();
    }
    let test = create(&admin.ctx, "acme", "test").await.unwrap();
    change(&admin.ctx, "acme", &test.id.to_string(), WorkspaceAct::Sleep).await.unwrap();
    let names = async |query: &WorkspacesQuery, limit| {
        let (rows, more) = list(&admin.ctx, "acme", query, limit).await.unwrap();
        (rows.into_iter().map(|row| row.name.to_string()).collect::<Vec<_>>(), more)
    };
    let query = WorkspacesQuery { search: "ILD".into(), ..WorkspacesQuery::default() };
    assert_eq!(names(&query, 2).await, (vec!["build-0".to_owned(), "build-1".to_owned()], true));
    let next = WorkspacesQuery { after: Some("build-1".into()), ..query.clone() };
    assert_eq!(names(&next, 9).await.0.len(), 3);
    let asleep = WorkspacesQuery { state: Some(WorkspaceState::Asleep), ..WorkspacesQuery::default() };
    assert_eq!(names(&asleep, 9).await, (vec!["test".to_owned()], false));
    for nothing in ["%", "_", "x' OR 1=1", "ö"] {
        let query = WorkspacesQuery { search: nothing.into(), ..WorkspacesQuery::default() };
        assert_eq!(names(&query, 9).await.0.len(), 0, "{nothing}");
    }
}

#[both]
async fn who_belongs_nowhere_sees_nothing_and_members_only_look(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = acme(&app).await;
    let org = app.org_id(&admin, "acme").await;
    let [member, outsider] = ["member@acme.example", "outsider@else.example"];
    let (member, outsider) = (app.person(member, false).await, app.person(outsider, false).await);
    app.add_member(org, &member, Role::Member, MemberState::Active).await;
    let made = create(&admin.ctx, "acme", "build").await.unwrap().id.to_string();
    assert_eq!(load(&member.ctx, "acme", WorkspacesQuery::default()).await.unwrap().rows.len(), 1);
    assert!(matches!(fault(&app, create(&member.ctx, "acme", "mine").await), Fault::Forbidden { .. }));
    assert_eq!(fault(&app, load(&outsider.ctx, "acme", WorkspacesQuery::default()).await), Fault::NotFound);
    // Another organization's workspace isn't found, whoever asks.
    app.org(&admin, "other").await;
    for result in [
        change(&admin.ctx, "other", &made, WorkspaceAct::Sleep).await.map(drop),
        rename(&admin.ctx, "other", &made, Base::Current, "x").await.map(drop),
        delete(&admin.ctx, "other", &made).await,
    ] {
        assert_eq!(fault(&app, result), Fault::NotFound);
    }
}

#[both]
async fn a_new_handle_or_domain_moves_every_dns_name(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = acme(&app).await;
    for name in ["build", "test"] {
        create(&admin.ctx, "acme", name).await.unwrap();
    }
    connect(&admin, "Main").await;
    let plan = service::profile::preview_rename(&admin.ctx, "acme", "zenith").await.unwrap();
    let changes: Vec<(&str, &str)> = plan.changes.iter().map(|c| (c.before.as_str(), c.after.as_str())).collect();
    assert!(changes.contains(&("build.acme.apps.example.com", "build.zenith.apps.example.com")), "{changes:?}");
    create(&admin.ctx, "acme", "late").await.unwrap();
    let late = service::profile::rename(&admin.ctx, "acme", "zenith", &plan.token).await;
    let Fault::PlanGrew { preview } = fault(&app, late) else { panic!("a name wasn't shown") };
    app.run_jobs().await;
    service::profile::rename(&admin.ctx, "acme", "zenith", &preview.token).await.unwrap();
    app.run_jobs().await;
    let moved = app.providers.event_bodies();
    assert_eq!(moved.len(), 4);
    assert!(moved[1..].iter().all(|event| event.contains("zenith.apps") && event.contains("acme.apps")));

    let page = service::org::load_admin(&admin.ctx, "zenith").await.unwrap();
    let form = SettingsForm { platform_domain: "other.example.com".into(), ..page.form };
    service::org::save_settings(&admin.ctx, "zenith", page.version, &form, "").await.unwrap();
    app.run_jobs().await;
    assert_eq!(app.providers.event_bodies().len(), 7);
    let last = app.providers.event_bodies()[4..].join(" ");
    assert!(["build", "test", "late"].iter().all(|name| last.contains(&format!("{name}.zenith.other.example.com"))));
}

#[both]
async fn an_event_is_sent_again_until_it_arrives_and_then_no_more(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = acme(&app).await;
    connect(&admin, "Main").await;
    app.providers.fail(URL, Some("No answer."));
    create(&admin.ctx, "acme", "build").await.unwrap();
    for _ in 0..3 {
        app.run_jobs().await;
        app.advance(Span::minutes(11));
    }
    app.providers.fail(URL, None);
    app.run_jobs().await;
    app.advance(Span::minutes(11));
    assert_eq!(app.run_jobs().await, 0);
    assert_eq!(app.providers.effects(), [(format!("workspace.created {}", workspace_id(&app)), 1)]);
}

fn workspace_id(app: &TestApp) -> String {
    let event = app.providers.event_bodies()[0].clone();
    event.split("\"workspace\":{\"id\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

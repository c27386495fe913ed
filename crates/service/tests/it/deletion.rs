use domain::Fault;
use domain::cloud::CloudAccountForm;
use domain::instance::InstanceForm;
use domain::job::{DeletionStep, ProcessState, StepState};
use domain::org::OrgState;
use domain::people::{MemberState, Role};
use domain::time::Span;
use service::Secret;
use service::org::{create, delete, load, load_admin, preview_deletion, restore, save_settings};
use testapp::{TestApp, fault};
use testkit::{TestDb, both};

#[both]
async fn deletion_takes_what_the_preview_showed_and_holds_the_handle(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "Acme").await;
    app.org(&admin, "other").await;
    let (acme, other) = (app.org_id(&admin, "acme").await, app.org_id(&admin, "other").await);
    let leaving = app.person("leaving@acme.example", false).await;
    let staying = app.person("staying@acme.example", false).await;
    for (org, person) in [(acme, &leaving), (acme, &staying), (other, &staying), (acme, &admin)] {
        app.add_member(org, person, Role::Member, MemberState::Active).await;
    }

    let plan = preview_deletion(&admin.ctx, "acme").await.unwrap();
    let goes: Vec<(u64, usize)> = plan.goes.iter().map(|section| (section.count, section.names.len())).collect();
    assert_eq!(goes, [(3, 3), (1, 1), (1, 0), (1, 0)]);
    assert_eq!(plan.goes[1].names, ["leaving"]);

    let wrong = fault(&app, delete(&admin.ctx, "acme", &plan.token, "acme").await);
    assert_eq!(wrong.field_errors()[0].field, "confirm", "the case counts");
    let process = delete(&admin.ctx, "acme", &plan.token, "Acme").await.unwrap().process;
    assert_eq!(fault(&app, load(&leaving.ctx, "acme").await), Fault::NotFound, "closed at once");
    assert_eq!(load(&admin.ctx, "acme").await.unwrap().org.state, OrgState::Deleting);
    let (version, form) = (1, load_admin(&admin.ctx, "acme").await.unwrap().form);
    let closed = save_settings(&admin.ctx, "acme", version, &form, "").await;
    assert!(matches!(fault(&app, closed), Fault::Conflict { .. }));

    assert_eq!(app.run_jobs().await, 1);
    let page = service::process::load(&admin.ctx, &process.to_string()).await.unwrap().process;
    assert_eq!(page.state, ProcessState::Succeeded);
    assert!(page.steps.iter().all(|step| step.state == StepState::Done && step.attempts == 1));
    assert_eq!(fault(&app, load(&admin.ctx, "acme").await), Fault::NotFound);
    assert!(app.sign_in("leaving@acme.example").await.is_err());
    assert!(app.sign_in("staying@acme.example").await.is_ok());
    assert!(service::auth::front(&admin.ctx).await.unwrap().viewer.is_some());

    let again = service::org::NewOrg { display_name: "A".into(), handle: "aCME".into(), ..Default::default() };
    assert!(matches!(fault(&app, create(&admin.ctx, again.clone()).await), Fault::Invalid { .. }));
    app.advance(Span::days(91));
    let admin = app.request(app.sign_in(&admin.email).await.unwrap());
    create(&admin, again).await.unwrap();
    app.assert_audit_verifies().await;
}

#[both]
async fn a_plan_that_grew_is_refused_with_a_new_preview(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let plan = preview_deletion(&admin.ctx, "acme").await.unwrap();
    let late = app.person("late@acme.example", false).await;
    app.add_member(app.org_id(&admin, "acme").await, &late, Role::Owner, MemberState::Active).await;
    let Fault::PlanGrew { preview } = fault(&app, delete(&admin.ctx, "acme", &plan.token, "acme").await) else {
        panic!("more would go now")
    };
    assert_eq!(preview.goes[0].names, ["late"]);
    assert!(matches!(fault(&app, delete(&admin.ctx, "acme", &plan.token, "acme").await), Fault::Conflict { .. }));
    delete(&admin.ctx, "acme", &preview.token, "acme").await.unwrap();
}

#[both]
async fn a_plan_is_bound_to_its_session_and_time(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    app.org(&admin, "other").await;
    let plan = preview_deletion(&admin.ctx, "acme").await.unwrap();
    let elsewhere = app.request(app.sign_in(&admin.email).await.unwrap());
    for (ctx, handle, token) in [
        (&elsewhere, "acme", plan.token.as_str()),
        (&admin.ctx, "other", plan.token.as_str()),
        (&admin.ctx, "acme", "forged"),
    ] {
        assert!(matches!(fault(&app, delete(ctx, handle, token, handle).await), Fault::Conflict { .. }));
    }
    app.advance(Span::minutes(11));
    assert!(matches!(fault(&app, delete(&admin.ctx, "acme", &plan.token, "acme").await), Fault::Conflict { .. }));
}

#[both]
async fn an_organization_that_manages_others_stays(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "partner").await;
    app.org(&admin, "managed").await;
    app.manage(app.org_id(&admin, "managed").await, app.org_id(&admin, "partner").await).await;
    let refused = fault(&app, preview_deletion(&admin.ctx, "partner").await);
    assert!(refused.to_string().contains("The managed (managed)"), "{refused}");
}

/// An organization with something of everything that a deletion takes.
async fn furnished(app: &TestApp, admin: &testapp::Person, handle: &str) -> String {
    app.org(admin, handle).await;
    service::profile::set_avatar(&admin.ctx, handle, handle.as_bytes().to_vec(), None).await.unwrap();
    // Longer than the avatar's files count as being put there.
    app.advance(Span::minutes(5));
    let org = app.org_id(admin, handle).await;
    let url = format!("https://{handle}.provider.example");
    app.add_member(org, &app.person(&format!("p@{handle}.example"), false).await, Role::Owner, MemberState::Active)
        .await;
    let form = CloudAccountForm {
        name: "Main".into(),
        provider: "aws".into(),
        connector: "webhook".into(),
        url: url.clone(),
        secret: "a-secret-of-enough-characters".into(),
        events: true,
        ..CloudAccountForm::default()
    };
    service::cloud::connect(&admin.ctx, handle, &form).await.unwrap();
    for name in ["build", "test"] {
        service::workspace::create(&admin.ctx, handle, name).await.unwrap();
    }
    service::org_secret::set(&admin.ctx, handle, "db", &Secret::from("x".to_owned())).await.unwrap();
    app.run_jobs().await;
    for resource in ["vm-1", "vm-2"] {
        app.providers.run(&url, resource);
    }
    url
}

/// A worker that is killed at any of its writes leaves a process that another finishes: each effect outside is done once,
/// and nothing is left over anywhere.
#[both]
async fn a_kill_at_any_write_is_resumed(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let mut writes = 0;
    for n in 1.. {
        let handle = format!("acme{n}");
        let url = furnished(&app, &admin, &handle).await;
        let plan = preview_deletion(&admin.ctx, &handle).await.unwrap();
        let before = app.providers.effects().len();
        let process = delete(&admin.ctx, &handle, &plan.token, &handle).await.unwrap().process;
        let killed = app.run_jobs_killed_at(n).await;
        // The lease of the dead runs out.
        app.advance(Span::minutes(2));
        app.run_jobs().await;
        let page = service::process::load(&admin.ctx, &process.to_string()).await.unwrap().process;
        assert_eq!(page.state, ProcessState::Succeeded, "killed at write {n}: {:?}", page.steps);
        assert_eq!(fault(&app, load(&admin.ctx, &handle).await), Fault::NotFound);
        assert!(app.sign_in(&format!("p@{handle}.example")).await.is_err());
        assert_eq!(app.providers.running(&url), [""; 0]);
        // Two resources and two workspaces: every key once, however often it was asked for.
        assert_eq!(app.providers.effects().len() - before, 4, "killed at write {n}");
        if !killed {
            break;
        }
        writes = n;
    }
    assert!(writes > 15, "only {writes} places to be killed at");
    let left = app.count_rows(&["workspace", "cloud_account", "cloud_resource", "organization_secret", "member"]).await;
    assert_eq!(left, 0);
    assert_eq!(app.objects.names(), [""; 0]);
    app.assert_audit_verifies().await;
}

#[both]
async fn what_goes_slowly_or_turns_up_late_is_waited_for(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let url = furnished(&app, &admin, "acme").await;
    app.providers.slow("vm-2", 2);
    let plan = preview_deletion(&admin.ctx, "acme").await.unwrap();
    assert_eq!(plan.goes[0].count, 2);
    assert_eq!(plan.goes[0].names, ["the vm-1 (vm) in Main", "the vm-2 (vm) in Main"]);
    let process = delete(&admin.ctx, "acme", &plan.token, "acme").await.unwrap().process.to_string();
    app.run_jobs().await;
    let page = service::process::load(&admin.ctx, &process).await.unwrap().process;
    assert_eq!(page.state, ProcessState::Waiting);
    assert_eq!(app.providers.running(&url), ["vm-2"]);
    assert!(load(&admin.ctx, "acme").await.is_ok(), "the organization outlives what it runs");
    app.providers.run(&url, "vm-3");
    for _ in 0..4 {
        app.advance(Span::minutes(1));
        app.run_jobs().await;
    }
    let page = service::process::load(&admin.ctx, &process).await.unwrap().process;
    assert_eq!(page.state, ProcessState::Succeeded, "{:?}", page.steps);
    assert_eq!(app.providers.running(&url), [""; 0]);
    assert_eq!(page.steps.iter().filter(|step| step.step == DeletionStep::Resource).count(), 3);
    assert!(page.log.iter().any(|line| line.text.contains("the vm-3")));
}

#[both]
async fn a_step_that_cannot_succeed_is_retried_and_can_be_given_up(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let url = furnished(&app, &admin, "acme").await;
    let plan = preview_deletion(&admin.ctx, "acme").await.unwrap();
    let process = delete(&admin.ctx, "acme", &plan.token, "acme").await.unwrap().process.to_string();
    app.providers.fail(&url, Some("The provider is gone."));
    app.run_jobs().await;
    let page = service::process::load(&admin.ctx, &process).await.unwrap();
    assert!(page.can_act && page.process.state == ProcessState::Waiting);
    let failed: Vec<_> = page.process.steps.iter().filter(|step| step.last_error.is_some()).collect();
    assert_eq!(failed.len(), 1, "a silent account isn't asked for each of its resources");
    assert_eq!(failed[0].last_error.as_deref(), Some("The provider is gone."));
    service::process::retry(&admin.ctx, &process).await.unwrap();
    app.run_jobs().await;
    let page = service::process::load(&admin.ctx, &process).await.unwrap().process;
    assert_eq!(page.steps.iter().find(|step| step.step == DeletionStep::Resource).unwrap().attempts, 2);

    let abandon = async |step: DeletionStep, reason: &str| {
        let page = service::process::load(&admin.ctx, &process).await.unwrap().process;
        let open = page.steps.iter().find(|row| row.step == step && row.state == StepState::Pending).unwrap();
        service::process::abandon(&admin.ctx, &process, open.position, reason).await
    };
    assert_eq!(fault(&app, abandon(DeletionStep::Resource, " ").await).field_errors()[0].field, "reason");
    assert!(matches!(fault(&app, abandon(DeletionStep::People, "no").await), Fault::Conflict { .. }));
    for step in [DeletionStep::Resource, DeletionStep::Resource, DeletionStep::Account, DeletionStep::Workspaces] {
        abandon(step, "The provider went out of business.").await.unwrap();
    }
    app.run_jobs().await;
    let page = service::process::load(&admin.ctx, &process).await.unwrap().process;
    assert_eq!(page.state, ProcessState::Succeeded, "{:?}", page.steps);
    let given_up: Vec<_> = page.steps.iter().filter_map(|step| step.abandoned.as_ref()).collect();
    assert_eq!(given_up.len(), 4);
    assert!(given_up.iter().all(|given_up| given_up.by == "admin" && given_up.reason.contains("out of business")));
    app.assert_audit_verifies().await;
}

#[both]
async fn an_account_that_cannot_be_looked_into_is_named_in_the_preview(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let url = furnished(&app, &admin, "acme").await;
    app.providers.fail(&url, Some("No answer."));
    let plan = preview_deletion(&admin.ctx, "acme").await.unwrap();
    assert!(plan.unknown[0].contains("Main") && plan.unknown[0].contains("No answer."), "{:?}", plan.unknown);
    // Something more is found when it is applied.
    app.providers.fail(&url, None);
    let Fault::PlanGrew { preview } = fault(&app, delete(&admin.ctx, "acme", &plan.token, "acme").await) else {
        panic!("resources were not shown")
    };
    assert_eq!((preview.goes[0].count, preview.unknown.len()), (2, 0));
}

async fn set_grace(admin: &testapp::Person, days: &str, owners_may_delete: bool) {
    let form = InstanceForm { deletion_grace_days: days.into(), owners_may_delete };
    service::instance::save(&admin.ctx, &form).await.unwrap();
}

#[both]
async fn a_time_of_grace_can_be_used_to_restore(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    furnished(&app, &admin, "acme").await;
    set_grace(&admin, "30", true).await;
    let owner = app.request(app.sign_in("p@acme.example").await.unwrap());
    let plan = preview_deletion(&owner, "acme").await.unwrap();
    assert_eq!(plan.grace_days, 30);
    let deleted = delete(&owner, "acme", &plan.token, "acme").await.unwrap();
    assert!(!deleted.may_watch);
    assert_eq!(fault(&app, load(&owner, "acme").await), Fault::NotFound, "access is cut at once");
    assert_eq!(load(&admin.ctx, "acme").await.unwrap().org.state, OrgState::PendingDeletion);
    app.run_jobs().await;
    assert_eq!(app.providers.events().iter().filter(|event| *event == "workspace.slept").count(), 2);
    app.advance(Span::days(29));
    let admin_ctx = app.request(app.sign_in(&admin.email).await.unwrap());
    service::process::retry(&admin_ctx, &deleted.process.to_string()).await.unwrap();
    assert_eq!(app.run_jobs().await, 0, "nothing hurries a time of grace");
    restore(&admin_ctx, "acme").await.unwrap();
    assert!(load(&owner, "acme").await.is_ok());
    let page = service::process::load(&owner, &deleted.process.to_string()).await.unwrap();
    assert_eq!((page.process.state, page.can_act), (ProcessState::Cancelled, false));
    app.advance(Span::days(2));
    assert_eq!(app.run_jobs().await, 0);
    assert!(matches!(fault(&app, restore(&admin_ctx, "acme").await), Fault::Conflict { .. }));

    let admin_ctx = app.request(app.sign_in(&admin.email).await.unwrap());
    let plan = preview_deletion(&admin_ctx, "acme").await.unwrap();
    let process = delete(&admin_ctx, "acme", &plan.token, "acme").await.unwrap().process.to_string();
    app.advance(Span::days(30));
    app.run_jobs().await;
    let admin_ctx = app.request(app.sign_in(&admin.email).await.unwrap());
    assert_eq!(service::process::load(&admin_ctx, &process).await.unwrap().process.state, ProcessState::Succeeded);
    assert_eq!(fault(&app, restore(&admin_ctx, "acme").await), Fault::NotFound);
    app.assert_audit_verifies().await;
}

#[both]
async fn the_instance_says_whether_owners_delete(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    app.org(&admin, "partner").await;
    let (acme, partner) = (app.org_id(&admin, "acme").await, app.org_id(&admin, "partner").await);
    let [owner, member, boss] = ["owner", "member", "boss"].map(|name| format!("{name}@acme.example"));
    let owner = app.person(&owner, false).await;
    let member = app.person(&member, false).await;
    let boss = app.person(&boss, false).await;
    app.add_member(acme, &owner, Role::Owner, MemberState::Active).await;
    app.add_member(acme, &member, Role::Member, MemberState::Active).await;
    app.add_member(partner, &boss, Role::Owner, MemberState::Active).await;
    app.make_partner(&admin, "partner").await;
    service::bootstrap::take_ownership(&admin.ctx, "partner").await.unwrap();
    app.manage(acme, partner).await;
    assert!(matches!(fault(&app, preview_deletion(&member.ctx, "acme").await), Fault::Forbidden { .. }));
    assert_eq!(preview_deletion(&owner.ctx, "acme").await.unwrap().grace_days, 0);
    assert_eq!(preview_deletion(&boss.ctx, "acme").await.unwrap().grace_days, 7, "a partner can always be called back");
    let plan = preview_deletion(&owner.ctx, "acme").await.unwrap();
    set_grace(&admin, "0", false).await;
    for ctx in [&owner.ctx, &boss.ctx] {
        assert!(matches!(fault(&app, preview_deletion(ctx, "acme").await), Fault::Forbidden { .. }));
    }
    assert!(matches!(fault(&app, delete(&owner.ctx, "acme", &plan.token, "acme").await), Fault::Forbidden { .. }));
}

#[both]
async fn a_worker_that_lost_its_lease_cannot_write(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let plan = preview_deletion(&admin.ctx, "acme").await.unwrap();
    delete(&admin.ctx, "acme", &plan.token, "acme").await.unwrap();
    let mut tx = app.write().await;
    let slow = storage::job::claim(&mut tx).await.unwrap().unwrap();
    tx.commit(storage::Audit::none("claimed by a test")).await.unwrap();
    app.advance(Span::minutes(2));
    app.run_jobs().await;
    let mut tx = app.write().await;
    assert!(matches!(storage::job::hold(&mut tx, &slow).await, Err(storage::Error::LeaseLost)));
}

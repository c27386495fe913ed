use domain::Fault;
use domain::job::{ProcessState, StepState};
use domain::org::OrgState;
use domain::people::{MemberState, Role};
use domain::time::Span;
use service::org::{create, delete, load, load_admin, preview_deletion, save_settings};
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
    let process = delete(&admin.ctx, "acme", &plan.token, "Acme").await.unwrap();
    assert_eq!(fault(&app, load(&leaving.ctx, "acme").await), Fault::NotFound, "closed at once");
    assert_eq!(load(&admin.ctx, "acme").await.unwrap().org.state, OrgState::Deleting);
    let (version, form) = (1, load_admin(&admin.ctx, "acme").await.unwrap().form);
    let closed = save_settings(&admin.ctx, "acme", version, &form, "").await;
    assert!(matches!(fault(&app, closed), Fault::Conflict { .. }));

    assert_eq!(app.run_jobs().await, 1);
    let page = service::job::load_deletion(&admin.ctx, &process.to_string()).await.unwrap();
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

#[both]
async fn only_platform_administrators_preview_and_delete(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let owner = app.person("owner@acme.example", false).await;
    app.add_member(app.org_id(&admin, "acme").await, &owner, Role::Owner, MemberState::Active).await;
    let plan = preview_deletion(&admin.ctx, "acme").await.unwrap();
    assert_eq!(fault(&app, preview_deletion(&owner.ctx, "acme").await), Fault::NotFound);
    assert_eq!(fault(&app, delete(&owner.ctx, "acme", &plan.token, "acme").await), Fault::NotFound);
}

/// A worker that stops at any transaction leaves a job that another finishes, and nothing is left over.
#[both]
async fn a_crash_at_any_batch_is_resumed(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let org = app.org_id(&admin, "acme").await;
    for n in 0..3 {
        let person = app.person(&format!("p{n}@acme.example"), false).await;
        app.add_member(org, &person, Role::Member, MemberState::Active).await;
    }
    let plan = preview_deletion(&admin.ctx, "acme").await.unwrap();
    let process = delete(&admin.ctx, "acme", &plan.token, "acme").await.unwrap();
    let mut steps_done = 0;
    for step in domain::job::DeletionStep::ALL {
        // Claims once the lease of the dead has run out, does one step, and dies without a word.
        let mut tx = app.write().await;
        let lease = storage::job::claim(&mut tx).await.unwrap().unwrap();
        tx.commit(storage::Audit::none("claimed by a test")).await.unwrap();
        let found = storage::process::of_lease(&mut app.db.read().await.unwrap(), &lease).await.unwrap();
        assert_eq!(found.steps.iter().filter(|(_, row)| row.state == StepState::Done).count(), steps_done);
        // A batch that was never committed leaves no trace.
        let mut tx = app.write().await;
        storage::process::run_batch(&mut tx, &lease, &found, step).await.unwrap();
        drop(tx);
        if step != domain::job::DeletionStep::Organization {
            let mut tx = app.write().await;
            storage::process::run_batch(&mut tx, &lease, &found, step).await.unwrap();
            tx.commit(storage::Audit::none("a batch of a test")).await.unwrap();
            steps_done += 1;
        }
        app.advance(Span::minutes(2));
        let mut late = app.write().await;
        let claimed = storage::job::claim(&mut late).await.unwrap();
        drop(late);
        assert!(claimed.is_some());
    }
    app.run_jobs().await;
    let page = service::job::load_deletion(&admin.ctx, &process.to_string()).await.unwrap();
    assert_eq!(page.state, ProcessState::Succeeded);
    assert_eq!(fault(&app, load(&admin.ctx, "acme").await), Fault::NotFound);
    assert!(app.sign_in("p0@acme.example").await.is_err());
    app.assert_audit_verifies().await;
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

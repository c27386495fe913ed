use domain::Fault;
use domain::people::{MemberState, Role};
use domain::time::Span;
use service::ports::Mail;
use service::report::{inspect, send_test, unsubscribe, unsubscribe_with};
use service::{Secret, job};
use testapp::{Person, TestApp, fault};
use testkit::{TestDb, both};

const HOUR: i64 = 3_600;

/// An organization whose report goes to two addresses, each day unless told otherwise. It is noon of a Sunday in UTC.
async fn reporting(app: &TestApp, schedule: &str) -> Person {
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    set_report(&admin, true, schedule).await;
    app.send_reports().await;
    admin
}

async fn set_report(admin: &Person, report: bool, schedule: &str) {
    let page = service::org::load_admin(&admin.ctx, "acme").await.unwrap();
    let form = domain::settings::SettingsForm {
        report,
        report_recipients: "Ada@example.com, grace@example.com".into(),
        report_schedule: schedule.into(),
        report_time_zone: "UTC".into(),
        ..page.form
    };
    service::org::save_settings(&admin.ctx, "acme", page.version, &form, "").await.unwrap();
}

async fn see(app: &TestApp, person: &Person) {
    service::org::load(&person.ctx, "acme").await.unwrap();
    job::write_down_use(&app.services).await.unwrap();
}

async fn wait_and_send(app: &TestApp, hours: i64) -> Vec<Mail> {
    let before = app.mail.all().len();
    app.advance(Span::from_seconds(hours * HOUR));
    app.send_reports().await;
    app.run_jobs().await;
    app.mail.all().split_off(before)
}

#[both]
async fn a_daily_report_lists_who_was_seen_on_its_day(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = reporting(&app, "daily").await;
    let org = app.org_id(&admin, "acme").await;
    let (ada, bob) = (app.person("ada@acme.example", false).await, app.person("=bob@acme.example", false).await);
    let idle = app.person("idle@acme.example", false).await;
    for person in [&ada, &bob, &idle] {
        app.add_member(org, person, Role::Member, MemberState::Active).await;
    }
    see(&app, &ada).await;
    see(&app, &bob).await;
    assert_eq!(wait_and_send(&app, 19).await.len(), 0, "it isn't eight yet");
    // Seen again between the end of the period and the report, and somebody else for the first time.
    see(&app, &ada).await;
    see(&app, &idle).await;
    let mails = wait_and_send(&app, 1).await;
    assert_eq!(mails.len(), 2);
    let mail = &mails[0];
    assert_eq!(mail.subject, "Active users of The acme, 2026-03-01");
    assert!(mail.text.contains("2 of 3 members of The acme were active: 2026-03-01."), "{}", mail.text);
    assert!(mail.text.contains("Active is who") && mail.html.contains("Active is who"));
    let csv = String::from_utf8(mail.attachments[0].bytes.clone()).unwrap();
    assert_eq!(
        csv,
        "user,email,role,last seen\r\n'=bob,'=bob@acme.example,member,2026-03-01T12:00:00Z\r\n\
         ada,ada@acme.example,member,2026-03-02T07:00:00Z\r\n"
    );
    assert_eq!(mail.attachments[0].name, "active-users-acme-2026-03-01.csv");
    assert!(mail.unsubscribe.as_ref().unwrap().starts_with("http://localhost:3000/unsubscribe?token="));
    assert_eq!(wait_and_send(&app, 1).await.len(), 0, "one a day");

    let mails = wait_and_send(&app, 23).await;
    assert!(mails[0].text.contains("2 of 3 members"), "{}", mails[0].text);
    let mails = wait_and_send(&app, 24).await;
    assert!(mails[0].text.contains("0 of 3 members"), "{}", mails[0].text);
    app.assert_audit_verifies().await;
}

#[both]
async fn a_server_that_was_away_sends_the_latest_report_only(db: TestDb) {
    let app = TestApp::new(db).await;
    reporting(&app, "daily").await;
    let mails = wait_and_send(&app, 24 * 10).await;
    assert_eq!(mails.len(), 2);
    assert!(mails[0].subject.ends_with("2026-03-10"), "{}", mails[0].subject);
}

#[both]
async fn a_new_schedule_begins_with_its_next_report(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = reporting(&app, "weekly").await;
    assert_eq!(wait_and_send(&app, 20).await.len(), 2, "Monday at eight");
    app.advance(Span::days(1));
    set_report(&admin, true, "daily").await;
    assert_eq!(wait_and_send(&app, 1).await.len(), 0);
    // A save of something else puts nothing off.
    app.advance(Span::from_seconds(23 * HOUR));
    set_report(&admin, true, "daily").await;
    assert_eq!(wait_and_send(&app, 0).await.len(), 2);
    set_report(&admin, false, "daily").await;
    assert_eq!(wait_and_send(&app, 24).await.len(), 0);
}

#[both]
async fn workers_at_once_make_one_mail_for_each_recipient(db: TestDb) {
    let app = TestApp::new(db).await;
    reporting(&app, "daily").await;
    app.advance(Span::from_seconds(20 * HOUR));
    tokio::join!(app.send_reports(), app.send_reports(), app.send_reports());
    assert_eq!(app.count_rows(&["mail"]).await, 2);
    tokio::join!(app.run_jobs(), app.run_jobs());
    assert_eq!(app.mail.all().len(), 2);
}

#[both]
async fn a_killed_worker_loses_no_report(db: TestDb) {
    let app = TestApp::new(db).await;
    reporting(&app, "daily").await;
    app.advance(Span::from_seconds(20 * HOUR));
    assert!(app.send_reports_killed_at(1).await);
    assert_eq!(app.count_rows(&["mail"]).await, 0);
    app.send_reports().await;
    for n in 1..=3 {
        assert!(app.run_jobs_killed_at(n).await, "{n}");
        app.advance(Span::from_seconds(61));
    }
    app.run_jobs().await;
    let mut sent: Vec<String> = app.mail.all().into_iter().map(|mail| mail.message_id).collect();
    sent.sort();
    sent.dedup();
    assert_eq!(sent.len(), 2);
}

#[both]
async fn what_is_held_or_on_its_way_out_reports_nothing(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = reporting(&app, "daily").await;
    let options = service::administration::Options::default();
    service::administration::update(&admin.ctx, "acme", options, Some(true)).await.unwrap();
    assert_eq!(wait_and_send(&app, 20).await.len(), 0);
    assert!(matches!(fault(&app, send_test(&admin.ctx, "acme").await), Fault::Conflict { .. }));
}

#[both]
async fn a_test_report_goes_out_at_once_and_says_so(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = reporting(&app, "weekly").await;
    assert_eq!(send_test(&admin.ctx, "acme").await.unwrap().recipients, 2);
    assert_eq!(send_test(&admin.ctx, "acme").await.unwrap().recipients, 2, "as often as one likes");
    app.run_jobs().await;
    assert_eq!(app.mail.all().len(), 4);
    assert_eq!(app.mail.all()[0].subject, "Test: Active users of The acme, 2026-02-16 to 2026-02-22");
    assert_eq!(wait_and_send(&app, 20).await.len(), 2, "and in place of no other");
    set_report(&admin, false, "weekly").await;
    assert!(matches!(fault(&app, send_test(&admin.ctx, "acme").await), Fault::Conflict { .. }));
    app.assert_audit_verifies().await;
}

#[both]
async fn who_unsubscribes_gets_no_more_of_them(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = reporting(&app, "daily").await;
    let mails = wait_and_send(&app, 20).await;
    let link = |mails: &[Mail], to: &str| {
        mails.iter().find(|mail| mail.to == to).and_then(|mail| mail.unsubscribe.clone()).unwrap()
    };
    let ada = link(&mails, "Ada@example.com");
    let browser = app.with_link(&ada);
    assert_eq!(inspect(&browser).await.unwrap().since, None);
    assert_eq!(wait_and_send(&app, 24).await.len(), 2, "looking ends nothing");
    assert_eq!(unsubscribe(&browser).await.unwrap().organization, "The acme");
    let since = unsubscribe(&browser).await.unwrap().since;
    assert!(since.is_some());
    let mails = wait_and_send(&app, 24).await;
    assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["grace@example.com"]);
    let page = service::org::load_admin(&admin.ctx, "acme").await.unwrap();
    assert_eq!(page.unsubscribed, ["Ada@example.com"]);
    assert_eq!(send_test(&admin.ctx, "acme").await.unwrap().recipients, 1);

    let token = link(&mails, "grace@example.com").split("token=").nth(1).unwrap().to_owned();
    unsubscribe_with(&app.anonymous(), &Secret::from(token)).await.unwrap();
    assert_eq!(wait_and_send(&app, 24).await.len(), 1, "the test that was still waiting");
    assert!(matches!(fault(&app, send_test(&admin.ctx, "acme").await), Fault::Conflict { .. }));
    assert_eq!(fault(&app, inspect(&app.with_link("https://x/?token=unknown")).await), Fault::NotFound);
    assert_eq!(app.audit().await.iter().filter(|(_, action)| action == "report.unsubscribed").count(), 2);
    app.assert_audit_verifies().await;
}

#[both]
async fn nothing_of_an_organizations_reports_outlives_it(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = reporting(&app, "daily").await;
    let org = app.org_id(&admin, "acme").await;
    let ada = app.person("ada@acme.example", false).await;
    app.add_member(org, &ada, Role::Member, MemberState::Active).await;
    see(&app, &ada).await;
    assert_eq!(wait_and_send(&app, 20).await.len(), 2);
    let tables = ["mail", "member_day", "report", "report_recipient"];
    assert_eq!(app.count_rows(&tables).await, 6);
    let plan = service::org::preview_deletion(&admin.ctx, "acme").await.unwrap();
    service::org::delete(&admin.ctx, "acme", &plan.token, "acme").await.unwrap();
    app.run_jobs().await;
    assert_eq!(app.count_rows(&tables).await, 0);
}

#[both]
async fn days_that_no_report_asks_for_are_forgotten(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = reporting(&app, "daily").await;
    let org = app.org_id(&admin, "acme").await;
    let ada = app.person("ada@acme.example", false).await;
    app.add_member(org, &ada, Role::Member, MemberState::Active).await;
    see(&app, &ada).await;
    app.advance(Span::days(20));
    see(&app, &ada).await;
    assert_eq!(app.count_rows(&["member_day"]).await, 2);
    app.advance(Span::days(55));
    let cookies = app.sign_in(&ada.email).await.unwrap();
    service::org::load(&app.request(cookies), "acme").await.unwrap();
    job::write_down_use(&app.services).await.unwrap();
    assert_eq!(app.count_rows(&["member_day"]).await, 2);
}

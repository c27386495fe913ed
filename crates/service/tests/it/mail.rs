use domain::Fault;
use domain::mail::{MailState, MailsQuery};
use domain::time::Span;
use service::mail::{list, load, load_list, retry, reveal, send_test};
use service::ports::MailError;
use testapp::{TestApp, fault};
use testkit::{TestDb, both};

/// Lets every pause between two attempts pass, this many times.
async fn run_attempts(app: &TestApp, attempts: usize) {
    for _ in 0..attempts {
        app.run_jobs().await;
        app.advance(Span::from_seconds(600));
    }
}

#[both]
async fn a_mail_is_sent_once_and_nothing_of_it_stays(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let row = send_test(&admin.ctx).await.unwrap();
    assert_eq!((row.state, row.to.as_str()), (MailState::Queued, admin.email.as_str()));
    let page = load(&admin.ctx, &row.id.to_string()).await.unwrap();
    assert!(page.text.unwrap().contains("shows that mail arrives"));
    run_attempts(&app, 3).await;
    let sent = app.mail.all();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].message_id, format!("{}@localhost", row.id));
    assert!(sent[0].text.contains("You get this mail because") && sent[0].html.contains("<!doctype html>"));
    let page = load(&admin.ctx, &row.id.to_string()).await.unwrap();
    assert_eq!((page.mail.state, page.text, page.mail.attempts), (MailState::Sent, None, 1));
    assert!(page.mail.sent_at.is_some());
    assert!(matches!(fault(&app, retry(&admin.ctx, &row.id.to_string()).await), Fault::Conflict { .. }));
    assert!(matches!(fault(&app, reveal(&admin.ctx, &row.id.to_string()).await), Fault::Conflict { .. }));
    app.assert_audit_verifies().await;
}

#[both]
async fn what_may_pass_is_tried_again_and_a_refusal_is_not(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.mail.fail(Some(MailError::Temporary("The server is away.".into())));
    let row = send_test(&admin.ctx).await.unwrap();
    run_attempts(&app, 2).await;
    let page = load(&admin.ctx, &row.id.to_string()).await.unwrap();
    assert_eq!((page.mail.state, page.mail.attempts), (MailState::Queued, 2));
    assert_eq!(page.mail.last_error.as_deref(), Some("The server is away."));
    app.mail.fail(None);
    run_attempts(&app, 1).await;
    assert_eq!(app.mail.all().len(), 1);

    app.mail.fail(Some(MailError::Permanent("No such mailbox.".into())));
    let refused = send_test(&admin.ctx).await.unwrap().id.to_string();
    run_attempts(&app, 3).await;
    let page = load(&admin.ctx, &refused).await.unwrap();
    assert_eq!((page.mail.state, page.mail.attempts), (MailState::Failed, 1));
    app.mail.fail(None);
    assert_eq!(retry(&admin.ctx, &refused).await.unwrap().state, MailState::Queued);
    assert_eq!(retry(&admin.ctx, &refused).await.unwrap().state, MailState::Queued, "what waits needs no hurry");
    run_attempts(&app, 2).await;
    assert_eq!(app.mail.all().len(), 2);

    app.mail.fail(Some(MailError::Temporary("The server is away.".into())));
    let lost = send_test(&admin.ctx).await.unwrap().id.to_string();
    run_attempts(&app, 30).await;
    let page = load(&admin.ctx, &lost).await.unwrap();
    assert_eq!((page.mail.state, page.mail.attempts), (MailState::Failed, 25), "some time a person has to look");
}

#[both]
async fn a_killed_worker_neither_loses_a_mail_nor_makes_another_of_it(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    for n in 1..=2 {
        let row = send_test(&admin.ctx).await.unwrap();
        assert!(app.run_jobs_killed_at(n).await);
        app.advance(Span::from_seconds(61));
        app.run_jobs().await;
        assert_eq!(load(&admin.ctx, &row.id.to_string()).await.unwrap().mail.state, MailState::Sent);
        // A copy is known by its id.
        let ids: Vec<String> = app.mail.all().into_iter().map(|mail| mail.message_id).collect();
        let own = format!("{}@localhost", row.id);
        assert!(ids.contains(&own), "{n}: {ids:?}");
        app.run_jobs().await;
        assert_eq!(app.mail.all().len(), ids.len());
    }
}

#[both]
async fn without_a_mail_server_mail_is_kept_for_its_reader_alone(db: TestDb) {
    let app = TestApp::without_mailer(db).await;
    let admin = app.administrator().await;
    let other = app.person("other@platform.example", true).await;
    let row = send_test(&admin.ctx).await.unwrap();
    let id = row.id.to_string();
    assert_eq!(row.state, MailState::Kept);
    assert_eq!(app.run_jobs().await, 0);
    let page = load(&admin.ctx, &id).await.unwrap();
    assert!(!page.is_configured && !page.is_anothers && page.text.is_some());
    assert!(matches!(fault(&app, retry(&admin.ctx, &id).await), Fault::Conflict { .. }));
    assert!(reveal(&admin.ctx, &id).await.unwrap().contains("shows that mail arrives"));
    assert_eq!(app.audit().await.iter().filter(|(_, action)| action == "mail.revealed").count(), 1);

    assert!(load(&other.ctx, &id).await.unwrap().is_anothers);
    assert!(matches!(fault(&app, reveal(&other.ctx, &id).await), Fault::Forbidden { .. }));
    assert_eq!(app.audit().await.iter().filter(|(_, action)| action == "mail.revealed").count(), 1);
    app.assert_audit_verifies().await;
}

#[both]
async fn mails_are_listed_by_state_and_page(db: TestDb) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        app.advance(Span::from_seconds(1));
        ids.push(send_test(&admin.ctx).await.unwrap().id);
    }
    app.run_jobs().await;
    app.mail.fail(Some(MailError::Permanent("No.".into())));
    app.advance(Span::from_seconds(1));
    ids.push(send_test(&admin.ctx).await.unwrap().id);
    app.run_jobs().await;
    let listed = |rows: Vec<domain::mail::MailRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    let page = load_list(&admin.ctx, MailsQuery::default()).await.unwrap();
    assert!(page.is_configured && !page.more);
    ids.reverse();
    assert_eq!(listed(page.rows), ids);
    let (rows, more) = list(&admin.ctx, &MailsQuery { state: Some(MailState::Sent), before: None }, 2).await.unwrap();
    assert!(more);
    let before = rows.last().map(|row| row.id);
    assert_eq!(listed(rows), ids[1..3]);
    let (rows, more) = list(&admin.ctx, &MailsQuery { state: Some(MailState::Sent), before }, 2).await.unwrap();
    assert_eq!((listed(rows), more), (ids[3..].to_vec(), false));

    let somebody = app.person("o@acme.example", false).await;
    assert_eq!(fault(&app, load_list(&somebody.ctx, MailsQuery::default()).await), Fault::NotFound);
    assert_eq!(fault(&app, send_test(&somebody.ctx).await), Fault::NotFound);
    assert_eq!(fault(&app, load(&admin.ctx, "nonsense").await), Fault::NotFound);
}

#[both]
async fn kept_mail_is_sealed_and_gets_a_new_key(db: TestDb) {
    let app = TestApp::without_mailer(db).await;
    let admin = app.administrator().await;
    let id = send_test(&admin.ctx).await.unwrap().id.to_string();
    app.keys.lock().unwrap().insert(0, service::vault::MasterKey::new([2; 32]));
    assert_eq!(service::keys::rotate(&app.system()).await.unwrap(), 1);
    app.keys.lock().unwrap().pop();
    assert!(load(&admin.ctx, &id).await.unwrap().text.is_some());
}

use domain::Fault;
use domain::audit_stream::{BATCH_MAX, StreamDone, StreamView};
use domain::people::{MemberState, Role};
use domain::time::Span;
use service::audit_stream::{find, remove, rotate, send_test, set, set_paused};
use service::org::Base;
use service::{Ctx, audit};
use storage::audit_stream::LEASE;
use testapp::{Delivered, Person, TestApp, fault};
use testkit::{TestDb, both};

const URL: &str = "https://siem.example/in?key=hunter2";

/// An organization whose log is streamed; answers the secret as well.
async fn streaming(app: &TestApp) -> (Person, String) {
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let StreamDone::Started { secret } = set(&admin.ctx, "acme", None, URL).await.unwrap() else {
        panic!("a stream was expected to start")
    };
    (admin, secret)
}

/// Logs this many entries.
async fn log(ctx: &Ctx, count: i64) {
    for _ in 0..count {
        audit::begin_export(ctx, "acme", audit::ExportFormat::Csv).await.unwrap();
    }
}

async fn view(ctx: &Ctx) -> StreamView {
    find(ctx, "acme").await.unwrap()
}

/// Numbers of the entries that a delivery holds.
fn numbers(delivered: &Delivered) -> Vec<i64> {
    let body: serde_json::Value = serde_json::from_str(&delivered.body).unwrap();
    assert_eq!(body["type"], "audit.entries");
    let entries = body["data"]["entries"].as_array().unwrap();
    let numbers: Vec<i64> = entries.iter().map(|entry| entry["entry"]["seq"].as_i64().unwrap()).collect();
    let ends = [&body["data"]["first"], &body["data"]["last"]].map(|end| end.as_i64());
    assert_eq!(ends, [numbers.first().copied(), numbers.last().copied()]);
    numbers
}

#[both]
async fn entries_arrive_in_order_and_say_what_they_are(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, secret) = streaming(&app).await;
    let first = view(&admin.ctx).await;
    assert_eq!((first.waiting, first.delivered_at, first.version), (1, None, 1), "the entry that says so is the first");
    log(&admin.ctx, BATCH_MAX + 1).await;
    assert_eq!(app.deliver().await, 2);
    let sent = app.providers.deliveries();
    let all: Vec<i64> = sent.iter().flat_map(numbers).collect();
    assert_eq!(all, (first.delivered + 1..=first.delivered + BATCH_MAX + 2).collect::<Vec<_>>());
    assert!(sent.iter().all(|one| one.url == URL && one.secret == secret), "{secret}");
    assert_ne!(sent[0].key, sent[1].key);
    let body: serde_json::Value = serde_json::from_str(&sent[0].body).unwrap();
    let entry = &body["data"]["entries"][0];
    assert_eq!((&entry["who"], &entry["entry"]["action"]), (&"admin".into(), &"audit_stream.set".into()));
    assert!(!sent[0].body.contains("hunter2"), "the log names the address without what may be a secret");
    let after = view(&admin.ctx).await;
    assert_eq!((after.waiting, after.delivered, after.trouble), (0, *all.last().unwrap(), None));
    assert_eq!(after.delivered_at, Some(app.clock.now()));
    assert_eq!(app.deliver().await, 0);
    app.assert_audit_verifies().await;
}

#[both]
async fn what_failed_is_tried_again_as_it_was(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, _) = streaming(&app).await;
    app.providers.fail(URL, Some("The receiver answered with HTTP status 503."));
    assert_eq!(app.deliver().await, 1);
    let trouble = view(&admin.ctx).await.trouble.unwrap();
    assert_eq!((trouble.error.as_str(), trouble.attempts), ("The receiver answered with HTTP status 503.", 1));
    assert_eq!(trouble.next_at, app.clock.now().plus(Span::from_seconds(2)));
    log(&admin.ctx, 1).await;
    assert_eq!(app.deliver().await, 0, "it isn't time yet");
    app.advance(Span::from_seconds(2));
    assert_eq!(app.deliver().await, 1);
    assert_eq!(view(&admin.ctx).await.trouble.unwrap().attempts, 2);
    app.advance(Span::from_seconds(4));
    app.providers.fail(URL, None);
    assert_eq!(app.deliver().await, 2, "and what was logged since");
    let sent = app.providers.deliveries();
    assert!(sent[0] == sent[1] && sent[1] == sent[2], "{sent:?}");
    assert_eq!(numbers(&sent[3]), [numbers(&sent[0])[0] + 1]);
    assert_eq!(view(&admin.ctx).await.trouble, None);
}

#[both]
async fn whoever_is_killed_before_noting_an_arrival_sends_the_same_again(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, _) = streaming(&app).await;
    assert!(app.deliver_killed_at(1).await);
    assert_eq!(app.providers.deliveries(), []);
    assert!(app.deliver_killed_at(2).await);
    log(&admin.ctx, 1).await;
    assert_eq!(app.deliver().await, 0, "the dead one holds it still");
    app.advance(LEASE);
    assert_eq!(app.deliver().await, 2);
    let sent = app.providers.deliveries();
    assert_eq!(sent.len(), 3);
    assert_eq!(sent[0], sent[1]);
    assert_eq!(view(&admin.ctx).await.waiting, 0);
}

#[both]
async fn deliverers_at_once_send_each_batch_once(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, _) = streaming(&app).await;
    log(&admin.ctx, BATCH_MAX * 2).await;
    tokio::join!(app.deliver(), app.deliver(), app.deliver());
    let all: Vec<i64> = app.providers.deliveries().iter().flat_map(numbers).collect();
    assert_eq!(all, (all[0]..=all[0] + BATCH_MAX * 2).collect::<Vec<_>>());
    assert_eq!(view(&admin.ctx).await.waiting, 0);
}

#[both]
async fn a_stream_is_moved_paused_tested_and_turned_off(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, secret) = streaming(&app).await;
    let ctx = &admin.ctx;
    assert!(matches!(fault(&app, set(ctx, "acme", None, URL).await), Fault::Stale { version: 1, .. }), "there is one");
    set_paused(ctx, "acme", true).await.unwrap();
    set_paused(ctx, "acme", true).await.unwrap();
    assert_eq!(app.deliver().await, 0);
    let stale = set(ctx, "acme", Some(Base::Version(1)), "https://other.example").await;
    assert!(matches!(fault(&app, stale), Fault::Stale { version: 2, .. }));
    let other = "https://other.example/in";
    assert_eq!(set(ctx, "acme", Some(Base::Version(2)), other).await.unwrap(), StreamDone::Moved);
    assert_eq!(set(ctx, "acme", Some(Base::Current), other).await.unwrap(), StreamDone::Moved, "nothing changes");
    app.providers.fail(other, Some("No answer."));
    assert_eq!(send_test(ctx, "acme").await.unwrap().as_deref(), Some("No answer."));
    app.providers.fail(other, None);
    let next = rotate(ctx, "acme").await.unwrap();
    assert!(next.starts_with("whsec_") && next != secret);
    assert_eq!(send_test(ctx, "acme").await.unwrap(), None);
    let tests = app.providers.deliveries();
    assert!(tests.iter().all(|test| test.body.contains("\"audit.test\"") && test.url == other));
    assert!(tests[0].key != tests[1].key && tests[0].secret == secret && tests[1].secret == next);

    assert_eq!(app.deliver().await, 0, "a test resumes nothing");
    set_paused(ctx, "acme", false).await.unwrap();
    assert_eq!(view(ctx).await.version, 5);
    assert_eq!(app.deliver().await, 1);
    let delivered = view(ctx).await.delivered;
    remove(ctx, "acme").await.unwrap();
    assert_eq!(fault(&app, find(ctx, "acme").await), Fault::NotFound);
    assert_eq!(fault(&app, remove(ctx, "acme").await), Fault::NotFound);
    assert_eq!(fault(&app, set(ctx, "acme", Some(Base::Current), URL).await), Fault::NotFound);
    assert_eq!(app.deliver().await, 0);
    let actions: Vec<String> = app.audit().await.into_iter().map(|(_, action)| action).collect();
    let stream: Vec<&str> = actions.iter().filter_map(|action| action.strip_prefix("audit_stream.")).collect();
    let expected = ["set", "paused", "set", "tested", "secret_rotated", "tested", "resumed", "removed"];
    assert_eq!(stream, expected);
    let rows = audit::load(ctx, "acme", domain::audit::AuditQuery::default()).await.unwrap().rows;
    let facts = [("Address", "https://other.example".to_owned()), ("Delivered up to entry", delivered.to_string())];
    assert_eq!(rows[0].details, facts.map(|(name, value)| (name.to_owned(), value)));
    app.assert_audit_verifies().await;
}

#[both]
async fn owners_have_it_and_others_dont_see_it(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, _) = streaming(&app).await;
    let (owner, member) = (app.person("o@acme.example", false).await, app.person("m@acme.example", false).await);
    let org = app.org_id(&admin, "acme").await;
    app.add_member(org, &owner, Role::Owner, MemberState::Active).await;
    app.add_member(org, &member, Role::Member, MemberState::Active).await;
    let page = |ctx: Ctx| async move { audit::load(&ctx, "acme", domain::audit::AuditQuery::default()).await };
    assert_eq!(page(owner.ctx.clone()).await.unwrap().stream.unwrap().stream.unwrap().url, URL);
    assert!(matches!(fault(&app, find(&member.ctx, "acme").await), Fault::Forbidden { .. }));
    let partner = app.person("p@partner.example", false).await;
    app.org(&admin, "partner").await;
    service::bootstrap::take_ownership(&admin.ctx, "partner").await.unwrap();
    app.make_partner(&admin, "partner").await;
    let over = app.org_id(&admin, "partner").await;
    app.add_member(over, &partner, Role::Owner, MemberState::Active).await;
    app.manage(org, over).await;
    assert_eq!(page(partner.ctx.clone()).await.unwrap().stream, None, "a partner reads the log alone");
    assert!(matches!(fault(&app, send_test(&partner.ctx, "acme").await), Fault::Forbidden { .. }));
}

#[both]
async fn its_secret_is_sealed_and_outlives_a_rotation(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, secret) = streaming(&app).await;
    app.keys.lock().unwrap().insert(0, service::vault::MasterKey::new([2; 32]));
    assert_eq!(service::keys::rotate(&app.system()).await.unwrap(), 1);
    let old = app.keys.lock().unwrap().pop().unwrap();
    app.deliver().await;
    assert_eq!(app.providers.deliveries()[0].secret, secret);
    // A key that is missing may come back.
    let current = std::mem::replace(&mut app.keys.lock().unwrap()[0], old);
    log(&admin.ctx, 1).await;
    app.deliver().await;
    let error = view(&admin.ctx).await.trouble.unwrap().error;
    assert!(error.starts_with("The secret can't be read"), "{error}");
    app.keys.lock().unwrap()[0] = current;
    app.advance(Span::from_seconds(2));
    app.deliver().await;
    assert_eq!(view(&admin.ctx).await.waiting, 0);
}

#[both]
async fn a_batch_that_comes_again_shows_nothing_of_who_was_erased_since(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, _) = streaming(&app).await;
    app.deliver().await;
    let eve = app.person("Eve@platform.example", true).await;
    log(&eve.ctx, 1).await;
    app.providers.fail(URL, Some("No answer."));
    app.deliver().await;
    service::people::erase(&admin.ctx, &eve.id.to_string()).await.unwrap();
    app.run_jobs().await;
    app.advance(Span::from_seconds(2));
    app.providers.fail(URL, None);
    app.deliver().await;
    let sent = app.providers.deliveries();
    assert!(sent[1].key == sent[2].key && numbers(&sent[1]) == numbers(&sent[2]));
    assert!(sent[1].body.contains("\"who\":\"Eve\"") && !sent[2].body.contains("Eve"), "{}", sent[2].body);
}

#[both]
async fn a_reset_leaves_it_and_the_organizations_end_ends_it(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, _) = streaming(&app).await;
    let plan = service::auth_policy::preview_reset(&admin.ctx, "acme", false).await.unwrap();
    service::auth_policy::reset(&admin.ctx, "acme", &plan.token, false).await.unwrap();
    assert_eq!(app.deliver().await, 1);
    let plan = service::org::preview_deletion(&admin.ctx, "acme").await.unwrap();
    service::org::delete(&admin.ctx, "acme", &plan.token, "acme").await.unwrap();
    let refused = set(&admin.ctx, "acme", Some(Base::Current), "https://other.example").await;
    assert!(matches!(fault(&app, refused), Fault::Conflict { .. }), "it takes no change any more");
    assert_eq!(app.deliver().await, 1, "its own deletion is told");
    log_arrives_no_more(&app).await;
}

async fn log_arrives_no_more(app: &TestApp) {
    let before = app.providers.deliveries().len();
    app.run_jobs().await;
    assert_eq!(app.count_rows(&["audit_stream"]).await, 0);
    assert_eq!(app.deliver().await, 0);
    assert_eq!(app.providers.deliveries().len(), before);
    app.assert_audit_verifies().await;
}

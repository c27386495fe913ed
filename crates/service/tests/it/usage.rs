use std::collections::{BTreeMap, BTreeSet};

use domain::Fault;
use domain::authz::cap::UsageRead;
use domain::people::{MemberState, Role};
use domain::time::Span;
use domain::token::{TokenForm, TokenHolder};
use domain::usage::page::UsageQuery;
use domain::usage::{
    Aggregation, Cell, CustomMeter, Day, Dimension, Forecast, LimitForm, MeterKey, Outcome, RefusalKind, UsageEvent,
};
use domain::workspace::{WorkspaceAct, WorkspacesQuery};
use serde_json::{Value, json};
use service::Ctx;
use service::org::Base;
use service::usage::{check_changed, count_users, ingest, load, look, rebuild, rehearse, set_limit, test_limit};
use storage::Audit;
use storage::authz::{Actor, Granted, Target};
use testapp::{Person, TestApp, fault};
use testkit::{TestDb, both};

/// An organization with workspaces, by id.
async fn acme(app: &TestApp, workspaces: usize) -> (Person, Vec<String>) {
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let mut ids = Vec::new();
    for n in 0..workspaces {
        ids.push(service::workspace::create(&admin.ctx, "acme", &format!("w{n}")).await.unwrap().id.to_string());
    }
    (admin, ids)
}

async fn meter(app: &TestApp, admin: &Person) -> Ctx {
    let form = TokenForm { name: "metering".into(), lifetime: "never".into(), ..TokenForm::default() };
    app.with_token(service::token::create(&admin.ctx, &TokenHolder::Meter, &form).await.unwrap().1)
}

fn event(app: &TestApp, id: &str, meter: &str, workspace: &str, ago: Span, quantity: i64) -> Value {
    json!({
        "specversion": "1.0", "source": "/tests", "id": id, "type": meter, "subject": workspace,
        "time": app.clock.now().minus(ago).to_string(), "data": {"quantity": quantity},
    })
}

const NOW: Span = Span::from_seconds(0);

/// Every total of the organization as (meter, days ago, value).
async fn totals(app: &TestApp) -> Vec<(String, i64, i64)> {
    let now = app.clock.now();
    let mut tx = app.db.read().await.unwrap();
    let grant: Granted<UsageRead> = tx.authorize(&Actor::System, Target::Handle("acme"), now).await.unwrap();
    let (first, last) = (Day::from_number(0), Day::of(now).plus(1));
    let days = storage::usage_read::totals(&mut tx, &grant, first, last).await.unwrap();
    days.into_iter().map(|(meter, day, value)| (meter.to_string(), Day::of(now).since(day), value)).collect()
}

fn row(meter: &str, ago: i64, value: i64) -> (String, i64, i64) {
    (meter.to_owned(), ago, value)
}

#[both]
async fn events_count_once_each_and_on_their_day(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, w) = acme(&app, 2).await;
    let meter = meter(&app, &admin).await;
    let batch = [
        event(&app, "1", "db_execution_ms", &w[0], NOW, 100),
        event(&app, "2", "db_execution_ms", &w[1], NOW, 20),
        event(&app, "3", "db_execution_ms", &w[0], Span::days(34), 5),
        event(&app, "4", "db_volume_bytes", &w[0], Span::hours(1), 700),
        event(&app, "5", "db_volume_bytes", &w[0], Span::hours(2), 900),
        // The same again, and another under a known name.
        event(&app, "1", "db_execution_ms", &w[0], NOW, 100),
        event(&app, "2", "db_execution_ms", &w[1], NOW, 21),
    ];
    let replayed = |differs| Outcome::Replayed { differs };
    let accepted = Outcome::Accepted;
    let first = ingest(&meter, &batch).await.unwrap();
    assert_eq!(first[..5], [const { Outcome::Accepted }; 5]);
    assert_eq!(first[5..], [replayed(false), replayed(true)]);
    let expected = [row("db_execution_ms", 34, 5), row("db_execution_ms", 0, 120), row("db_volume_bytes", 0, 700)];
    assert_eq!(totals(&app).await, expected);

    let again = ingest(&meter, &batch).await.unwrap();
    assert_eq!(again[..6], [const { Outcome::Replayed { differs: false } }; 6]);
    assert_eq!(again[6], replayed(true));
    assert_eq!(totals(&app).await, expected);
    // A correction, and a later reading.
    let more = [
        event(&app, "6", "db_execution_ms", &w[0], Span::days(34), -2),
        event(&app, "7", "db_volume_bytes", &w[0], NOW, 10),
        event(&app, "8", "db_volume_bytes", &w[1], NOW, 1),
    ];
    assert_eq!(ingest(&meter, &more).await.unwrap(), [accepted.clone(), accepted.clone(), accepted]);
    let expected = [row("db_execution_ms", 34, 3), row("db_execution_ms", 0, 120), row("db_volume_bytes", 0, 11)];
    assert_eq!(totals(&app).await, expected);
    app.assert_audit_verifies().await;
}

#[both]
async fn what_is_refused_says_why_and_keeps_nothing_else_out(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, w) = acme(&app, 1).await;
    let meter = meter(&app, &admin).await;
    app.org(&admin, "gone").await;
    let lost = service::workspace::create(&admin.ctx, "gone", "w").await.unwrap().id.to_string();
    let plan = service::org::preview_deletion(&admin.ctx, "gone").await.unwrap();
    service::org::delete(&admin.ctx, "gone", &plan.token, "gone").await.unwrap();
    let batch = [
        event(&app, "1", "gpu_hours", &w[0], NOW, 1),
        event(&app, "2", "user_count", &w[0], NOW, 1),
        event(&app, "3", "db_execution_ms", "01890000-0000-7000-8000-000000000000", NOW, 1),
        event(&app, "4", "db_execution_ms", &lost, NOW, 1),
        event(&app, "5", "db_execution_ms", &w[0], Span::days(36), 1),
        event(&app, "6", "db_execution_ms", &w[0], Span::hours(-1), 1),
        event(&app, "7", "db_volume_bytes", &w[0], NOW, -1),
        json!("nonsense"),
        event(&app, "8", "db_execution_ms", &w[0], NOW, 7),
    ];
    let outcomes = ingest(&meter, &batch).await.unwrap();
    let refused: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Refused(refusal) => Some((refusal.kind, refusal.pointer)),
            _ => None,
        })
        .collect();
    use RefusalKind as K;
    assert_eq!(
        refused,
        [
            (K::UnknownMeter, "/type"),
            (K::UnknownMeter, "/type"),
            (K::UnknownWorkspace, "/subject"),
            (K::OrganizationClosed, "/subject"),
            (K::TooOld, "/time"),
            (K::InTheFuture, "/time"),
            (K::Malformed, "/data/quantity"),
            (K::Malformed, ""),
        ]
    );
    assert_eq!(outcomes[8], Outcome::Accepted);
    assert_eq!(totals(&app).await, [row("db_execution_ms", 0, 7)]);
    // What was refused may come again under its name, once it is mended.
    let mended = event(&app, "6", "db_execution_ms", &w[0], NOW, 1);
    assert_eq!(ingest(&meter, &[mended]).await.unwrap(), [Outcome::Accepted]);
    let many = vec![json!({}); 1001];
    assert!(matches!(fault(&app, ingest(&meter, &many).await), Fault::Invalid { .. }));
    let olga = app.person("olga@acme.example", false).await;
    assert_eq!(fault(&app, ingest(&olga.ctx, &[]).await), Fault::NotFound);
}

/// A custom meter of each kind.
async fn custom_meters(app: &TestApp) {
    let now = app.clock.now();
    let mut tx = app.write().await;
    let grant = tx.authorize(&Actor::System, Target::None, now).await.unwrap();
    for aggregation in Aggregation::ALL {
        let meter = CustomMeter {
            key: MeterKey::parse(aggregation.name()).unwrap(),
            label: aggregation.name().into(),
            unit: "piece".into(),
            aggregation,
            prices: BTreeMap::new(),
            archived: false,
            version: 1,
            created_at: now,
        };
        assert!(storage::meter::insert(&mut tx, &grant, &meter).await.unwrap());
    }
    tx.commit(Audit::none("arranged by a test")).await.unwrap();
}

/// What the events come to, reckoned in the plainest way.
fn expected(events: &[Value], app: &TestApp) -> Vec<(String, i64, i64)> {
    let (mut cells, mut keys) = (BTreeMap::<_, Cell>::new(), BTreeSet::new());
    for event in events {
        let event: UsageEvent = domain::usage::event::read(event, app.clock.now()).unwrap();
        let aggregation = Aggregation::from_name(event.meter.as_str()).unwrap();
        let place = (event.meter.to_string(), event.day(), event.workspace);
        let is_new = keys.insert((place.clone(), event.key.clone()));
        cells.entry(place).or_default().add(aggregation, &event, is_new).unwrap();
    }
    let mut totals = BTreeMap::<_, i64>::new();
    for ((meter, day, _), cell) in cells {
        *totals.entry((meter, day)).or_default() += cell.value;
    }
    let today = Day::of(app.clock.now());
    totals.into_iter().map(|((meter, day), value)| (meter, today.since(day), value)).collect()
}

#[both]
async fn any_order_any_batches_and_any_repetition_come_to_the_same(db: TestDb) {
    let app = TestApp::new(db).await;
    let (_, w) = acme(&app, 3).await;
    custom_meters(&app).await;
    let below = |n: usize| usize::try_from(u32::from_le_bytes(app.random())).unwrap() % n;
    let all: Vec<Value> = (0..200)
        .map(|id| {
            let meter = Aggregation::ALL[below(4)].name();
            let ago = Span::hours(i64::try_from(below(72)).unwrap());
            let quantity = i64::try_from(below(100)).unwrap();
            let mut event = event(&app, &id.to_string(), meter, &w[below(3)], ago, quantity);
            event["data"]["key"] = json!(format!("k{}", below(5)));
            event
        })
        .collect();
    // Four senders at once, each with all of it in an order of its own, some of it twice.
    let senders = (0..4).map(|_| {
        let mut told: Vec<Value> = all.iter().cloned().chain((0..50).map(|_| all[below(200)].clone())).collect();
        for n in (1..told.len()).rev() {
            told.swap(n, below(n + 1));
        }
        let sizes: Vec<usize> = (0..told.len()).map(|_| 1 + below(40)).collect();
        let ctx = app.system();
        tokio::spawn(async move {
            let (mut rest, mut accepted) = (told.as_slice(), 0);
            for size in sizes {
                let (batch, later) = rest.split_at(size.min(rest.len()));
                let outcomes = loop {
                    match ingest(&ctx, batch).await {
                        Err(service::Error::Storage(storage::Error::Busy)) => {}
                        other => break other.unwrap(),
                    }
                };
                accepted += outcomes.iter().filter(|outcome| **outcome == Outcome::Accepted).count();
                rest = later;
            }
            accepted
        })
    });
    let mut accepted = 0;
    for sender in senders.collect::<Vec<_>>() {
        accepted += sender.await.unwrap();
    }
    assert_eq!(accepted, 200);
    let right = expected(&all, &app);
    assert_eq!(totals(&app).await, right);
    let rebuilt = rebuild(&app.system(), None).await.unwrap();
    assert_eq!((rebuilt.organizations, rebuilt.mended), (1, 0));
    assert!((3..=4).contains(&rebuilt.days), "{rebuilt:?}");

    app.db.tamper("UPDATE usage_day SET value = value + 1 WHERE meter = 'sum'").await;
    app.db.tamper("DELETE FROM usage_total WHERE meter = 'max'").await;
    app.db.tamper("DELETE FROM usage_key WHERE key = 'k1'").await;
    assert!(rebuild(&app.system(), Some("acme")).await.unwrap().mended > 3);
    assert_eq!(totals(&app).await, right);
    assert_eq!(rebuild(&app.system(), Some("acme")).await.unwrap().mended, 0);
}

#[both]
async fn members_are_counted_each_day_at_their_most(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, _) = acme(&app, 0).await;
    let org = app.org_id(&admin, "acme").await;
    let [olga, mia, eva] = [
        app.person("olga@acme.example", false).await,
        app.person("mia@acme.example", false).await,
        app.person("eva@elsewhere.example", false).await,
    ];
    let count = async || {
        count_users(&app.services).await.unwrap();
        totals(&app).await.last().cloned()
    };
    assert_eq!(count().await, Some(row("user_count", 0, 0)));
    app.add_member(org, &olga, Role::Owner, MemberState::Active).await;
    app.add_member(org, &mia, Role::Member, MemberState::Frozen).await;
    app.add_member(org, &eva, Role::External, MemberState::Active).await;
    assert_eq!(count().await, Some(row("user_count", 0, 2)));
    app.db.tamper("UPDATE member SET state = 'revoked' WHERE role = 'member'").await;
    assert_eq!(count().await, Some(row("user_count", 0, 2)), "the most of the day");
    app.advance(Span::days(1));
    assert_eq!(count().await, Some(row("user_count", 0, 1)));
    assert_eq!(totals(&app).await.len(), 2);
    assert_eq!(rebuild(&app.system(), None).await.unwrap().mended, 0);
}

async fn set(admin: &Person, dimension: Dimension, value: &str, action: &str) -> Result<i64, service::Error> {
    let page = load(&admin.ctx, "acme", UsageQuery::default()).await.unwrap();
    let version = page.limits.iter().find(|view| view.dimension == dimension).unwrap().version;
    let form = LimitForm { value: value.into(), action: action.into() };
    set_limit(&admin.ctx, "acme", dimension, Base::Version(version), &form).await
}

async fn olga(app: &TestApp, admin: &Person) -> Person {
    let olga = app.person("olga@acme.example", false).await;
    app.add_member(app.org_id(admin, "acme").await, &olga, Role::Owner, MemberState::Active).await;
    olga
}

/// Everything that follows from what was told and set.
async fn settle(app: &TestApp) {
    look(&app.services).await.unwrap();
    check_changed(&app.services).await.unwrap();
    app.run_jobs().await;
}

/// Subjects of warnings, oldest first.
fn warnings(app: &TestApp) -> Vec<String> {
    app.mail.all().into_iter().map(|mail| mail.subject).collect()
}

async fn compute(app: &TestApp, id: &str, workspace: &str, minutes: i64) {
    let event = event(app, id, "db_execution_ms", workspace, NOW, minutes * 60_000);
    assert_eq!(ingest(&app.system(), &[event]).await.unwrap(), [Outcome::Accepted]);
}

#[both]
async fn each_step_is_mailed_once_a_cycle(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, w) = acme(&app, 1).await;
    assert!(matches!(fault(&app, test_limit(&admin.ctx, "acme", Dimension::Compute).await), Fault::Conflict { .. }));
    set(&admin, Dimension::Compute, "100", "warn").await.unwrap();
    let nobody = fault(&app, test_limit(&admin.ctx, "acme", Dimension::Compute).await);
    assert!(nobody.to_string().contains("Nobody owns"), "{nobody}");
    olga(&app, &admin).await;
    compute(&app, "1", &w[0], 74).await;
    settle(&app).await;
    assert_eq!(warnings(&app), Vec::<String>::new());
    let subject = |percent| format!("Compute of The acme is at {percent} % of its limit");
    compute(&app, "2", &w[0], 1).await;
    // Many that look at once, as processes do.
    let others = [app.another_process(), app.another_process()];
    let (a, b, c) = tokio::join!(check_changed(&app.services), check_changed(&others[0]), check_changed(&others[1]));
    for looked in [a, b, c] {
        looked.unwrap();
    }
    settle(&app).await;
    assert_eq!(warnings(&app), [subject(75)]);
    // Several steps at once are one mail.
    compute(&app, "3", &w[0], 60).await;
    settle(&app).await;
    compute(&app, "4", &w[0], 1).await;
    settle(&app).await;
    assert_eq!(warnings(&app), [subject(75), subject(125)]);
    let page = load(&admin.ctx, "acme", UsageQuery::default()).await.unwrap();
    assert_eq!((page.limits[0].used, &page.limits[0].mailed[..]), (136 * 60_000, &[75, 100, 125][..]));
    assert_eq!(page.limits[0].forecast, Some(Forecast::Crossed));

    assert_eq!(test_limit(&admin.ctx, "acme", Dimension::Compute).await.unwrap(), 1);
    app.run_jobs().await;
    assert_eq!(warnings(&app).last().unwrap(), "Test: Compute of The acme is at 136 % of its limit");
    // A higher limit has steps of its own; the next month begins anew.
    set(&admin, Dimension::Compute, "170", "warn").await.unwrap();
    settle(&app).await;
    assert_eq!(warnings(&app)[3..], [subject(75)]);
    app.advance(Span::days(31));
    compute(&app, "5", &w[0], 130).await;
    settle(&app).await;
    assert_eq!(warnings(&app)[4..], [subject(75)]);
    app.assert_audit_verifies().await;
}

#[both]
async fn a_cap_stops_and_lets_go(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, w) = acme(&app, 3).await;
    olga(&app, &admin).await;
    service::workspace::change(&admin.ctx, "acme", &w[2], WorkspaceAct::Sleep).await.unwrap();
    let states = async || {
        let rows = service::workspace::list(&admin.ctx, "acme", &WorkspacesQuery::default(), 10).await.unwrap().0;
        rows.into_iter().map(|row| (row.name.to_string(), row.state.name())).collect::<Vec<_>>()
    };
    let row = |name: &str, state| (name.to_owned(), state);
    let before = [row("w0", "active"), row("w1", "active"), row("w2", "asleep")];
    let rehearsal = rehearse(&admin.ctx, "acme", Dimension::Compute).await.unwrap();
    assert_eq!((&rehearsal.sleep[..], rehearsal.asleep), (&["w0".to_owned(), "w1".to_owned()][..], 1));
    assert_eq!(rehearsal.told, ["olga"]);
    assert_eq!(states().await, before, "a rehearsal stops nothing");

    set(&admin, Dimension::Compute, "10", "cap").await.unwrap();
    compute(&app, "1", &w[0], 10).await;
    settle(&app).await;
    assert_eq!(states().await, [row("w0", "asleep"), row("w1", "asleep"), row("w2", "asleep")]);
    let wake = service::workspace::change(&admin.ctx, "acme", &w[1], WorkspaceAct::Wake).await;
    assert!(fault(&app, wake).to_string().contains("compute is capped"));
    service::workspace::create(&admin.ctx, "acme", "w3").await.unwrap();
    service::workspace::change(&admin.ctx, "acme", &w[1], WorkspaceAct::Archive).await.unwrap();
    service::workspace::change(&admin.ctx, "acme", &w[1], WorkspaceAct::Restore).await.unwrap();
    assert_eq!(states().await[3], row("w3", "asleep"));

    // Raised: what the cap had sleep wakes, and nothing else.
    set(&admin, Dimension::Compute, "20", "cap").await.unwrap();
    settle(&app).await;
    let woken = [row("w0", "active"), row("w1", "asleep"), row("w2", "asleep"), row("w3", "active")];
    assert_eq!(states().await, woken);
    // Capped again, until the cycle turns.
    compute(&app, "2", &w[0], 15).await;
    settle(&app).await;
    assert_eq!(states().await[0], row("w0", "asleep"));
    app.advance(Span::days(31));
    settle(&app).await;
    let actions: Vec<String> = app.audit().await.into_iter().map(|(_, action)| action).collect();
    let caps = [
        "usage.limit_changed",
        "usage.capped",
        "usage.limit_changed",
        "usage.cap_lifted",
        "usage.capped",
        "usage.cap_lifted",
    ];
    assert_eq!(actions.iter().filter(|action| action.starts_with("usage.")).collect::<Vec<_>>(), caps);
    let ctx = app.request(app.sign_in(&admin.email).await.unwrap());
    let rows = service::workspace::list(&ctx, "acme", &WorkspacesQuery::default(), 10).await.unwrap().0;
    assert_eq!(rows.iter().map(|row| row.state.name()).collect::<Vec<_>>(), ["active", "asleep", "asleep", "active"]);
    app.assert_audit_verifies().await;
}

#[both]
async fn capped_storage_takes_no_more_workspaces(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, w) = acme(&app, 1).await;
    set(&admin, Dimension::Storage, "1", "cap").await.unwrap();
    let volume = async |id: &str, bytes: i64| {
        let event = event(&app, id, "db_volume_bytes", &w[0], NOW, bytes);
        assert_eq!(ingest(&app.system(), &[event]).await.unwrap(), [Outcome::Accepted]);
        settle(&app).await;
    };
    volume("1", 1_000_000_000).await;
    let refused = fault(&app, service::workspace::create(&admin.ctx, "acme", "more").await);
    assert!(refused.to_string().contains("storage is capped"), "{refused}");
    // The next day's reading says that there is less.
    app.advance(Span::days(1));
    let ctx = app.request(app.sign_in(&admin.email).await.unwrap());
    volume("2", 999_999_999).await;
    assert!(service::workspace::create(&ctx, "acme", "more").await.is_ok());
}

#[both]
async fn limits_are_the_owners_and_not_saved_over(db: TestDb) {
    let app = TestApp::new(db).await;
    let (admin, _) = acme(&app, 0).await;
    let olga = olga(&app, &admin).await;
    let mia = app.person("mia@acme.example", false).await;
    app.add_member(app.org_id(&admin, "acme").await, &mia, Role::Member, MemberState::Active).await;
    let form = LimitForm { value: "5".into(), action: "warn".into() };
    let set = async |ctx: &Ctx, base| set_limit(ctx, "acme", Dimension::Users, base, &form).await;
    assert!(matches!(fault(&app, set(&mia.ctx, Base::Current).await), Fault::Forbidden { .. }));
    assert!(matches!(fault(&app, load(&mia.ctx, "acme", UsageQuery::default()).await), Fault::Forbidden { .. }));
    assert_eq!(set(&olga.ctx, Base::Version(0)).await.unwrap(), 1);
    assert_eq!(set(&olga.ctx, Base::Current).await.unwrap(), 1, "the same again is no change");
    assert!(matches!(fault(&app, set(&admin.ctx, Base::Version(0)).await), Fault::Stale { version: 1, .. }));
    let none = LimitForm::default();
    assert_eq!(set_limit(&olga.ctx, "acme", Dimension::Users, Base::Version(1), &none).await.unwrap(), 2);
    assert_eq!(load(&olga.ctx, "acme", UsageQuery::default()).await.unwrap().limits[2].limit, None);
    let wrong = LimitForm { value: "-1".into(), action: "warn".into() };
    let refused = set_limit(&olga.ctx, "acme", Dimension::Users, Base::Current, &wrong).await;
    assert_eq!(fault(&app, refused).field_errors()[0].field, "value");
}

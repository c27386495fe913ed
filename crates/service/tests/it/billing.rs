use std::sync::Arc;

use domain::Fault;
use domain::billing::page::{InvoicesQuery, SubscriptionState};
use domain::billing::{InvoiceState, PlanForm};
use domain::people::{MemberState, Role};
use domain::time::Span;
use domain::usage::Day;
use domain::usage::page::UsageQuery;
use domain::workspace::WorkspaceState;
use serde_json::{Value, json};
use service::Ctx;
use service::billing::{
    Received, agree, cancel, finish_card, load, load_all, load_card, mark_paid, read, receive, remind_due, remove,
    set_default, subscribe, turn_due, void, warn_trials,
};
use service::org::Base;
use service::ports::Payments;
use testapp::{MemoryPayments, Person, TestApp, fault};
use testkit::{TestDb, both};

fn team() -> PlanForm {
    PlanForm {
        key: "team".into(),
        name: "Team".into(),
        currency: "USD".into(),
        price: "49".into(),
        compute: "1000".into(),
        compute_price: "0.05".into(),
        buyer: "owners".into(),
        ..PlanForm::default()
    }
}

struct Acme {
    app: TestApp,
    admin: Person,
    olga: Person,
    workspace: String,
}

impl Acme {
    /// An organization with an owner and a workspace, and plans to buy.
    async fn new(db: TestDb) -> Self {
        Self::furnish(TestApp::new(db).await).await
    }

    async fn furnish(app: TestApp) -> Self {
        let admin = app.administrator().await;
        app.org(&admin, "acme").await;
        let olga = app.person("olga@acme.example", false).await;
        app.add_member(app.org_id(&admin, "acme").await, &olga, Role::Owner, MemberState::Active).await;
        let workspace = service::workspace::create(&olga.ctx, "acme", "w").await.unwrap().id.to_string();
        service::plan::create(&admin.ctx, &team()).await.unwrap();
        let trial = PlanForm { key: "trial".into(), name: "Trial".into(), trial_days: "14".into(), ..team() };
        service::plan::create(&admin.ctx, &trial).await.unwrap();
        let large = PlanForm { key: "large".into(), name: "Large".into(), price: "98".into(), ..team() };
        service::plan::create(&admin.ctx, &large).await.unwrap();
        Self { app, admin, olga, workspace }
    }

    /// As somebody who signed in just now.
    async fn ctx(&self, person: &Person) -> Ctx {
        self.app.request(self.app.sign_in(&person.email).await.unwrap())
    }

    /// Everything that the worker does by itself.
    async fn settle(&self) {
        turn_due(&self.app.services).await.unwrap();
        warn_trials(&self.app.services).await.unwrap();
        remind_due(&self.app.services).await.unwrap();
        self.app.run_jobs().await;
    }

    /// Goes on day by day, as a server does that runs.
    async fn days(&self, days: i64) {
        for _ in 0..days {
            self.app.advance(Span::days(1));
            self.settle().await;
        }
    }

    async fn used(&self, id: &str, ago: Span, minutes: i64) {
        let event: Value = json!({
            "specversion": "1.0", "source": "/tests", "id": id, "type": "db_execution_ms", "subject": self.workspace,
            "time": self.app.clock.now().minus(ago).to_string(), "data": {"quantity": minutes * 60_000},
        });
        let outcomes = service::usage::ingest(&self.app.system(), &[event]).await.unwrap();
        assert_eq!(outcomes, [domain::usage::Outcome::Accepted]);
    }

    /// Lines and total of each invoice, oldest first.
    async fn invoices(&self) -> Vec<(Vec<(String, String)>, String, &'static str)> {
        let ctx = self.app.system();
        let rows = service::billing::list(&ctx, "acme", None, 50).await.unwrap().0;
        let mut invoices = Vec::new();
        for row in rows.iter().rev() {
            let stored = service::billing::read_invoice(&ctx, "acme", &row.number.to_string()).await.unwrap();
            let lines = stored.invoice.bill.lines.iter().map(|line| (line.text.clone(), line.amount.figures()));
            invoices.push((lines.collect(), row.total.figures(), row.state.name()));
        }
        invoices
    }

    /// Of billing only.
    fn news(&self) -> Vec<String> {
        self.subjects().into_iter().filter(|subject| !subject.starts_with("Compute")).collect()
    }

    fn subjects(&self) -> Vec<String> {
        self.app.mail.all().into_iter().map(|mail| mail.subject).collect()
    }
}

fn line(text: &str, amount: &str) -> (String, String) {
    (text.to_owned(), amount.to_owned())
}

#[both]
async fn a_plan_is_charged_ahead_and_use_afterwards(db: TestDb) {
    let acme = Acme::new(db).await;
    subscribe(&acme.olga.ctx, "acme", "team").await.unwrap();
    acme.used("1", Span::hours(1), 1_000).await;
    acme.days(1).await;
    acme.used("2", Span::hours(1), 200).await;
    let page = service::usage::load(&acme.ctx(&acme.olga).await, "acme", UsageQuery::default()).await.unwrap();
    // 200 minutes beyond the 1,000 that are included, at 5 cents.
    let charges = page.charges.unwrap();
    assert_eq!((charges.plan.as_str(), charges.total.as_str()), ("Team", "USD 59.00"));
    assert_eq!(
        (page.cycle.start, page.cycle.end),
        (Day::parse("2026-03-01").unwrap(), Day::parse("2026-04-01").unwrap())
    );
    assert_eq!(page.charts[0].included, Some(60_000_000));
    let estimate = load(&acme.ctx(&acme.olga).await, "acme").await.unwrap().estimate.unwrap();
    assert_eq!((estimate.bill.total.figures(), estimate.on.to_string()), ("59.00".into(), "2026-04-01".into()));

    acme.days(30).await;
    let first = (vec![line("Team, 2026-03-01 to 2026-03-31", "49.00")], "49.00".to_owned(), "open");
    let usage = "Compute, 2026-03-01 to 2026-03-31: 1,200 min used, 1,000 min included";
    let second =
        (vec![line("Team, 2026-04-01 to 2026-04-30", "49.00"), line(usage, "10.00")], "59.00".to_owned(), "open");
    assert_eq!(acme.invoices().await, [first.clone(), second.clone()]);
    for number in ["INV-000001", "INV-000002"] {
        mark_paid(&acme.ctx(&acme.admin).await, "acme", number, "").await.unwrap();
    }
    // Late: ten minutes on a day of March, which are billed in May at March's prices; and one that is taken back.
    acme.used("3", Span::days(10), 10).await;
    acme.used("4", Span::days(12), -4).await;
    acme.days(30).await;
    let third = (
        vec![
            line("Team, 2026-05-01 to 2026-05-31", "49.00"),
            line("Compute on 2026-03-20, reported late: −4 min instead of 0 min", "−0.20"),
            line("Compute on 2026-03-22, reported late: 10 min instead of 0 min", "0.50"),
        ],
        "49.30".to_owned(),
        "open",
    );
    let invoices = acme.invoices().await;
    let paid = |(lines, total, _)| (lines, total, "paid");
    assert_eq!(invoices[..2], [paid(first), paid(second)], "what was issued never changes");
    assert_eq!(invoices[2], third);
    assert_eq!(load_all(&acme.ctx(&acme.admin).await, InvoicesQuery::default()).await.unwrap().rows.len(), 3);
    acme.app.assert_audit_verifies().await;
}

#[both]
async fn another_plan_counts_from_its_day_on(db: TestDb) {
    let acme = Acme::new(db).await;
    subscribe(&acme.olga.ctx, "acme", "team").await.unwrap();
    acme.days(10).await;
    let ctx = acme.ctx(&acme.olga).await;
    subscribe(&ctx, "acme", "large").await.unwrap();
    subscribe(&ctx, "acme", "large").await.unwrap();
    acme.days(21).await;
    let changed = [
        line("Large, 2026-04-01 to 2026-04-30", "98.00"),
        // 21 of 31 days: 49.00 - round(49.00 * 10 / 31) = 49.00 - 15.81, and twice that.
        line("Team, rest of 2026-03-11 to 2026-03-31: credit for a change of plan", "−33.19"),
        line("Large, rest of 2026-03-11 to 2026-03-31: charge for a change of plan", "66.39"),
    ];
    assert_eq!(acme.invoices().await[1].0, changed);
    let yen =
        PlanForm { key: "yen".into(), name: "Yen".into(), currency: "JPY".into(), compute_price: "5".into(), ..team() };
    service::plan::create(&acme.ctx(&acme.admin).await, &yen).await.unwrap();
    let refused = subscribe(&acme.ctx(&acme.olga).await, "acme", "yen").await;
    assert_eq!(fault(&acme.app, refused).field_errors()[0].field, "plan");
}

#[both]
async fn a_trial_lapses_without_a_way_to_pay_and_paying_opens_again(db: TestDb) {
    let acme = Acme::new(db).await;
    subscribe(&acme.olga.ctx, "acme", "trial").await.unwrap();
    let page = service::usage::load(&acme.olga.ctx, "acme", UsageQuery::default()).await.unwrap();
    assert_eq!(page.charts[0].included, Some(30_000_000), "half the compute");
    // Beyond it nothing runs.
    acme.used("1", Span::hours(1), 500).await;
    service::usage::check_changed(&acme.app.services).await.unwrap();
    acme.app.run_jobs().await;
    let workspaces = service::workspace::list(&acme.olga.ctx, "acme", &Default::default(), 5).await.unwrap().0;
    assert_eq!(workspaces[0].state, WorkspaceState::Asleep);
    assert_eq!(acme.subjects(), ["Compute of The acme is at 100 % of its limit"]);
    acme.days(6).await;
    assert_eq!(acme.news(), Vec::<String>::new());
    acme.days(1).await;
    let ends = "The trial of The acme ends on 2026-03-15".to_owned();
    assert_eq!(acme.news(), std::slice::from_ref(&ends));
    acme.days(6).await;
    assert_eq!(acme.news(), [ends.clone(), ends.clone()], "7 days before, and 1");
    acme.days(1).await;
    let closed = "The acme is closed until its bill is settled".to_owned();
    assert_eq!(acme.news(), [ends.clone(), ends, closed]);
    assert_eq!(acme.invoices().await, []);

    // Owners keep what they need to pay, members nothing.
    let ctx = acme.ctx(&acme.olga).await;
    let page = load(&ctx, "acme").await.unwrap();
    assert!(page.held && page.subscription.unwrap().state == SubscriptionState::Lapsed);
    assert!(service::usage::load(&ctx, "acme", UsageQuery::default()).await.is_ok());
    let held = service::workspace::load(&ctx, "acme", Default::default()).await;
    assert!(matches!(fault(&acme.app, held), Fault::Forbidden { .. }));
    subscribe(&ctx, "acme", "team").await.unwrap();
    assert!(load(&ctx, "acme").await.unwrap().held, "until it is paid");
    let number = load(&ctx, "acme").await.unwrap().invoices[0].number.to_string();
    assert!(matches!(fault(&acme.app, mark_paid(&ctx, "acme", &number, "").await), Fault::NotFound));
    mark_paid(&acme.ctx(&acme.admin).await, "acme", &number, "Transfer of today").await.unwrap();
    assert!(!load(&ctx, "acme").await.unwrap().held);
    assert!(service::workspace::load(&ctx, "acme", Default::default()).await.is_ok());
    assert_eq!(
        acme.invoices().await,
        [(vec![line("Team, 2026-03-15 to 2026-04-14", "49.00")], "49.00".into(), "paid")]
    );
    // There is one trial an organization.
    cancel(&ctx, "acme", Base::Current, true).await.unwrap();
    acme.days(31).await;
    let ctx = acme.ctx(&acme.olga).await;
    assert_eq!(load(&ctx, "acme").await.unwrap().subscription, None);
    subscribe(&ctx, "acme", "trial").await.unwrap();
    assert_eq!(load(&ctx, "acme").await.unwrap().subscription.unwrap().state, SubscriptionState::Active);
    acme.app.assert_audit_verifies().await;
}

#[both]
async fn a_trial_goes_on_where_it_was_agreed_how_to_pay(db: TestDb) {
    let acme = Acme::new(db).await;
    subscribe(&acme.olga.ctx, "acme", "trial").await.unwrap();
    agree(&acme.admin.ctx, "acme", "Bank transfer").await.unwrap();
    assert_eq!(
        fault(&acme.app, agree(&acme.admin.ctx, "acme", "Bank transfer").await).field_errors()[0].field,
        "label"
    );
    acme.used("1", Span::hours(1), 5_000).await;
    acme.days(14).await;
    let billing = read(&acme.ctx(&acme.olga).await, "acme").await.unwrap();
    assert_eq!(billing.subscription.unwrap().state, SubscriptionState::Active);
    assert!(!billing.held);
    // What was used in the trial costs nothing.
    assert_eq!(
        acme.invoices().await,
        [(vec![line("Trial, 2026-03-15 to 2026-04-14", "49.00")], "49.00".into(), "open")]
    );
}

#[both]
async fn what_stays_unpaid_closes_the_organization(db: TestDb) {
    let acme = Acme::new(db).await;
    subscribe(&acme.olga.ctx, "acme", "team").await.unwrap();
    acme.days(14).await;
    let issued = "Invoice INV-000001 from Test Platform: USD 49.00".to_owned();
    assert_eq!(acme.subjects(), [issued]);
    acme.days(21).await;
    let overdue = |subject: &String| subject.starts_with("Invoice INV-000001 is overdue");
    assert_eq!(acme.subjects().iter().filter(|subject| overdue(subject)).count(), 4, "{:?}", acme.subjects());
    let ctx = acme.ctx(&acme.olga).await;
    assert!(load(&ctx, "acme").await.unwrap().held);
    // The second cycle's invoice was issued before; paying the first one opens again.
    mark_paid(&acme.ctx(&acme.admin).await, "acme", "INV-000001", "").await.unwrap();
    assert!(!load(&ctx, "acme").await.unwrap().held);
    let twice = mark_paid(&acme.ctx(&acme.admin).await, "acme", "INV-000001", "").await;
    assert!(twice.is_ok(), "twice is once");
    let late = void(&acme.ctx(&acme.admin).await, "acme", "INV-000001", "Wrong").await;
    assert!(matches!(fault(&acme.app, late), Fault::Conflict { .. }));
    let why = void(&acme.ctx(&acme.admin).await, "acme", "INV-000002", " ").await;
    assert_eq!(fault(&acme.app, why).field_errors()[0].field, "reason");
    void(&acme.ctx(&acme.admin).await, "acme", "INV-000002", "Wrong").await.unwrap();
    let stored = service::billing::read_invoice(&ctx, "acme", "INV-000002").await.unwrap();
    assert!(matches!(stored.invoice.state, InvoiceState::Void { .. }));
    acme.app.assert_audit_verifies().await;
}

#[both]
async fn a_cancelled_plan_ends_with_its_cycle_and_bills_what_was_used(db: TestDb) {
    let acme = Acme::new(db).await;
    subscribe(&acme.olga.ctx, "acme", "team").await.unwrap();
    let version = load(&acme.olga.ctx, "acme").await.unwrap().subscription.unwrap().version;
    cancel(&acme.olga.ctx, "acme", Base::Version(version), true).await.unwrap();
    let stale = cancel(&acme.olga.ctx, "acme", Base::Version(version), false).await;
    assert!(matches!(fault(&acme.app, stale), Fault::Stale { .. }));
    cancel(&acme.olga.ctx, "acme", Base::Current, false).await.unwrap();
    cancel(&acme.olga.ctx, "acme", Base::Current, true).await.unwrap();
    acme.used("1", Span::hours(1), 1_001).await;
    acme.days(31).await;
    let usage = "Compute, 2026-03-01 to 2026-03-31: 1,001 min used, 1,000 min included";
    assert_eq!(acme.invoices().await[1], (vec![line(usage, "0.05")], "0.05".into(), "open"));
    let ctx = acme.ctx(&acme.olga).await;
    assert_eq!(load(&ctx, "acme").await.unwrap().subscription, None);
    acme.days(31).await;
    assert_eq!(acme.invoices().await.len(), 2);
}

#[both]
async fn numbers_have_no_gaps_whoever_fails(db: TestDb) {
    let acme = Acme::new(db).await;
    let mut handles = vec!["acme".to_owned()];
    for n in 0..6 {
        let handle = format!("org-{n}");
        acme.app.org(&acme.admin, &handle).await;
        handles.push(handle);
    }
    let wishes = handles.iter().flat_map(|handle| [handle.clone(), handle.clone()]).map(|handle| {
        let ctx = acme.admin.ctx.clone();
        tokio::spawn(async move {
            loop {
                match subscribe(&ctx, &handle, "team").await {
                    Err(service::Error::Storage(storage::Error::Busy)) => {}
                    other => break other,
                }
            }
        })
    });
    for wish in wishes.collect::<Vec<_>>() {
        wish.await.unwrap().unwrap();
    }
    let rows = load_all(&acme.admin.ctx, InvoicesQuery::default()).await.unwrap().rows;
    let mut numbers: Vec<i64> = rows.iter().map(|row| row.number.number()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=7).collect::<Vec<_>>());
}

#[both]
async fn the_platform_provides_a_plan_by_the_settings(db: TestDb) {
    let acme = Acme::new(db).await;
    let save = async |plan: &str| {
        let page = service::org::load_admin(&acme.admin.ctx, "acme").await.unwrap();
        let form = domain::settings::SettingsForm { plan: plan.into(), ..page.form };
        service::org::save_settings(&acme.admin.ctx, "acme", page.version, &form, "").await
    };
    assert_eq!(fault(&acme.app, save("nope").await).field_errors()[0].field, "plan");
    save("large").await.unwrap();
    let provided = load(&acme.olga.ctx, "acme").await.unwrap();
    assert_eq!(provided.subscription.unwrap().plan.as_str(), "large");
    assert_eq!(provided.estimate, None);
    let refused = subscribe(&acme.olga.ctx, "acme", "team").await;
    assert!(fault(&acme.app, refused).to_string().contains("the platform provides"));
    acme.days(40).await;
    assert_eq!(acme.invoices().await, [], "nothing is charged");
    let ctx = acme.ctx(&acme.admin).await;
    let page = service::org::load_admin(&ctx, "acme").await.unwrap();
    let form = domain::settings::SettingsForm { plan: String::new(), ..page.form };
    service::org::save_settings(&ctx, "acme", page.version, &form, "").await.unwrap();
    let olga = acme.ctx(&acme.olga).await;
    subscribe(&olga, "acme", "team").await.unwrap();
    // What was bought has to end first.
    let page = service::org::load_admin(&ctx, "acme").await.unwrap();
    let form = domain::settings::SettingsForm { plan: "large".into(), ..page.form };
    let refused = service::org::save_settings(&ctx, "acme", page.version, &form, "").await;
    assert_eq!(fault(&acme.app, refused).field_errors()[0].field, "plan");
    acme.app.assert_audit_verifies().await;
}

#[both]
async fn a_deletion_cancels_and_closes_the_final_invoice(db: TestDb) {
    let acme = Acme::new(db).await;
    subscribe(&acme.olga.ctx, "acme", "team").await.unwrap();
    acme.days(3).await;
    acme.used("1", Span::hours(1), 1_100).await;
    let ctx = acme.ctx(&acme.admin).await;
    let plan = service::org::preview_deletion(&ctx, "acme").await.unwrap();
    let process = service::org::delete(&ctx, "acme", &plan.token, "acme").await.unwrap().process;
    acme.settle().await;
    let done = service::process::load(&ctx, &process.to_string()).await.unwrap().process;
    assert_eq!(
        done.steps[..2].iter().map(|step| step.label.as_str()).collect::<Vec<_>>(),
        ["Cancel the subscription", "Close the final invoice"]
    );
    assert!(done.state.is_over(), "{:?}", done.steps);
    // The invoices stay under the name it had; nothing else of it does.
    let rows = load_all(&ctx, InvoicesQuery::default()).await.unwrap().rows;
    let totals: Vec<_> = rows.iter().map(|row| (row.handle.as_str(), row.total.figures())).collect();
    assert_eq!(totals, [("acme", "5.00".to_owned()), ("acme", "49.00".to_owned())]);
    let tables = ["usage_event", "usage_day", "usage_total", "usage_key", "subscription", "billed_cycle", "billed_day"];
    assert_eq!(acme.app.count_rows(&tables).await, 0);
    acme.app.assert_audit_verifies().await;
}

/// The same with a provider that charges cards.
async fn with_cards(db: TestDb) -> (Acme, Arc<MemoryPayments>) {
    let payments = Arc::new(MemoryPayments::default());
    let app = TestApp::with_payments(db, Arc::clone(&payments) as Arc<dyn Payments>).await;
    (Acme::furnish(app).await, payments)
}

/// Enters a card, as a browser does.
async fn enter_card(acme: &Acme, payments: &MemoryPayments, last4: &str) {
    let ctx = acme.ctx(&acme.olga).await;
    let page = load_card(&ctx, "acme").await.unwrap();
    let early = finish_card(&ctx, "acme", &page.setup).await;
    assert!(matches!(fault(&acme.app, early), Fault::Conflict { .. }), "nothing was entered yet");
    payments.enter(&page.setup, last4);
    finish_card(&ctx, "acme", &page.setup).await.unwrap();
    finish_card(&ctx, "acme", &page.setup).await.unwrap();
}

#[both]
async fn a_card_is_charged_and_what_it_declines_is_tried_again(db: TestDb) {
    let (acme, payments) = with_cards(db).await;
    let refused = subscribe(&acme.olga.ctx, "acme", "team").await;
    assert!(fault(&acme.app, refused).to_string().contains("Add a card first"));
    enter_card(&acme, &payments, "4242").await;
    let page = load(&acme.olga.ctx, "acme").await.unwrap();
    let shown: Vec<_> = page.methods.iter().map(|one| (one.label.as_str(), one.is_default)).collect();
    assert_eq!(shown, [("Visa ending in 4242, until 04/2028", true)]);
    subscribe(&acme.olga.ctx, "acme", "team").await.unwrap();
    acme.settle().await;
    assert_eq!(acme.invoices().await[0].2, "paid");
    assert_eq!(payments.charged(), [("INV-000001".to_owned(), 4_900)]);

    payments.decline(true);
    acme.days(31).await;
    let rows = load(&acme.ctx(&acme.olga).await, "acme").await.unwrap().invoices;
    assert_eq!(rows[0].payment_error.as_deref(), Some("The card was declined."));
    assert!(acme.subjects().contains(&"The payment of invoice INV-000002 didn't go through".to_owned()));
    // Overdue for long: closed. Another card pays what is open and opens it again.
    acme.days(36).await;
    assert!(load(&acme.ctx(&acme.olga).await, "acme").await.unwrap().held);
    payments.decline(false);
    enter_card(&acme, &payments, "0005").await;
    let ctx = acme.ctx(&acme.olga).await;
    let methods = load(&ctx, "acme").await.unwrap().methods;
    assert_eq!(methods.iter().filter(|one| one.is_default).count(), 1);
    let other = methods.iter().find(|one| !one.is_default).unwrap().id.to_string();
    set_default(&ctx, "acme", &other).await.unwrap();
    let default = fault(&acme.app, remove(&ctx, "acme", &other).await);
    assert!(matches!(default, Fault::Conflict { .. }));
    acme.settle().await;
    assert!(acme.invoices().await.iter().all(|(.., state)| *state == "paid"), "{:?}", acme.invoices().await);
    assert!(
        payments
            .charged()
            .iter()
            .all(|(number, _)| payments.charged().iter().filter(|(one, _)| one == number).count() == 1)
    );
    acme.app.assert_audit_verifies().await;
}

#[both]
async fn what_the_provider_tells_counts_once_in_any_order(db: TestDb) {
    let (acme, payments) = with_cards(db).await;
    payments.decline(true);
    enter_card(&acme, &payments, "4242").await;
    subscribe(&acme.olga.ctx, "acme", "team").await.unwrap();
    acme.settle().await;
    assert_eq!(acme.invoices().await[0].2, "open");
    // Paid at the provider, by hand; it tells of the failure after that.
    payments.settle_there("INV-000001");
    let system = acme.app.system();
    for id in ["evt_paid", "evt_failed", "evt_paid"] {
        assert_eq!(receive(&system, "signed", id.as_bytes()).await.unwrap(), Received::Taken);
    }
    assert_eq!(receive(&system, "forged", b"evt_x").await.unwrap(), Received::Refused);
    assert_eq!(acme.app.run_jobs().await, 3, "two looks, and the mail that it is paid");
    assert_eq!(acme.invoices().await[0].2, "paid");
    let paid = acme.subjects().into_iter().filter(|subject| subject == "Invoice INV-000001 is paid").count();
    assert_eq!(paid, 1);
    acme.app.assert_audit_verifies().await;
}

#[both]
async fn a_trial_with_a_card_goes_on_by_itself(db: TestDb) {
    let (acme, payments) = with_cards(db).await;
    subscribe(&acme.olga.ctx, "acme", "trial").await.unwrap();
    enter_card(&acme, &payments, "4242").await;
    acme.days(14).await;
    assert_eq!(acme.invoices().await[0].2, "paid");
    assert!(!load(&acme.ctx(&acme.olga).await, "acme").await.unwrap().held);
}

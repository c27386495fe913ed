use std::collections::BTreeSet;
use std::sync::Arc;

use domain::billing::page::InvoicesQuery;
use domain::job::{ProcessState, ProcessesQuery};
use domain::org::OrgState;
use domain::token::TokenHolder;
use domain::usage::Day;
use domain::usage::page::{Range, UsageQuery};
use domain::workspace::{WorkspaceState, WorkspacesQuery};
use service::cookie::Cookies;
use service::{Ctx, auth, billing, cloud, org, org_secret, process, service_account, token, usage, workspace};
use testapp::TestApp;
use testkit::{TestDb, both};

#[both]
async fn the_demonstration_fills_an_empty_instance_once(db: TestDb) {
    let app = TestApp::new(db).await;
    let lines = service::demo::fill(&app.services).await.unwrap();
    assert!(lines.iter().any(|line| line.contains("olga@acme.example")), "{lines:?}");
    let count = app.audit().await.len();
    let again = service::demo::fill(&app.services).await.unwrap();
    assert_eq!((again.len(), app.audit().await.len()), (lines.len(), count));
    app.assert_audit_verifies().await;
}

#[both]
async fn a_year_of_use_stands_as_if_it_had_been_told(db: TestDb) {
    let app = TestApp::new(db).await;
    service::demo::fill(&app.services).await.unwrap();
    let rebuilt = usage::rebuild(&Ctx::system(Arc::clone(&app.services)), None).await.unwrap();
    assert_eq!(rebuilt.mended, 0);
    assert!(rebuilt.days > 700, "{rebuilt:?}");
    let admin = administrator(&app).await;
    let page =
        async |handle, range| usage::load(&admin, handle, UsageQuery { range, ..UsageQuery::default() }).await.unwrap();
    let year = page("acme", Range::Last(365)).await;
    assert!(year.is_fed);
    assert!(year.charts.iter().all(|chart| chart.parts.iter().all(|(_, series)| series.values[0].is_some())));
    assert_eq!(year.cycles.len(), 12);
    assert_eq!(year.custom.len(), 1);
    let percent: Vec<i64> = year.limits.iter().map(|view| view.limit.unwrap().percent(view.used)).collect();
    assert_eq!(percent, [81, 103, 80]);
    assert_eq!(year.limits[1].mailed, [75, 100]);
    // What the cycle had come to before its last day, and that day.
    let today = page("acme", Range::Last(1)).await;
    let compute = today.charts[0].parts.iter().map(|(_, series)| series.before + series.values[0].unwrap_or(0));
    assert_eq!(compute.sum::<i64>(), year.limits[0].used);
    assert!(!page("umbra_research", Range::default()).await.is_fed);

    assert!(page("northwind", Range::default()).await.limits[0].capped_since.is_some());
    app.run_jobs().await;
    let portal = workspace::load(&admin, "northwind", WorkspacesQuery::default()).await.unwrap().rows.swap_remove(0);
    assert_eq!(portal.state, WorkspaceState::Asleep);
    app.assert_audit_verifies().await;
}

async fn administrator(app: &TestApp) -> Ctx {
    let password = service::demo::PASSWORD.to_owned().into();
    let session = auth::sign_in(&app.anonymous(), "admin@demo.example", password).await.unwrap();
    app.request(Cookies { session: Some(session.token), ..Cookies::default() })
}

#[both]
async fn every_page_of_the_demonstration_has_something_to_show(db: TestDb) {
    let app = TestApp::new(db).await;
    service::demo::fill(&app.services).await.unwrap();
    app.run_jobs().await;
    let admin = administrator(&app).await;
    let workspaces = workspace::load(&admin, "acme", WorkspacesQuery::default()).await.unwrap();
    let states: BTreeSet<&str> = workspaces.rows.iter().map(|row| row.state.name()).collect();
    assert_eq!(states.len(), WorkspaceState::ALL.len(), "{states:?}");
    let accounts = cloud::list(&admin, "acme").await.unwrap();
    assert!(accounts.iter().all(|account| !account.resources.is_empty() && account.list_error.is_none()));
    let secrets = org_secret::list(&admin, "acme").await.unwrap();
    assert_eq!((secrets.missing.len(), secrets.secrets.iter().filter(|secret| secret.used).count()), (0, 1));
    assert_eq!(service_account::list(&admin, "acme").await.unwrap().iter().map(|row| row.tokens).sum::<i64>(), 2);
    assert_eq!(token::list(&admin, &TokenHolder::Admin).await.unwrap().len(), 2);
    assert!(org::load(&admin, "northwind").await.unwrap().org.avatar.is_some());
    assert_eq!(org::load(&admin, "fading-light").await.unwrap().org.state, OrgState::PendingDeletion);
    let (processes, _) = process::list(&admin, &ProcessesQuery::default(), 10).await.unwrap();
    let mut states: Vec<(&str, ProcessState)> = processes.iter().map(|row| (row.handle.as_str(), row.state)).collect();
    states.sort_by_key(|(handle, _)| *handle);
    assert_eq!(states, [("fading-light", ProcessState::Scheduled), ("short-lived", ProcessState::Succeeded)]);
    // A test, two reports, and each owner of what is near its limit or over it; then what was billed.
    assert_eq!(app.mail.all().len(), 33);
    let (invoices, _) = billing::read_all(&admin, &InvoicesQuery::default(), 20).await.unwrap();
    let today = Day::of(app.clock.now());
    let states: BTreeSet<(&str, bool)> = invoices.iter().map(|row| (row.state.name(), row.is_overdue(today))).collect();
    assert_eq!(states, BTreeSet::from([("open", false), ("open", true), ("paid", false), ("void", false)]));
}

use std::collections::BTreeSet;

use domain::job::{ProcessState, ProcessesQuery};
use domain::org::OrgState;
use domain::token::TokenHolder;
use domain::workspace::{WorkspaceState, WorkspacesQuery};
use service::cookie::Cookies;
use service::{auth, cloud, org, org_secret, process, service_account, token, workspace};
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
async fn every_page_of_the_demonstration_has_something_to_show(db: TestDb) {
    let app = TestApp::new(db).await;
    service::demo::fill(&app.services).await.unwrap();
    app.run_jobs().await;
    let password = service::demo::PASSWORD.to_owned().into();
    let session = auth::sign_in(&app.anonymous(), "admin@demo.example", password).await.unwrap();
    let admin = app.request(Cookies { session: Some(session.token), ..Cookies::default() });
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
    assert_eq!(app.mail.all().len(), 3);
}

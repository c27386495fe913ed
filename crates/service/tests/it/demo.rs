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

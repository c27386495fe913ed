//! The payment provider's part of the console: the one page that lets its script run, and the address it posts to.

use std::sync::Arc;

use http::{Request, StatusCode};
use integrations::{Outbound, StripePayments, StripeSettings};
use service::Secret;
use testapp::TestApp;
use testkit::TestDb;

use crate::support::Browser;

const WEBHOOK: &str = "/webhooks/stripe";

async fn with_stripe() -> Browser {
    let settings = StripeSettings {
        secret_key: Some(Secret::from("sk_test_1".to_owned())),
        publishable_key: Some("pk_test_1".to_owned()),
        webhook_secrets: vec![Secret::from("whsec_test".to_owned())],
        ..StripeSettings::default()
    };
    let payments = StripePayments::new(&settings, Arc::new(Outbound::system(Vec::new()))).unwrap();
    Browser::of(TestApp::with_payments(TestDb::sqlite().await, Arc::new(payments)).await, true)
}

#[tokio::test]
async fn the_page_of_cards_alone_lets_the_providers_script_run() {
    let mut browser = with_stripe().await;
    for (path, lets) in [
        ("/organizations/acme/billing/card", true),
        ("/organizations/acme/billing", false),
        ("/organizations/acme/billing/invoices/card", false),
        ("/organizations/a/b/billing/card", false),
        ("/sign-in", false),
    ] {
        let answer = browser.get(path).await;
        let policy = answer.header("content-security-policy");
        assert_eq!(policy.contains("https://js.stripe.com"), lets, "{path}: {policy}");
        assert_eq!(policy.contains("frame-src"), lets, "{path}: {policy}");
        assert_eq!(policy.contains("connect-src 'self' https://api.stripe.com;"), lets, "{path}: {policy}");
    }
}

#[tokio::test]
async fn without_a_provider_no_page_lets_another_site_in() {
    let mut browser = Browser::new().await;
    let answer = browser.get("/organizations/acme/billing/card").await;
    assert!(!answer.header("content-security-policy").contains("frame-src"));
    assert_eq!(browser.send(Request::post(WEBHOOK), "{}").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_posted_counts_by_its_signature_wherever_it_comes_from() {
    let browser = with_stripe().await;
    let request =
        || Request::post(WEBHOOK).header("origin", "https://stripe.example").header("sec-fetch-site", "cross-site");
    let answer = browser.send(request(), "{}").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    let forged = request().header("stripe-signature", "t=1,v1=00");
    assert_eq!(browser.send(forged, "{}").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.send(request(), "x".repeat(256 * 1024 + 1)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(browser.send(Request::get(WEBHOOK), "").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

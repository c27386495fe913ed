//! Signing a program in, on the wire: forms and JSON, and the errors that OAuth clients know.

use domain::time::Span;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, Browser, encode};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// As OAuth clients send it.
async fn form(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> (StatusCode, Value) {
    let request = Request::post(format!("/api/v1/device/{path}"));
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    read(&browser.send(request, encode(fields)).await)
}

async fn json(browser: &Browser, path: &str, body: &Value) -> (StatusCode, Value) {
    let request = Request::post(format!("/api/v1/device/{path}")).header(CONTENT_TYPE, "application/json");
    read(&browser.send(request, body.to_string()).await)
}

fn read(answer: &Answer) -> (StatusCode, Value) {
    assert_eq!(answer.header(CACHE_CONTROL), "no-store");
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

fn error(answer: &(StatusCode, Value)) -> (u16, &str) {
    (answer.0.as_u16(), answer.1["error"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_program_asks_waits_and_gets_a_token() {
    let browser = Browser::new().await;
    let ada = browser.app.person("ada@example.com", false).await;
    let client = ("client_id", "tenantry-cli");
    let (status, asked) = form(&browser, "authorize", &[client, ("scope", "ignored")]).await;
    assert_eq!(status, StatusCode::OK, "{asked}");
    let code = asked["user_code"].as_str().unwrap();
    assert_eq!(asked["verification_uri"], "http://localhost:3000/device");
    assert_eq!(asked["verification_uri_complete"], format!("http://localhost:3000/device?user_code={code}"));
    let device_code = asked["device_code"].as_str().unwrap();
    let fields = [client, ("grant_type", GRANT_TYPE), ("device_code", device_code)];
    assert_eq!(error(&form(&browser, "token", &fields).await), (400, "authorization_pending"));
    assert_eq!(error(&form(&browser, "token", &fields).await), (400, "slow_down"));
    service::device::decide(&ada.ctx, code, true).await.unwrap();
    let (status, token) = form(&browser, "token", &fields).await;
    assert_eq!((status, &token["token_type"]), (StatusCode::OK, &json!("Bearer")), "{token}");
    assert_eq!((&token["expires_in"], &token["scope"]), (&json!(43_200), &json!("full")));
    assert_eq!(error(&form(&browser, "token", &fields).await), (400, "invalid_grant"));

    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let ask = async |method: &str, path: &str| {
        browser.send(Request::builder().method(method).uri(path).header(AUTHORIZATION, &bearer), "").await
    };
    let me: Value = serde_json::from_slice(&ask("GET", "/api/v1/me").await.body).unwrap();
    assert_eq!((&me["person"]["email"], &me["scopes"]), (&json!("ada@example.com"), &json!("full")));
    let expires_at = browser.app.clock.now().plus(Span::hours(12)).to_string();
    assert_eq!(me["expires_at"], expires_at);
    assert_eq!(ask("DELETE", "/api/v1/me/token").await.status, StatusCode::NO_CONTENT);
    assert_eq!(ask("GET", "/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_is_wrong_is_said_as_oauth_says_it() {
    let browser = Browser::new().await;
    let ada = browser.app.person("ada@example.com", false).await;
    assert_eq!(error(&json(&browser, "authorize", &json!({})).await), (400, "invalid_request"));
    assert_eq!(error(&json(&browser, "authorize", &json!({"client_id": "other"})).await), (401, "invalid_client"));
    assert_eq!(error(&json(&browser, "authorize", &json!("nonsense")).await), (400, "invalid_request"));
    let token = json!({"client_id": "tenantry-cli", "grant_type": GRANT_TYPE, "device_code": "none"});
    assert_eq!(error(&json(&browser, "token", &token).await), (400, "invalid_grant"));
    let password = json!({"client_id": "tenantry-cli", "grant_type": "password", "device_code": "x"});
    assert_eq!(error(&json(&browser, "token", &password).await), (400, "unsupported_grant_type"));
    assert_eq!(error(&json(&browser, "token", &json!({"grant_type": GRANT_TYPE})).await), (400, "invalid_request"));

    let ask = async || json(&browser, "authorize", &json!({"client_id": "tenantry-cli"})).await.1;
    let (denied, late) = (ask().await, ask().await);
    service::device::decide(&ada.ctx, denied["user_code"].as_str().unwrap(), false).await.unwrap();
    let poll = async |asked: &Value| {
        let body = json!({"client_id": "tenantry-cli", "grant_type": GRANT_TYPE, "device_code": asked["device_code"]});
        json(&browser, "token", &body).await
    };
    assert_eq!(error(&poll(&denied).await), (400, "access_denied"));
    browser.app.advance(Span::minutes(10));
    assert_eq!(error(&poll(&late).await), (400, "expired_token"));
    for _ in 0..48 {
        ask().await;
    }
    ask().await;
    let request = Request::post("/api/v1/device/authorize").header(CONTENT_TYPE, "application/json");
    let refused = browser.send(request, json!({"client_id": "tenantry-cli"}).to_string()).await;
    assert_eq!(error(&read(&refused)), (429, "slow_down"));
    assert!(!refused.header(RETRY_AFTER).is_empty());
}

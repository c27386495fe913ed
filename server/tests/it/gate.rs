//! What surrounds every request: headers, identity, refusals.

use app::api::session::SignIn;
use http::{Method, Request, StatusCode};

use crate::support::{Browser, HOST_NAME, ORIGIN, call, form, path_of};

#[tokio::test]
async fn pages_carry_a_policy_with_a_fresh_nonce() {
    let mut browser = Browser::new().await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let page = browser.get("/sign-in").await;
        let policy = page.header("content-security-policy");
        let nonce = policy.split("script-src 'self' 'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
        assert!(page.text().contains(&format!("<script nonce=\"{nonce}\"")), "scripts carry the header's nonce");
        let text = page.text();
        let scripts = text.matches("<script").count();
        assert_eq!(scripts, text.matches(&format!("nonce=\"{nonce}\"")).count(), "every script does, and nothing else");
        nonces.push(nonce.to_owned());
        let rest = policy.replace(nonce, "N");
        insta::allow_duplicates!(
            insta::assert_snapshot!(rest, @"default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; connect-src 'self'; img-src 'self' data:; font-src 'self'; worker-src 'self'; script-src 'self' 'nonce-N' 'wasm-unsafe-eval'; style-src 'self' 'nonce-N'; style-src-attr 'unsafe-inline'")
        );
    }
    assert_ne!(nonces.first(), nonces.last());
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_an_id() {
    let browser = Browser::new().await;
    for path in ["/sign-in", "/healthz", "/nowhere", "/fn/nothing", "/favicon.ico"] {
        let answer = browser.send(Request::get(path), "").await;
        for (name, value) in [
            ("referrer-policy", "same-origin"),
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert!(answer.header("x-request-id").parse::<domain::RequestId>().is_ok(), "{path}");
    }
    let page = browser.send(Request::get("/sign-in"), "").await;
    assert_eq!(page.header("cache-control"), "no-store");
}

#[tokio::test]
async fn posts_of_other_sites_are_refused() {
    let browser = Browser::new().await;
    let path = path_of::<SignIn>();
    for (site, origin, refused) in [
        ("cross-site", "https://evil.example", true),
        ("same-site", "https://evil.localhost", true),
        ("none", "https://evil.example", true),
        ("none", ORIGIN, false),
        ("same-origin", ORIGIN, false),
    ] {
        let request = Request::post(path)
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", site)
            .header("origin", origin);
        let answer = browser.send(request, "email=a").await;
        assert_eq!(answer.status == StatusCode::FORBIDDEN, refused, "{site} {origin}: {}", answer.text());
    }
    let request = Request::post(path).header("accept", "text/html").header("sec-fetch-site", "cross-site");
    let page = browser.send(request, "email=a").await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::FORBIDDEN, "text/html; charset=utf-8"));
    assert!(page.text().contains("another site"));
}

#[tokio::test]
async fn only_the_methods_of_browsers_are_known() {
    let browser = Browser::new().await;
    for method in [Method::PUT, Method::DELETE, Method::OPTIONS, Method::TRACE, Method::PATCH] {
        let answer = browser.send(Request::builder().method(method).uri("/sign-in"), "").await;
        assert_eq!((answer.status, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD, POST"));
    }
    let answer = browser.send(form("/sign-in", "/sign-in"), "").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "pages take no posts");
}

#[tokio::test]
async fn large_bodies_are_refused_whether_announced_or_not() {
    let browser = Browser::new().await;
    let body = "x".repeat(server::http::BODY_LIMIT + 1);
    let announced = call(path_of::<SignIn>()).header("content-length", body.len());
    assert_eq!(browser.send(announced, body.clone()).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let answer = browser.send(call(path_of::<SignIn>()), body).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text().contains("1 MiB"));
}

#[tokio::test]
async fn an_unknown_page_or_function_is_not_found() {
    let mut browser = Browser::new().await;
    let page = browser.get("/nowhere").await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::NOT_FOUND, "text/html; charset=utf-8"));
    assert!(page.text().contains("Page not found"));
    let answer = browser.send(call("/fn/nothing"), "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text().contains("older than the server"));
}

#[tokio::test]
async fn health_and_readiness_answer_plainly() {
    let mut browser = Browser::new().await;
    assert_eq!(browser.get("/healthz").await.text(), "ok\n");
    assert_eq!(browser.get("/readyz").await.text(), "ready\n");
    browser.app.services.db().close().await;
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(browser.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_form_may_come_from_the_host_that_was_asked() {
    let browser = Browser::new().await;
    let request = Request::post(path_of::<SignIn>())
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("host", "inside.example")
        .header("origin", "http://inside.example");
    assert_eq!(browser.send(request, "email=a").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_ne!(HOST_NAME, "inside.example");
}

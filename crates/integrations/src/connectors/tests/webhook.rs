use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::post;
use data_encoding::BASE64;
use domain::cloud::{ConnectorKind, Termination};
use ring::hmac;
use serde_json::{Value, json};
use service::ports::{Connection, ConnectorError, Connectors, Receiver};

use super::{connection, connectors};
use crate::testing::{FixedClock, serve};

const NOW: i64 = 1_767_225_600;
const KEY: &[u8] = b"0123456789abcdef01234567";
const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";

/// What a request was: id, idempotency key, timestamp, body.
type Asked = (String, String, i64, Value);

/// How the receiver signs what it answers.
#[derive(Clone)]
struct Signing {
    key: &'static [u8],
    id: Option<&'static str>,
    seconds: i64,
    is_signed: bool,
    /// Signs this instead of the body.
    instead: Option<&'static str>,
}

const RIGHT: Signing = Signing { key: KEY, id: None, seconds: NOW + 2, is_signed: true, instead: None };

fn sign(key: &[u8], id: &str, seconds: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    format!("v1,{}", BASE64.encode(hmac::sign(&key, format!("{id}.{seconds}.{body}").as_bytes()).as_ref()))
}

/// A receiver that checks every request's signature and answers `status` and `body`.
async fn receiver(signing: Signing, status: u16, body: &str) -> (Connection, Arc<Mutex<Vec<Asked>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (seen, body) = (Arc::clone(&asked), body.to_owned());
    let answer = move |headers: HeaderMap, request: Bytes| {
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        let (id, seconds) = (header("webhook-id"), header("webhook-timestamp").parse::<i64>().unwrap());
        let request = String::from_utf8(request.to_vec()).unwrap();
        assert_eq!(header("webhook-signature"), sign(KEY, &id, seconds, &request));
        assert_eq!(header("content-type"), "application/json");
        let parsed = serde_json::from_str(&request).unwrap();
        seen.lock().unwrap().push((id.clone(), header("idempotency-key"), seconds, parsed));
        let mut response = Response::builder().status(StatusCode::from_u16(status).unwrap());
        if signing.is_signed {
            let id = signing.id.unwrap_or(&id);
            // An old signature beside the right one, as while a secret is changed.
            let right = sign(signing.key, id, signing.seconds, signing.instead.unwrap_or(&body));
            response = response
                .header("webhook-id", id)
                .header("webhook-timestamp", signing.seconds)
                .header("webhook-signature", format!("v1,AAAA v1a,x {right}"));
        }
        let response = response.body(Body::from(body.clone())).unwrap();
        async move { response }
    };
    let port = serve(Router::new().route("/hook", post(answer))).await;
    (connection(ConnectorKind::Webhook, format!("http://127.0.0.1:{port}/hook"), SECRET, ""), asked)
}

#[tokio::test]
async fn lists_terminates_and_tells_with_signatures_at_both_ends() {
    let connectors = connectors(&FixedClock::new(NOW));
    let list =
        r#"{"resources":[{"id":"vm-1","name":"One","kind":"vm","state":"running"},{"id":"2","name":"","kind":"db"}]}"#;
    let (at, asked) = receiver(RIGHT, 200, list).await;
    let listed = connectors.list(&at).await.unwrap();
    assert_eq!(listed.iter().map(|one| (&*one.id, &*one.state)).collect::<Vec<_>>(), [("vm-1", "running"), ("2", "")]);
    connectors.list(&at).await.unwrap();
    {
        let asked = asked.lock().unwrap();
        assert_eq!(
            asked[0].3,
            json!({ "type": "resources.list", "timestamp": "2026-01-01T00:00:00.000000Z", "data": {} })
        );
        assert!(asked[0].0.starts_with("list_") && asked[0].0 != asked[1].0, "every list is a new question");
    }

    for (state, termination) in [("terminated", Termination::Gone), ("terminating", Termination::Going)] {
        let (at, asked) = receiver(RIGHT, 202, &format!(r#"{{"state":"{state}"}}"#)).await;
        for _ in 0..2 {
            assert_eq!(connectors.terminate(&at, "vm-1", "org-7/vm-1").await, Ok(termination));
        }
        for (id, idempotency, seconds, body) in &*asked.lock().unwrap() {
            assert_eq!((id.as_str(), idempotency.as_str(), *seconds), ("org-7/vm-1", "org-7/vm-1", NOW));
            assert_eq!(
                (&body["type"], &body["data"]),
                (&json!("resource.terminate"), &json!({"resource": {"id": "vm-1"}}))
            );
        }
    }

    let (at, asked) = receiver(RIGHT, 204, "").await;
    let event = r#"{"type":"organization.renamed","data":{"handle":"acme"}}"#;
    assert_eq!(connectors.notify(&at, event, "event-9").await, Ok(()));
    let asked = asked.lock().unwrap();
    assert_eq!(
        (asked[0].0.as_str(), asked[0].3.to_string()),
        ("event-9", serde_json::from_str::<Value>(event).unwrap().to_string())
    );
}

#[tokio::test]
async fn an_answer_that_its_secret_did_not_sign_ends_nothing() {
    let connectors = connectors(&FixedClock::new(NOW));
    let body = r#"{"state":"terminated","note":"s3cret"}"#;
    for (signing, words) in [
        (Signing { is_signed: false, ..RIGHT }, "The connector's answer isn't signed."),
        (Signing { key: b"another", ..RIGHT }, "The connector's answer isn't signed with its secret."),
        (Signing { instead: Some("{}"), ..RIGHT }, "The connector's answer isn't signed with its secret."),
        (Signing { id: Some("other"), ..RIGHT }, "The connector's answer is signed for another request."),
        (Signing { seconds: NOW - 301, ..RIGHT }, "The connector's answer is stamped more than 5 minutes from now."),
        (Signing { seconds: NOW + 301, ..RIGHT }, "The connector's answer is stamped more than 5 minutes from now."),
        (Signing { seconds: i64::MAX, ..RIGHT }, "The connector's answer is stamped more than 5 minutes from now."),
    ] {
        let (at, _) = receiver(signing, 200, body).await;
        let refused = ConnectorError::BadAnswer(words.to_owned());
        assert_eq!(connectors.terminate(&at, "vm-1", "key").await, Err(refused.clone()));
        assert_eq!(connectors.notify(&at, "{}", "key").await, Err(refused));
    }
    for seconds in [NOW - 300, NOW + 300] {
        let (at, _) = receiver(Signing { seconds, ..RIGHT }, 200, body).await;
        assert_eq!(connectors.terminate(&at, "vm-1", "key").await, Ok(Termination::Gone));
    }
}

#[tokio::test]
async fn an_echo_is_no_answer() {
    let echo = |headers: HeaderMap, body: Bytes| async move {
        let mut response = Response::new(Body::from(body));
        *response.headers_mut() = headers;
        response
    };
    let port = serve(Router::new().route("/", post(echo))).await;
    let at = connection(ConnectorKind::Webhook, format!("http://127.0.0.1:{port}/"), SECRET, "");
    let connectors = connectors(&FixedClock::new(NOW));
    assert_eq!(
        connectors.notify(&at, "{}", "key").await,
        Err(ConnectorError::BadAnswer("The connector's answer isn't signed with its secret.".to_owned()))
    );
}

#[tokio::test]
async fn errors_say_whether_to_try_again_and_quote_nothing() {
    let connectors = connectors(&FixedClock::new(NOW));
    for (status, passes) in
        [(500, true), (503, true), (429, true), (408, true), (400, false), (401, false), (404, false)]
    {
        let (at, _) = receiver(RIGHT, status, "s3cret").await;
        let words = format!("The connector answered with HTTP status {status}.");
        let expected = if passes { ConnectorError::Unreachable(words) } else { ConnectorError::BadAnswer(words) };
        assert_eq!(connectors.terminate(&at, "vm-1", "key").await, Err(expected));
    }
    for body in ["s3cret", r#"{"state":"s3cret"}"#, r#"{"resources":{"s3cret":1}}"#, r#"{"resources":[{"id":1}]}"#, ""]
    {
        let (at, _) = receiver(RIGHT, 200, body).await;
        let expected =
            ConnectorError::BadAnswer("The connector's answer isn't the JSON that was asked for.".to_owned());
        assert_eq!(connectors.terminate(&at, "vm-1", "key").await, Err(expected.clone()));
        assert_eq!(connectors.list(&at).await, Err(expected));
    }
    let (at, _) = receiver(
        RIGHT,
        200,
        r#"{"resources":[{"id":"s3cret","name":"","kind":""},{"id":"s3cret","name":"","kind":""}]}"#,
    )
    .await;
    let refused = connectors.list(&at).await.unwrap_err();
    assert!(matches!(&refused, ConnectorError::BadAnswer(words) if !words.contains("s3cret")), "{refused}");
    let (mut at, _) = receiver(RIGHT, 200, "").await;
    at.secret = String::new().into();
    assert!(matches!(connectors.list(&at).await, Err(ConnectorError::Forbidden(_))));
    at.url = "http://127.0.0.1:1/".to_owned();
    at.secret = "any text".to_owned().into();
    assert!(matches!(connectors.list(&at).await, Err(ConnectorError::Unreachable(_))));
}

#[tokio::test]
async fn a_delivery_is_signed_and_needs_no_signed_answer() {
    let connectors = connectors(&FixedClock::new(NOW));
    let body = r#"{"type":"audit.test"}"#;
    let unsigned = Signing { is_signed: false, ..RIGHT };
    let to = |at: Connection| Receiver { url: at.url, secret: at.secret };
    let (at, asked) = receiver(unsigned.clone(), 204, "").await;
    assert_eq!(connectors.deliver(&to(at), body, "audit_1").await, Ok(()));
    let (id, _, seconds, _) = asked.lock().unwrap().remove(0);
    assert_eq!((id.as_str(), seconds), ("audit_1", NOW));
    let (at, _) = receiver(unsigned.clone(), 503, "s3cret").await;
    let words = "The receiver answered with HTTP status 503.".to_owned();
    assert_eq!(connectors.deliver(&to(at), body, "audit_1").await, Err(ConnectorError::Unreachable(words)));
    let (mut at, asked) = receiver(unsigned, 200, "").await;
    at.url = at.url.replace("127.0.0.1", "127.0.0.2");
    let refused = connectors.deliver(&to(at), body, "audit_1").await.unwrap_err().to_string();
    assert!(refused.starts_with("The receiver can't be used: 127.0.0.2 may not be reached from here"), "{refused}");
    assert!(asked.lock().unwrap().is_empty());
}

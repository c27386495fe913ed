//! What localstripe doesn't do: Stripe's own headers, refusals and hostile answers, from a server that says what it is told.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use service::ports::{Charge, ChargeLine, NewCustomer, PaymentError, PaymentState, Payments};

use super::counterpart::{SECRET_KEY, settings};
use crate::outbound::{Network, Outbound};
use crate::stripe::{StripePayments, StripeSettings};
use crate::testing::serve;

/// What was asked, and what is answered: a method and the beginning of an address each.
#[derive(Default)]
struct Script {
    asked: Vec<(String, HeaderMap, String)>,
    answers: Vec<(&'static str, u16, Value)>,
}

type Shared = Arc<Mutex<Script>>;

async fn answer(State(script): State<Shared>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mut script = script.lock().unwrap();
    let line = format!("{method} {uri}");
    script.asked.push((line.clone(), headers, String::from_utf8(body.to_vec()).unwrap()));
    let position = script.answers.iter().position(|(begins, ..)| line.starts_with(begins));
    let (_, status, body) = script.answers.remove(position.unwrap_or_else(|| panic!("nothing to say to {line}")));
    (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
}

async fn scripted(answers: Vec<(&'static str, u16, Value)>) -> (StripePayments, Shared) {
    let script = Arc::new(Mutex::new(Script { answers, ..Script::default() }));
    let port = serve(Router::new().fallback(answer).with_state(Arc::clone(&script))).await;
    let outbound = Arc::new(Outbound::system(vec![Network::parse("127.0.0.1").unwrap()]));
    (StripePayments::new(&settings(&format!("http://127.0.0.1:{port}")), outbound).unwrap(), script)
}

const ACME: NewCustomer<'_> = NewCustomer { organization: "org-1", name: "Acme & Söhne", email: "a+b@example.com" };

fn none() -> Value {
    json!({ "object": "list", "data": [], "has_more": false })
}

#[tokio::test]
async fn requests_are_as_stripe_documents_them() {
    let (payments, script) =
        scripted(vec![("GET /v1/customers?", 200, none()), ("POST /v1/customers", 200, json!({ "id": "cus_1" }))])
            .await;
    assert_eq!(payments.create_customer(&ACME, "key-1").await.unwrap(), "cus_1");
    let asked = &script.lock().unwrap().asked;
    assert_eq!(asked[0].0, "GET /v1/customers?email=a%2Bb%40example.com&limit=100");
    let (_, headers, body) = &asked[1];
    assert_eq!(headers["authorization"], format!("Bearer {SECRET_KEY}"));
    assert_eq!(headers["stripe-version"], "2025-02-24.acacia");
    assert_eq!(headers["idempotency-key"], "key-1");
    assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(body, "name=Acme+%26+S%C3%B6hne&email=a%2Bb%40example.com&metadata[tenantry_organization]=org-1");
    assert!(!asked[0].1.contains_key("idempotency-key"));
}

#[tokio::test]
async fn refusals_are_told_apart_and_quote_nothing() {
    let error =
        |kind: &str, code: &str| json!({ "error": { "type": kind, "code": code, "message": "s3cret <b>words</b>" } });
    for (status, body, expected) in [
        (500, json!("s3cret"), PaymentError::Temporary("Stripe answered with HTTP status 500.".into())),
        (
            429,
            error("rate_limit_error", "lock_timeout"),
            PaymentError::Temporary("Stripe answered with HTTP status 429.".into()),
        ),
        (
            409,
            error("idempotency_error", "idempotency_key_in_use"),
            PaymentError::Temporary("Stripe answered with HTTP status 409.".into()),
        ),
        (
            400,
            error("idempotency_error", ""),
            PaymentError::Permanent("Stripe was asked for something else under the same key before.".into()),
        ),
        (
            401,
            error("invalid_request_error", ""),
            PaymentError::Permanent("Stripe doesn't accept the secret key, or not for this.".into()),
        ),
        (
            400,
            error("invalid_request_error", "resource_missing"),
            PaymentError::Unknown("Stripe doesn't know that object.".into()),
        ),
        (404, Value::Null, PaymentError::Unknown("Stripe doesn't know that object.".into())),
        (
            400,
            error("invalid_request_error", "email_invalid"),
            PaymentError::Permanent("Stripe refused with HTTP status 400 (email_invalid).".into()),
        ),
        (
            400,
            error("invalid_request_error", "S3cret <b>"),
            PaymentError::Permanent("Stripe refused with HTTP status 400.".into()),
        ),
        (402, error("card_error", "card_declined"), PaymentError::Permanent("The card was declined.".into())),
        (200, json!({ "data": "s3cret" }), PaymentError::Permanent("Stripe's answer isn't what was asked for.".into())),
    ] {
        let (payments, _) = scripted(vec![("GET /v1/customers?", status, body)]).await;
        assert_eq!(payments.create_customer(&ACME, "key").await.unwrap_err(), expected, "{status}");
    }
}

#[tokio::test]
async fn redirects_and_floods_are_refused() {
    let (payments, _) = scripted(vec![("GET", 307, Value::Null), ("GET", 200, json!("x".repeat(2_000_000)))]).await;
    for _ in 0..2 {
        let refused = payments.create_customer(&ACME, "key").await.unwrap_err();
        assert!(matches!(refused, PaymentError::Permanent(_)), "{refused}");
    }
}

#[tokio::test]
async fn loopback_is_closed_unless_it_is_listed() {
    let outbound = Arc::new(Outbound::system(Vec::new()));
    for url in ["http://127.0.0.1:9", "https://localhost:9", "http://[::1]:9"] {
        let payments = StripePayments::new(&settings(url), Arc::clone(&outbound)).unwrap();
        let refused = payments.create_customer(&ACME, "key").await.unwrap_err();
        assert!(matches!(&refused, PaymentError::Permanent(words) if words.contains("outbound.allow")), "{refused}");
    }
    assert!(StripePayments::new(&StripeSettings::default(), outbound).is_err());
}

#[tokio::test]
async fn ids_lead_nowhere_else() {
    let (payments, script) = scripted(vec![("GET /v1/customers?", 200, none())]).await;
    for id in ["", "cus_1/sources", "../v1/charges", "cus_1?expand[]=x", "cus 1", &"x".repeat(256)] {
        assert!(matches!(payments.cards(id).await, Err(PaymentError::Unknown(_))), "{id}");
        assert!(matches!(payments.remove_card("cus_1", id).await, Ok(()) | Err(PaymentError::Unknown(_))), "{id}");
        assert!(payments.card_setup(id).await.is_err(), "{id}");
        assert!(matches!(payments.payment(&format!("in_{id}/")).await, Ok(None)), "{id}");
    }
    assert!(payments.create_customer(&ACME, "line\nbreak").await.is_err());
    assert!(script.lock().unwrap().asked.iter().all(|(line, ..)| line.starts_with("GET /v1/customers?email=")));
}

fn line(minor: i64) -> ChargeLine {
    ChargeLine { text: format!("{minor}"), minor }
}

fn charge<'a>(lines: &'a [ChargeLine], currency: &'a str) -> Charge<'a> {
    let total = lines.iter().map(|line| line.minor).sum();
    Charge { customer: "cus_1", invoice: "i-1", number: "T-1", currency, lines, total, known: None, attempt: 1 }
}

fn invoice(status: &str, total: i64, intent: Value) -> Value {
    let metadata = json!({ "tenantry_invoice": "i-1" });
    json!({ "id": "in_1", "status": status, "total": total, "currency": "isk", "metadata": metadata, "payment_intent": intent })
}

fn customer() -> Value {
    json!({ "id": "cus_1", "invoice_settings": { "default_payment_method": "pm_1" } })
}

#[tokio::test]
async fn what_cannot_be_charged_is_refused_before_anything_is_asked() {
    let (payments, script) = scripted(Vec::new()).await;
    let (two, nothing, odd) = ([line(100), line(50)], [line(100), line(-100)], [line(5124)]);
    let wrong_sum = Charge { total: 151, ..charge(&two, "EUR") };
    let overflow = [line(i64::MAX), line(1)];
    let too_much = Charge { total: i64::MIN, ..charge(&[], "EUR") };
    for refused in [
        wrong_sum,
        charge(&nothing, "EUR"),
        charge(&odd, "KWD"),
        charge(&two, "IQD"),
        Charge { lines: &overflow, ..too_much },
        charge(&[], "EUR"),
    ] {
        let error = payments.charge(&refused, "key").await.unwrap_err();
        assert!(matches!(error, PaymentError::Permanent(_)), "{error}");
    }
    assert!(script.lock().unwrap().asked.is_empty());
}

/// Stripe answers a declined payment with 402, localstripe doesn't; and it holds back a payment that asks for the holder.
#[tokio::test]
async fn the_invoice_says_what_came_of_a_payment() {
    let lines = [line(5)];
    let failed = json!({ "status": "requires_payment_method", "last_payment_error":
        { "code": "card_declined", "decline_code": "insufficient_funds", "message": "s3cret" } });
    let action = json!({ "status": "requires_action", "client_secret": "pi_1_secret_1", "payment_method": "pm_1" });
    for (intent, expected) in [
        (failed, "Failed { reason: \"The card hasn't enough funds.\" }"),
        (action, "RequiresAction { client_secret: Secret(…) }"),
        (json!({ "status": "processing" }), "Processing"),
        (json!({ "status": "succeeded" }), "Paid"),
        (json!({ "status": "requires_payment_method" }), "Failed { reason: \"The card has expired.\" }"),
    ] {
        let (payments, script) = scripted(vec![
            ("GET /v1/invoices?", 200, none()),
            ("GET /v1/customers/cus_1", 200, customer()),
            ("POST /v1/invoices", 200, json!({ "id": "in_1" })),
            ("GET /v1/invoices/in_1?", 200, invoice("draft", 0, Value::Null)),
            ("GET /v1/invoices/in_1/lines", 200, none()),
            ("POST /v1/invoiceitems", 200, json!({ "id": "ii_1" })),
            ("GET /v1/invoices/in_1?", 200, invoice("draft", 500, Value::Null)),
            ("POST /v1/invoices/in_1/finalize", 200, json!({ "id": "in_1" })),
            ("GET /v1/invoices/in_1?", 200, invoice("open", 500, json!({ "status": "requires_payment_method" }))),
            ("POST /v1/invoices/in_1/pay", 402, json!({ "error": { "code": "expired_card" } })),
            ("GET /v1/invoices/in_1?", 200, invoice("open", 500, intent)),
        ])
        .await;
        let payment = payments.charge(&charge(&lines, "ISK"), "key").await.unwrap();
        assert_eq!(format!("{:?}", payment.state), expected);
        let script = script.lock().unwrap();
        assert!(script.answers.is_empty());
        let keys: Vec<_> = script.asked.iter().filter_map(|(_, headers, _)| headers.get("idempotency-key")).collect();
        assert_eq!(keys, ["key-draft", "key-line-0", "key-final", "key-pay-1"]);
        let draft = script.asked.iter().find(|(line, ..)| line == "POST /v1/invoices").unwrap();
        assert_eq!(
            draft.2,
            "customer=cus_1&currency=isk&number=T-1&description=Invoice+T-1&auto_advance=false\
             &pending_invoice_items_behavior=exclude&metadata[tenantry_invoice]=i-1"
        );
        let item = script.asked.iter().find(|(line, ..)| line == "POST /v1/invoiceitems").unwrap();
        assert!(item.2.contains("&amount=500&"), "{}", item.2);
    }
}

#[tokio::test]
async fn a_draft_that_does_not_add_up_is_never_charged() {
    let lines = [line(5)];
    let (payments, script) = scripted(vec![
        ("GET /v1/invoices/in_1?", 200, invoice("draft", 0, Value::Null)),
        ("GET /v1/customers/cus_1", 200, customer()),
        ("GET /v1/invoices/in_1/lines", 200, none()),
        ("POST /v1/invoiceitems", 200, json!({ "id": "ii_1" })),
        ("GET /v1/invoices/in_1?", 200, invoice("draft", 1500, Value::Null)),
    ])
    .await;
    let known = Charge { known: Some("in_1"), ..charge(&lines, "ISK") };
    let refused = payments.charge(&known, "key").await.unwrap_err();
    assert!(matches!(&refused, PaymentError::Permanent(words) if words.contains("doesn't add up")), "{refused}");
    assert!(script.lock().unwrap().asked.iter().all(|(line, ..)| !line.contains("/pay")));
}

#[tokio::test]
async fn another_invoices_payment_is_not_taken_for_ours() {
    let lines = [line(5)];
    let mut other = invoice("open", 500, Value::Null);
    other["metadata"]["tenantry_invoice"] = "i-2".into();
    let (payments, _) = scripted(vec![("GET /v1/invoices/in_1?", 200, other)]).await;
    let known = Charge { known: Some("in_1"), ..charge(&lines, "ISK") };
    assert!(matches!(payments.charge(&known, "key").await, Err(PaymentError::Permanent(_))));

    let mut none_of_ours = invoice("open", 500, Value::Null);
    none_of_ours["metadata"] = json!({});
    let (payments, _) = scripted(vec![("GET /v1/invoices/in_1?", 200, none_of_ours)]).await;
    assert!(payments.payment("in_1").await.unwrap().is_none());
}

#[tokio::test]
async fn all_pages_are_looked_through_and_a_void_copy_does_not_count() {
    let listed = |id: &str, ours: &str, status: &str| json!({ "id": id, "status": status, "metadata": { "tenantry_invoice": ours } });
    let (payments, script) = scripted(vec![
        ("GET /v1/invoices?", 200, json!({ "has_more": true, "data": [listed("in_9", "i-9", "paid")] })),
        (
            "GET /v1/invoices?",
            200,
            json!({ "has_more": false, "data": [listed("in_2", "i-1", "void"), listed("in_1", "i-1", "open")] }),
        ),
        ("GET /v1/invoices/in_1?", 200, invoice("open", 500, Value::Null)),
    ])
    .await;
    let found = payments.find_payment("cus_1", "i-1").await.unwrap().unwrap();
    assert_eq!(found.id, "in_1");
    assert!(matches!(found.state, PaymentState::Open));
    assert_eq!(script.lock().unwrap().asked[1].0, "GET /v1/invoices?customer=cus_1&limit=100&starting_after=in_9");
}

#[tokio::test]
async fn a_long_invoice_ends_in_a_sum() {
    let lines: Vec<_> = (1..=30).map(line).collect();
    let mut answers = vec![
        ("GET /v1/invoices/in_1?", 200, invoice("draft", 0, Value::Null)),
        ("GET /v1/customers/cus_1", 200, customer()),
        ("GET /v1/invoices/in_1/lines", 200, none()),
        ("GET /v1/invoices/in_1?", 200, invoice("draft", 46_500, Value::Null)),
        ("POST /v1/invoices/in_1/finalize", 200, json!({ "id": "in_1" })),
        ("GET /v1/invoices/in_1?", 200, invoice("paid", 46_500, Value::Null)),
        ("POST /v1/invoices/in_1/pay", 400, json!({ "error": { "code": "invoice_already_paid" } })),
        ("GET /v1/invoices/in_1?", 200, invoice("paid", 46_500, Value::Null)),
    ];
    answers.extend((0..25).map(|_| ("POST /v1/invoiceitems", 200, json!({ "id": "ii_1" }))));
    let (payments, script) = scripted(answers).await;
    let known = Charge { known: Some("in_1"), ..charge(&lines, "ISK") };
    let paid = payments.charge(&known, "key").await.unwrap();
    assert!(matches!(paid.state, PaymentState::Paid), "{paid:?}");
    let script = script.lock().unwrap();
    let items: Vec<_> = script.asked.iter().filter(|(line, ..)| line == "POST /v1/invoiceitems").collect();
    assert_eq!(items.len(), 25);
    assert!(items[24].2.contains("description=6+more+lines+of+invoice+T-1"), "{}", items[24].2);
    assert!(items[24].2.contains("amount=16500"), "{}", items[24].2);
}

//! Against localstripe.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::post;
use reqwest::Method;
use service::ports::{Charge, ChargeLine, Clock, NewCustomer, PaymentError, PaymentState, Payments};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::counterpart::{ASKS_HOLDER, DECLINED, GOOD, Localstripe, WEBHOOK_SECRET};
use crate::SystemClock;
use crate::testing::serve;

fn lines(amounts: &[i64]) -> Vec<ChargeLine> {
    amounts.iter().map(|minor| ChargeLine { text: format!("Compute & more: {minor} ¢"), minor: *minor }).collect()
}

fn charge<'a>(customer: &'a str, lines: &'a [ChargeLine]) -> Charge<'a> {
    Charge {
        customer,
        invoice: "invoice-1",
        number: "T-2026-0001",
        currency: "EUR",
        lines,
        total: lines.iter().map(|line| line.minor).sum(),
        known: None,
        attempt: 1,
    }
}

async fn count(stripe: &Localstripe, path: &str) -> usize {
    stripe.get(path).await["data"].as_array().unwrap().len()
}

#[tokio::test]
async fn an_organization_is_one_customer() {
    let stripe = Localstripe::start();
    let first = stripe.customer().await;
    assert_eq!(stripe.customer().await, first);
    stripe.forget_keys().await;
    assert_eq!(stripe.customer().await, first);
    let other = NewCustomer { organization: "org-2", name: "Other", email: "billing+acme@example.com" };
    assert_ne!(stripe.payments.create_customer(&other, "customer-org-2").await.unwrap(), first);

    let customer = stripe.get(&format!("/v1/customers/{first}")).await;
    assert_eq!(customer["name"], "Acme & Söhne");
    assert_eq!(customer["email"], "billing+acme@example.com");
    assert_eq!(customer["metadata"]["tenantry_organization"], "org-1");
}

#[tokio::test]
async fn a_customer_whose_answer_was_lost_is_found_again() {
    let stripe = Localstripe::start();
    let new = NewCustomer { organization: "org-1", name: "Acme", email: "a@example.com" };
    stripe.lose_answer(1).await;
    let lost = stripe.payments.create_customer(&new, "key").await.unwrap_err();
    assert!(matches!(lost, PaymentError::Temporary(_)), "{lost}");
    stripe.forget_keys().await;
    stripe.payments.create_customer(&new, "key").await.unwrap();
    assert_eq!(count(&stripe, "/v1/customers").await, 1);
}

#[tokio::test]
async fn cards_come_one_is_the_default_and_others_go() {
    let stripe = Localstripe::start();
    let customer = stripe.customer().await;
    let payments = &stripe.payments;
    assert_eq!(payments.cards(&customer).await.unwrap(), []);

    let setup = payments.begin_card(&customer, "key").await.unwrap();
    let again = payments.begin_card(&customer, "key").await.unwrap();
    assert_eq!(setup.id, again.id);
    let waiting = payments.card_setup(&setup.id).await.unwrap();
    assert_eq!((waiting.card, waiting.is_over), (None, false));

    let first = stripe.add_card(&customer, GOOD).await;
    let second = stripe.add_card(&customer, DECLINED).await;
    payments.set_default_card(&customer, &second).await.unwrap();
    let cards = payments.cards(&customer).await.unwrap();
    let shown: Vec<_> = cards.iter().map(|card| (&card.id, card.last4.as_str(), card.is_default)).collect();
    assert_eq!(shown, [(&first, "4242", false), (&second, "0341", true)]);
    assert_eq!((cards[0].brand.as_str(), cards[0].expiry_month, cards[0].expiry_year), ("visa", 12, 2040));

    payments.remove_card(&customer, &first).await.unwrap();
    payments.remove_card(&customer, &first).await.unwrap();
    payments.remove_card(&customer, "pm_neverwas").await.unwrap();
    assert_eq!(payments.cards(&customer).await.unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_touches_anothers_card() {
    let stripe = Localstripe::start();
    let theirs = stripe.customer().await;
    let card = stripe.add_card(&theirs, GOOD).await;
    let new = NewCustomer { organization: "org-2", name: "Other", email: "o@example.com" };
    let other = stripe.payments.create_customer(&new, "key").await.unwrap();
    for refused in
        [stripe.payments.remove_card(&other, &card).await, stripe.payments.set_default_card(&other, &card).await]
    {
        assert!(matches!(refused, Err(PaymentError::Unknown(_))), "{refused:?}");
    }
    assert_eq!(stripe.payments.cards(&theirs).await.unwrap().len(), 1);
    assert!(matches!(stripe.payments.cards("cus_neverwas").await, Err(PaymentError::Unknown(_))));
}

#[tokio::test]
async fn an_invoice_is_paid_once_with_our_lines() {
    let stripe = Localstripe::start();
    let customer = stripe.customer_with(GOOD).await;
    let lines = lines(&[2900, 1234, -134]);
    let charge = charge(&customer, &lines);
    let paid = stripe.payments.charge(&charge, "key").await.unwrap();
    assert!(matches!(paid.state, PaymentState::Paid), "{paid:?}");
    assert_eq!(paid.invoice, "invoice-1");

    // Again: noted or not, remembered by Stripe or not, or as another wish to pay.
    let noted = Charge { known: Some(&paid.id), attempt: 2, ..charge };
    for again in [charge, noted] {
        assert_eq!(stripe.payments.charge(&again, "key").await.unwrap().id, paid.id);
        stripe.forget_keys().await;
        assert_eq!(stripe.payments.charge(&again, "key").await.unwrap().id, paid.id);
    }
    assert_eq!(count(&stripe, "/v1/charges").await, 1);
    let invoice = stripe.get(&format!("/v1/invoices/{}", paid.id)).await;
    assert_eq!((&invoice["number"], &invoice["total"]), (&"T-2026-0001".into(), &4000.into()));
    let texts: Vec<_> = invoice["lines"]["data"].as_array().unwrap().iter().map(|line| &line["description"]).collect();
    assert_eq!(texts, ["Compute & more: 2900 ¢", "Compute & more: 1234 ¢", "Compute & more: -134 ¢"]);

    // Found by the invoice's id here, by its own and by the PaymentIntent's.
    let found = stripe.payments.find_payment(&customer, "invoice-1").await.unwrap().unwrap();
    assert_eq!(found.id, paid.id);
    assert!(stripe.payments.find_payment(&customer, "invoice-2").await.unwrap().is_none());
    let intent = invoice["payment_intent"].as_str().unwrap();
    for id in [paid.id.as_str(), intent] {
        let payment = stripe.payments.payment(id).await.unwrap().unwrap();
        assert_eq!((payment.id, payment.invoice.as_str()), (paid.id.clone(), "invoice-1"));
    }
    for nothing in ["in_neverwas", "pi_neverwas", "cus_other"] {
        assert!(stripe.payments.payment(nothing).await.unwrap().is_none(), "{nothing}");
    }
    let refused = stripe.payments.void_payment(&paid.id).await.unwrap_err();
    assert_eq!(refused, PaymentError::Permanent("It is paid already.".to_owned()));
}

/// Whatever the moment at which a process dies or an answer is lost, and whether Stripe remembers the keys or not.
#[tokio::test]
async fn a_charge_that_breaks_off_anywhere_is_made_once() {
    let stripe = Localstripe::start();
    let customer = stripe.customer_with(GOOD).await;
    let lines = lines(&[100, 200, 300]);
    // A draft, three lines, the finalization, the payment: every request that makes something.
    let requests = 6;
    let mut charges = 0;
    for keys_are_forgotten in [false, true] {
        for lost in 1..=requests {
            let (invoice, number) = (format!("invoice-{charges}"), format!("T-{charges}"));
            let charge = Charge { invoice: &invoice, number: &number, ..charge(&customer, &lines) };
            stripe.lose_answer(lost).await;
            let broken = stripe.payments.charge(&charge, &invoice).await.unwrap_err();
            assert!(matches!(broken, PaymentError::Temporary(_)), "{lost}: {broken}");
            if keys_are_forgotten {
                stripe.forget_keys().await;
            }
            let payment = stripe.payments.charge(&charge, &invoice).await.unwrap();
            assert!(matches!(payment.state, PaymentState::Paid), "{lost}: {payment:?}");
            charges += 1;
            assert_eq!(count(&stripe, "/v1/charges?limit=100").await, charges);
            let made = stripe.get(&format!("/v1/invoices/{}", payment.id)).await;
            assert_eq!((&made["total"], made["lines"]["data"].as_array().unwrap().len()), (&600.into(), 3));
        }
    }
    assert_eq!(count(&stripe, "/v1/invoices?limit=100").await, charges);
}

#[tokio::test]
async fn two_processes_at_once_charge_once() {
    let stripe = Localstripe::start();
    let customer = stripe.customer_with(GOOD).await;
    let lines = lines(&[100, 200]);
    let charge = charge(&customer, &lines);
    let other_wish = Charge { attempt: 2, ..charge };
    let (first, second) =
        tokio::join!(stripe.payments.charge(&charge, "key"), stripe.payments.charge(&other_wish, "key"));
    for outcome in [first, second] {
        assert!(matches!(&outcome, Ok(_) | Err(PaymentError::Temporary(_))), "{outcome:?}");
    }
    let paid = stripe.payments.charge(&charge, "key").await.unwrap();
    assert!(matches!(paid.state, PaymentState::Paid), "{paid:?}");
    assert_eq!((count(&stripe, "/v1/charges").await, count(&stripe, "/v1/invoices").await), (1, 1));
}

#[tokio::test]
async fn a_declined_card_is_told_of_and_another_one_pays() {
    let stripe = Localstripe::start();
    let customer = stripe.customer_with(DECLINED).await;
    let lines = lines(&[500]);
    let charge = charge(&customer, &lines);
    let declined = stripe.payments.charge(&charge, "key").await.unwrap();
    let PaymentState::Failed { reason } = &declined.state else { panic!("{declined:?}") };
    assert_eq!(reason, "The card was declined.");
    // The job's own second try asks the bank nothing new.
    stripe.payments.charge(&charge, "key").await.unwrap();
    assert_eq!(count(&stripe, "/v1/charges").await, 1);

    let good = stripe.add_card(&customer, GOOD).await;
    stripe.payments.set_default_card(&customer, &good).await.unwrap();
    let next = Charge { attempt: 2, known: Some(&declined.id), ..charge };
    let paid = stripe.payments.charge(&next, "key").await.unwrap();
    assert!(matches!(paid.state, PaymentState::Paid), "{paid:?}");
    assert_eq!(paid.id, declined.id);
}

#[tokio::test]
async fn an_unpaid_invoice_can_be_voided() {
    let stripe = Localstripe::start();
    let customer = stripe.customer_with(DECLINED).await;
    let lines = lines(&[500]);
    let charge = charge(&customer, &lines);
    let declined = stripe.payments.charge(&charge, "key").await.unwrap();
    stripe.payments.void_payment(&declined.id).await.unwrap();
    stripe.payments.void_payment(&declined.id).await.unwrap();
    let after = stripe.payments.charge(&Charge { attempt: 2, ..charge }, "key").await.unwrap();
    assert!(matches!(after.state, PaymentState::Void), "{after:?}");
    assert_eq!(after.id, declined.id);

    // A draft of a process that died before it charged.
    let left = Charge { invoice: "invoice-2", number: "T-2026-0002", ..charge };
    stripe.lose_answer(1).await;
    stripe.payments.charge(&left, "other key").await.unwrap_err();
    let draft = stripe.payments.find_payment(&customer, "invoice-2").await.unwrap().unwrap();
    assert!(matches!(draft.state, PaymentState::Open), "{draft:?}");
    stripe.payments.void_payment(&draft.id).await.unwrap();
    assert!(stripe.payments.find_payment(&customer, "invoice-2").await.unwrap().is_none());
    stripe.payments.void_payment(&draft.id).await.unwrap();
}

#[tokio::test]
async fn the_holder_is_asked_where_the_bank_wants_it() {
    let stripe = Localstripe::start();
    let customer = stripe.customer_with(ASKS_HOLDER).await;
    let lines = lines(&[500]);
    let charge = charge(&customer, &lines);
    let waiting = stripe.payments.charge(&charge, "key").await.unwrap();
    let PaymentState::RequiresAction { client_secret } = &waiting.state else { panic!("{waiting:?}") };
    // Another wish with the same card asks the same question.
    let again = stripe.payments.charge(&Charge { attempt: 2, ..charge }, "key").await.unwrap();
    let PaymentState::RequiresAction { client_secret: same } = &again.state else { panic!("{again:?}") };
    assert_eq!(client_secret, same);

    let intent = client_secret.expose().split("_secret_").next().unwrap();
    let consent = BTreeMap::from([("client_secret", client_secret.expose()), ("success", "true")]);
    stripe.ask(Method::POST, &format!("/v1/payment_intents/{intent}/_authenticate"), &consent).await;
    let paid = stripe.payments.payment(intent).await.unwrap().unwrap();
    assert!(matches!(paid.state, PaymentState::Paid), "{paid:?}");
}

#[tokio::test]
async fn without_a_card_nothing_is_made() {
    let stripe = Localstripe::start();
    let customer = stripe.customer().await;
    let lines = lines(&[500]);
    let refused = stripe.payments.charge(&charge(&customer, &lines), "key").await.unwrap_err();
    assert_eq!(refused, PaymentError::NoCard);
    assert_eq!(count(&stripe, "/v1/invoices").await, 0);
}

#[tokio::test]
async fn what_stripe_posts_is_believed() {
    let stripe = Localstripe::start();
    let (heard, mut posts) = mpsc::unbounded_channel::<(String, Bytes)>();
    let hear = move |headers: HeaderMap, body: Bytes| async move {
        let signature = headers["stripe-signature"].to_str().unwrap().to_owned();
        heard.send((signature, body)).unwrap();
    };
    let port = serve(Router::new().route("/webhooks/stripe", post(hear))).await;
    let url = format!("http://127.0.0.1:{port}/webhooks/stripe");
    let hook = BTreeMap::from([("url", url.as_str()), ("secret", WEBHOOK_SECRET)]);
    stripe.ask(Method::POST, "/_config/webhooks/here", &hook).await;

    let customer = stripe.customer_with(GOOD).await;
    let lines = lines(&[500]);
    let paid = stripe.payments.charge(&charge(&customer, &lines), "key").await.unwrap();
    let mut kinds = Vec::new();
    while !kinds.contains(&("invoice.payment_succeeded".to_owned(), Some(paid.id.clone()))) {
        let post = timeout(Duration::from_secs(20), posts.recv()).await;
        let (signature, body) = post.expect("localstripe posts events").unwrap();
        let event = stripe.payments.event(&signature, &body, SystemClock.now()).unwrap();
        kinds.push((event.kind, event.object));
        let other = [body.as_ref(), b" "].concat();
        assert!(stripe.payments.event(&signature, &other, SystemClock.now()).is_err());
    }
    assert!(kinds.contains(&("customer.created".to_owned(), Some(customer))), "{kinds:?}");
}

//! localstripe as a process of its own (`stripe_counterpart.py`), and the browser's part.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde_json::Value;
use service::Secret;
use service::ports::{NewCustomer, Payments};

use crate::outbound::{Network, Outbound, Request};
use crate::stripe::{StripePayments, StripeSettings};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/stripe_counterpart.py");

pub const SECRET_KEY: &str = "sk_test_4eC39HqLyjWDarjtT1zdp7dc";
pub const WEBHOOK_SECRET: &str = "whsec_test";

/// Cards of <https://docs.stripe.com/testing> that localstripe knows.
pub const GOOD: &str = "4242424242424242";
pub const DECLINED: &str = "4000000000000341";
pub const ASKS_HOLDER: &str = "4000002500003155";

/// Ends with the test.
pub struct Localstripe {
    process: Child,
    outbound: Arc<Outbound>,
    pub url: String,
    pub payments: StripePayments,
}

impl Localstripe {
    pub fn start() -> Self {
        let python = std::env::var_os("TENANTRY_TEST_LOCALSTRIPE").expect(
            "TENANTRY_TEST_LOCALSTRIPE is not set: run the tests by `cargo xtask test`, or set it to a Python that has \
             the packages of crates/xtask/src/setup/python.txt (once `cargo xtask test` ran: target/xtask/python/bin/python)",
        );
        let command = Command::new(&python).arg(SCRIPT).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = command.unwrap_or_else(|error| panic!("{}: {error}", python.display()));
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        assert!(!port.is_empty(), "localstripe didn't start; does the Python of TENANTRY_TEST_LOCALSTRIPE have it?");
        let url = format!("http://127.0.0.1:{}", port.trim());
        let outbound = Arc::new(Outbound::system(vec![Network::parse("127.0.0.1").unwrap()]));
        let payments = StripePayments::new(&settings(&url), Arc::clone(&outbound)).unwrap();
        Self { process, outbound, url, payments }
    }

    /// A customer with a name of its own.
    pub async fn customer(&self) -> String {
        let new = NewCustomer { organization: "org-1", name: "Acme & Söhne", email: "billing+acme@example.com" };
        self.payments.create_customer(&new, "customer-org-1").await.unwrap()
    }

    /// A customer whose default card is this one.
    pub async fn customer_with(&self, number: &str) -> String {
        let customer = self.customer().await;
        let card = self.add_card(&customer, number).await;
        self.payments.set_default_card(&customer, &card).await.unwrap();
        customer
    }

    /// Enters a card as a browser does, with no key but the publishable one.
    pub async fn add_card(&self, customer: &str, number: &str) -> String {
        let setup = self.payments.begin_card(customer, &format!("card-{customer}-{number}")).await.unwrap();
        let form = BTreeMap::from([
            ("key", "pk_test_1"),
            ("client_secret", setup.client_secret.expose()),
            ("payment_method_data[type]", "card"),
            ("payment_method_data[card][number]", number),
            ("payment_method_data[card][exp_month]", "12"),
            ("payment_method_data[card][exp_year]", "2040"),
            ("payment_method_data[card][cvc]", "123"),
        ]);
        let entered = self.ask(Method::POST, &format!("/v1/setup_intents/{}/confirm", setup.id), &form).await;
        if entered["status"] == "requires_action" {
            // localstripe leaves a holder's consent to its script; the card stays unusable here.
            return self.consent(customer, &entered).await;
        }
        let state = self.payments.card_setup(&setup.id).await.unwrap();
        assert_eq!(state.customer.as_deref(), Some(customer));
        state.card.unwrap()
    }

    async fn consent(&self, customer: &str, entered: &Value) -> String {
        let card = entered["payment_method"].as_str().unwrap();
        let form = BTreeMap::from([("customer", customer)]);
        self.ask(Method::POST, &format!("/v1/payment_methods/{card}/attach"), &form).await;
        card.to_owned()
    }

    /// A request past the adapter.
    pub async fn ask(&self, method: Method, path: &str, form: &impl Serialize) -> Value {
        let url = format!("{}{path}", self.url);
        let mut request = Request::new(method, &url);
        request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let bearer = format!("Bearer {SECRET_KEY}");
        request.headers.insert(AUTHORIZATION, HeaderValue::from_str(&bearer).unwrap());
        request.body = serde_qs::to_string(form).unwrap().into_bytes();
        let answer = self.outbound.send(request).await.unwrap();
        assert!(answer.status.is_success(), "{path}: {}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).unwrap_or_default()
    }

    pub async fn get(&self, path: &str) -> Value {
        self.ask(Method::GET, path, &BTreeMap::<&str, &str>::new()).await
    }

    /// A day later: Stripe has forgotten all keys.
    pub async fn forget_keys(&self) {
        self.ask(Method::POST, "/_config/forget", &BTreeMap::<&str, &str>::new()).await;
    }

    /// Has the answer to the `n`th making request from now on get lost; 0 loses none.
    pub async fn lose_answer(&self, n: usize) {
        self.ask(Method::POST, &format!("/_config/lose/{n}"), &BTreeMap::<&str, &str>::new()).await;
    }
}

impl Drop for Localstripe {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn settings(url: &str) -> StripeSettings {
    StripeSettings {
        secret_key: Some(Secret::from(SECRET_KEY.to_owned())),
        publishable_key: Some("pk_test_1".to_owned()),
        webhook_secrets: vec![Secret::from(WEBHOOK_SECRET.to_owned())],
        api_url: url.to_owned(),
        ..StripeSettings::default()
    }
}

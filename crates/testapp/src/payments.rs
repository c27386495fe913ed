//! A payment provider in memory, which charges each invoice once.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::Timestamp;
use service::Secret;
use service::ports::{
    Card, CardSetup, CardSetupState, Charge, NewCustomer, Payment, PaymentBrowser, PaymentError, PaymentEvent,
    PaymentEventError, PaymentState, Payments,
};

#[derive(Debug, Default)]
struct State {
    /// How cards are entered: the card, once it is.
    setups: BTreeMap<String, Option<String>>,
    default: Option<String>,
    removed: Vec<String>,
    declines: bool,
    /// Invoices that were charged.
    charged: Vec<(String, i64)>,
}

#[derive(Debug, Default)]
pub struct MemoryPayments(Mutex<State>);

const CUSTOMER: &str = "cus_test";

impl MemoryPayments {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A browser enters a card.
    pub fn enter(&self, setup: &str, last4: &str) {
        self.state().setups.insert(setup.to_owned(), Some(format!("pm_{last4}")));
    }

    /// Has cards be declined from here on, or not.
    pub fn decline(&self, declines: bool) {
        self.state().declines = declines;
    }

    /// Somebody pays an invoice at the provider itself.
    pub fn settle_there(&self, invoice: &str) {
        self.state().charged.push((invoice.to_owned(), 0));
    }

    /// Number and amount of each invoice that was charged.
    pub fn charged(&self) -> Vec<(String, i64)> {
        self.state().charged.clone()
    }

    fn stands(&self, invoice: &str) -> Payment {
        let paid = self.state().charged.iter().any(|(number, _)| number == invoice);
        let failed = PaymentState::Failed { reason: "The card was declined.".to_owned() };
        Payment {
            id: format!("pay_{invoice}"),
            invoice: invoice.to_owned(),
            state: if paid { PaymentState::Paid } else { failed },
        }
    }
}

#[async_trait::async_trait]
impl Payments for MemoryPayments {
    fn browser(&self) -> PaymentBrowser {
        PaymentBrowser {
            publishable_key: "pk_test".to_owned(),
            script: "https://pay.example/script.js".to_owned(),
            script_origins: vec!["https://pay.example".to_owned()],
            connect_origins: vec!["https://pay.example".to_owned()],
            frame_origins: vec!["https://pay.example".to_owned()],
        }
    }

    async fn create_customer(&self, _: &NewCustomer<'_>, _: &str) -> Result<String, PaymentError> {
        Ok(CUSTOMER.to_owned())
    }

    async fn begin_card(&self, _: &str, key: &str) -> Result<CardSetup, PaymentError> {
        let id = format!("seti_{key}");
        self.state().setups.entry(id.clone()).or_default();
        Ok(CardSetup { id, client_secret: Secret::from("secret".to_owned()) })
    }

    async fn card_setup(&self, id: &str) -> Result<CardSetupState, PaymentError> {
        let card = self.state().setups.get(id).cloned();
        let card = card.ok_or_else(|| PaymentError::Unknown("There is no such setup.".to_owned()))?;
        Ok(CardSetupState { customer: Some(CUSTOMER.to_owned()), card, is_over: false })
    }

    async fn cards(&self, _: &str) -> Result<Vec<Card>, PaymentError> {
        let state = self.state();
        let cards = state.setups.values().flatten().filter(|card| !state.removed.contains(card));
        Ok(cards
            .map(|id| Card {
                id: id.clone(),
                brand: "Visa".to_owned(),
                last4: id.trim_start_matches("pm_").to_owned(),
                expiry_month: 4,
                expiry_year: 2028,
                is_default: state.default.as_ref() == Some(id),
            })
            .collect())
    }

    async fn set_default_card(&self, _: &str, card: &str) -> Result<(), PaymentError> {
        self.state().default = Some(card.to_owned());
        Ok(())
    }

    async fn remove_card(&self, _: &str, card: &str) -> Result<(), PaymentError> {
        self.state().removed.push(card.to_owned());
        Ok(())
    }

    async fn charge(&self, charge: &Charge<'_>, _: &str) -> Result<Payment, PaymentError> {
        if self.state().default.is_none() {
            return Err(PaymentError::NoCard);
        }
        let is_paid = matches!(self.stands(charge.invoice).state, PaymentState::Paid);
        let mut state = self.state();
        if !is_paid && !state.declines {
            state.charged.push((charge.invoice.to_owned(), charge.total));
        }
        drop(state);
        Ok(self.stands(charge.invoice))
    }

    async fn find_payment(&self, _: &str, invoice: &str) -> Result<Option<Payment>, PaymentError> {
        Ok(Some(self.stands(invoice)))
    }

    async fn payment(&self, id: &str) -> Result<Option<Payment>, PaymentError> {
        Ok(id.strip_prefix("pay_").map(|invoice| self.stands(invoice)))
    }

    async fn void_payment(&self, _: &str) -> Result<(), PaymentError> {
        Ok(())
    }

    /// The body is the event's id; every event is of the first invoice.
    fn event(&self, signature: &str, body: &[u8], _: Timestamp) -> Result<PaymentEvent, PaymentEventError> {
        if signature != "signed" {
            return Err(PaymentEventError::WrongSignature);
        }
        Ok(PaymentEvent {
            id: String::from_utf8_lossy(body).into_owned(),
            kind: "invoice.updated".to_owned(),
            object_kind: "invoice".to_owned(),
            object: Some("pay_INV-000001".to_owned()),
        })
    }
}

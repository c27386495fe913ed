//! Stripe holds the cards and moves the money; every line and number of an invoice is ours.
//! `docs/adr/0022-payments-through-stripe.md` says how a charge is never made twice.

mod amount;
mod api;
mod charge;
mod decline;
mod event;
mod settings;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use service::Secret;
use service::ports::{
    Card, CardSetup, CardSetupState, Charge, NewCustomer, Payment, PaymentBrowser, PaymentError, PaymentEvent,
    PaymentEventError, Payments,
};

use crate::outbound::Outbound;
use api::{Api, List, NOTHING};
pub use settings::StripeSettings;

/// What our objects at Stripe say of ours here.
const ORGANIZATION: &str = "tenantry_organization";

/// Payments by cards that Stripe holds.
pub struct StripePayments {
    api: Api,
    webhook_secrets: Vec<Secret>,
    browser: PaymentBrowser,
}

#[derive(Deserialize)]
struct Customer {
    id: String,
    #[serde(default)]
    deleted: bool,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    #[serde(default)]
    invoice_settings: InvoiceSettings,
}

#[derive(Default, Serialize, Deserialize)]
struct InvoiceSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    default_payment_method: Option<String>,
}

#[derive(Serialize)]
struct CustomerForm<'a> {
    name: &'a str,
    email: &'a str,
    metadata: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct DefaultCardForm {
    invoice_settings: InvoiceSettings,
}

#[derive(Deserialize)]
struct SetupIntent {
    id: String,
    client_secret: Option<String>,
    status: String,
    customer: Option<String>,
    payment_method: Option<String>,
}

#[derive(Serialize)]
struct SetupForm<'a> {
    customer: &'a str,
    usage: &'a str,
    payment_method_types: [&'a str; 1],
}

#[derive(Deserialize)]
struct PaymentMethod {
    id: String,
    customer: Option<String>,
    card: Option<CardDetails>,
}

#[derive(Deserialize)]
struct CardDetails {
    brand: String,
    last4: String,
    exp_month: u8,
    exp_year: u16,
}

impl StripePayments {
    /// Fails, saying which, when a setting is missing or two don't belong together.
    pub fn new(settings: &StripeSettings, outbound: Arc<Outbound>) -> Result<Self, String> {
        let (secret_key, publishable_key) = settings.keys()?;
        let api = Api::new(outbound, &settings.api_url, secret_key);
        let browser = settings.browser(publishable_key)?;
        Ok(Self { api, webhook_secrets: settings.webhook_secrets.clone(), browser })
    }

    async fn customer(&self, id: &str) -> Result<Customer, PaymentError> {
        let customer: Customer = self.api.get(&format!("/v1/customers/{}", api::id(id)?), &NOTHING).await?;
        if customer.deleted { Err(api::unknown("customer")) } else { Ok(customer) }
    }

    async fn card(&self, id: &str) -> Result<PaymentMethod, PaymentError> {
        Ok(self.api.get(&format!("/v1/payment_methods/{}", api::id(id)?), &NOTHING).await?)
    }
}

#[async_trait::async_trait]
impl Payments for StripePayments {
    fn browser(&self) -> PaymentBrowser {
        self.browser.clone()
    }

    async fn create_customer(&self, new: &NewCustomer<'_>, key: &str) -> Result<String, PaymentError> {
        let of_email: List<Customer> =
            self.api.get("/v1/customers", &BTreeMap::from([("email", new.email), ("limit", "100")])).await?;
        let is_theirs =
            |customer: &Customer| customer.metadata.get(ORGANIZATION).is_some_and(|id| id == new.organization);
        if let Some(customer) = of_email.data.into_iter().find(is_theirs) {
            return Ok(customer.id);
        }
        let metadata = BTreeMap::from([(ORGANIZATION, new.organization)]);
        let form = CustomerForm { name: new.name, email: new.email, metadata };
        let made: Customer = self.api.post("/v1/customers", &form, Some(key)).await?;
        Ok(made.id)
    }

    async fn begin_card(&self, customer: &str, key: &str) -> Result<CardSetup, PaymentError> {
        let form = SetupForm { customer, usage: "off_session", payment_method_types: ["card"] };
        let intent: SetupIntent = self.api.post("/v1/setup_intents", &form, Some(key)).await?;
        let client_secret = intent.client_secret.ok_or_else(api::unreadable)?;
        Ok(CardSetup { id: intent.id, client_secret: Secret::from(client_secret) })
    }

    async fn card_setup(&self, id: &str) -> Result<CardSetupState, PaymentError> {
        let intent: SetupIntent = self.api.get(&format!("/v1/setup_intents/{}", api::id(id)?), &NOTHING).await?;
        let card = if intent.status == "succeeded" { intent.payment_method } else { None };
        Ok(CardSetupState { customer: intent.customer, card, is_over: intent.status == "canceled" })
    }

    async fn cards(&self, customer: &str) -> Result<Vec<Card>, PaymentError> {
        let default = self.customer(customer).await?.invoice_settings.default_payment_method;
        let query = BTreeMap::from([("customer", customer), ("type", "card"), ("limit", "100")]);
        let methods: List<PaymentMethod> = self.api.get("/v1/payment_methods", &query).await?;
        let read = |method: PaymentMethod| {
            let CardDetails { brand, last4, exp_month, exp_year } = method.card?;
            let is_default = default.as_ref() == Some(&method.id);
            Some(Card { id: method.id, brand, last4, expiry_month: exp_month, expiry_year: exp_year, is_default })
        };
        Ok(methods.data.into_iter().filter_map(read).collect())
    }

    async fn set_default_card(&self, customer: &str, card: &str) -> Result<(), PaymentError> {
        let method = self.card(card).await?;
        if method.customer.as_deref() != Some(customer) {
            return Err(api::unknown("card"));
        }
        let form = DefaultCardForm { invoice_settings: InvoiceSettings { default_payment_method: Some(method.id) } };
        let path = format!("/v1/customers/{}", api::id(customer)?);
        self.api.post::<Customer>(&path, &form, None).await?;
        Ok(())
    }

    async fn remove_card(&self, customer: &str, card: &str) -> Result<(), PaymentError> {
        let method = match self.card(card).await {
            Err(PaymentError::Unknown(_)) => return Ok(()),
            found => found?,
        };
        match method.customer {
            None => Ok(()),
            // Stripe itself would detach anybody's.
            Some(theirs) if theirs != customer => Err(api::unknown("card")),
            Some(_) => {
                let path = format!("/v1/payment_methods/{}/detach", method.id);
                self.api.post::<PaymentMethod>(&path, &NOTHING, None).await?;
                Ok(())
            }
        }
    }

    async fn charge(&self, charge: &Charge<'_>, key: &str) -> Result<Payment, PaymentError> {
        charge::charge(self, charge, key).await
    }

    async fn find_payment(&self, customer: &str, invoice: &str) -> Result<Option<Payment>, PaymentError> {
        charge::find(self, customer, invoice).await?.map(charge::StripeInvoice::into_payment).transpose()
    }

    async fn payment(&self, id: &str) -> Result<Option<Payment>, PaymentError> {
        charge::payment(self, id).await
    }

    async fn void_payment(&self, id: &str) -> Result<(), PaymentError> {
        charge::void(self, id).await
    }

    fn event(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<PaymentEvent, PaymentEventError> {
        event::read(&self.webhook_secrets, signature, body, now)
    }
}

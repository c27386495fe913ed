//! Requests to Stripe's API, and what its refusals mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use service::Secret;
use service::ports::PaymentError;

use super::decline;
use crate::outbound::{Answer, Outbound, OutboundError, Request};

/// Under this version an invoice names its PaymentIntent and the other way round; later ones know several of an invoice.
const VERSION: &str = "2025-02-24.acacia";
const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The longest id, and the longest key, in characters.
const NAME_MAX: usize = 255;

/// The form of a request that needs to say nothing.
pub const NOTHING: BTreeMap<&str, &str> = BTreeMap::new();

pub struct Api {
    outbound: Arc<Outbound>,
    base: String,
    secret_key: Secret,
}

/// A page of a list.
#[derive(Deserialize)]
pub struct List<T> {
    pub data: Vec<T>,
    pub has_more: bool,
}

/// Why a request didn't do what it should.
#[derive(Debug)]
pub enum Refusal {
    /// The bank's word on a card, for whoever pays.
    Declined(&'static str),
    Failed(PaymentError),
}

impl From<Refusal> for PaymentError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Declined(reason) => Self::Permanent(reason.to_owned()),
            Refusal::Failed(error) => error,
        }
    }
}

impl From<PaymentError> for Refusal {
    fn from(error: PaymentError) -> Self {
        Self::Failed(error)
    }
}

/// As much of Stripe's errors as is understood; its message is for the account's owner and left there.
#[derive(Default, Deserialize)]
struct ErrorBody {
    error: StripeError,
}

#[derive(Default, Deserialize)]
struct StripeError {
    #[serde(rename = "type")]
    kind: Option<String>,
    code: Option<String>,
    decline_code: Option<String>,
}

impl Api {
    pub fn new(outbound: Arc<Outbound>, base: &str, secret_key: Secret) -> Self {
        Self { outbound, base: base.trim_end_matches('/').to_owned(), secret_key }
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: &(impl Serialize + Sync)) -> Result<T, Refusal> {
        let query = encode(query)?;
        let mark = if query.is_empty() { "" } else { "?" };
        self.send(Method::GET, &format!("{path}{mark}{query}"), String::new(), None).await
    }

    /// What makes something carries a key; what only sets something needs none.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &(impl Serialize + Sync),
        key: Option<&str>,
    ) -> Result<T, Refusal> {
        self.send(Method::POST, path, encode(form)?, key).await
    }

    pub async fn delete<T: DeserializeOwned>(&self, path: &str) -> Result<T, Refusal> {
        self.send(Method::DELETE, path, String::new(), None).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: String,
        key: Option<&str>,
    ) -> Result<T, Refusal> {
        let url = format!("{}{path}", self.base);
        let mut request = Request::new(method, &url);
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", self.secret_key.expose()))
            .map_err(|_| permanent("Stripe's secret key can't stand in a header."))?;
        bearer.set_sensitive(true);
        request.headers.insert(AUTHORIZATION, bearer);
        request.headers.insert(STRIPE_VERSION, HeaderValue::from_static(VERSION));
        request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        if let Some(key) = key {
            let value = HeaderValue::from_str(key).ok().filter(|value| value.len() <= NAME_MAX);
            request.headers.insert(IDEMPOTENCY_KEY, value.ok_or_else(|| permanent("The request's key is no key."))?);
        }
        request.body = body.into_bytes();
        request.is_confidential = true;
        let answer = self.outbound.send(request).await.map_err(unreached)?;
        if !answer.status.is_success() {
            return Err(refused(&answer));
        }
        // The parser's words are dropped: they quote.
        serde_json::from_slice(&answer.body).map_err(|_| unreadable().into())
    }
}

fn encode(form: &impl Serialize) -> Result<String, PaymentError> {
    serde_qs::to_string(form).map_err(|_| permanent("The request to Stripe can't be written."))
}

/// An id that may stand in a path.
pub fn id(text: &str) -> Result<&str, PaymentError> {
    if is_id(text) { Ok(text) } else { Err(PaymentError::Unknown("That is no id of Stripe's.".to_owned())) }
}

pub fn is_id(text: &str) -> bool {
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=NAME_MAX).contains(&text.len()) && text.bytes().all(is_known)
}

pub fn permanent(words: impl Into<String>) -> PaymentError {
    PaymentError::Permanent(words.into())
}

pub fn unknown(what: &str) -> PaymentError {
    PaymentError::Unknown(format!("Stripe doesn't know that {what}."))
}

pub fn unreadable() -> PaymentError {
    permanent("Stripe's answer isn't what was asked for.")
}

fn unreached(error: OutboundError) -> PaymentError {
    let words = format!("Stripe can't be reached: {error}.");
    match error {
        OutboundError::Unreachable(_) => PaymentError::Temporary(words),
        _ => PaymentError::Permanent(words),
    }
}

fn refused(answer: &Answer) -> Refusal {
    let error = serde_json::from_slice::<ErrorBody>(&answer.body).unwrap_or_default().error;
    let status = answer.status;
    let passes = status.is_server_error()
        || matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS
        );
    match status {
        StatusCode::PAYMENT_REQUIRED => {
            Refusal::Declined(decline::reason(error.code.as_deref(), error.decline_code.as_deref()))
        }
        _ if passes => {
            Refusal::Failed(PaymentError::Temporary(format!("Stripe answered with HTTP status {}.", status.as_u16())))
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            permanent("Stripe doesn't accept the secret key, or not for this.").into()
        }
        _ if error.kind.as_deref() == Some("idempotency_error") => {
            permanent("Stripe was asked for something else under the same key before.").into()
        }
        StatusCode::NOT_FOUND => unknown("object").into(),
        _ if error.code.as_deref() == Some("resource_missing") => unknown("object").into(),
        _ => {
            // Stripe's codes are fixed words; whatever else stands there isn't shown.
            let code = error
                .code
                .filter(|code| code.len() <= 60 && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
            let code = code.map_or_else(String::new, |code| format!(" ({code})"));
            permanent(format!("Stripe refused with HTTP status {}{code}.", status.as_u16())).into()
        }
    }
}

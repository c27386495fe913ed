//! How Stripe is reached, as the configuration says it.

use reqwest::Url;
use service::Secret;
use service::ports::PaymentBrowser;

const API: &str = "https://api.stripe.com";
const SCRIPT: &str = "https://js.stripe.com/v3/";
/// What Stripe's guide to Content-Security-Policy lists for Elements.
const SCRIPT_ORIGINS: [&str; 2] = ["https://js.stripe.com", "https://*.js.stripe.com"];
const FRAME_ORIGINS: [&str; 3] = ["https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"];

/// Keys and addresses.
#[derive(Debug, Clone)]
pub struct StripeSettings {
    pub secret_key: Option<Secret>,
    pub publishable_key: Option<String>,
    /// All that count, so that one can be replaced while events come.
    pub webhook_secrets: Vec<Secret>,
    pub api_url: String,
    /// Stripe.js; Stripe allows no copy of it elsewhere.
    pub script_url: String,
}

impl Default for StripeSettings {
    fn default() -> Self {
        Self {
            secret_key: None,
            publishable_key: None,
            webhook_secrets: Vec::new(),
            api_url: API.to_owned(),
            script_url: SCRIPT.to_owned(),
        }
    }
}

impl StripeSettings {
    /// What is missing, or doesn't belong together.
    pub fn check(&self) -> Result<(), String> {
        self.keys().map(drop)
    }

    /// The secret and the publishable key, when all that is needed is there.
    pub(super) fn keys(&self) -> Result<(Secret, String), String> {
        let missing: Vec<&str> = [
            ("stripe.secret_key", self.secret_key.is_none()),
            ("stripe.publishable_key", self.publishable_key.is_none()),
            ("stripe.webhook_secret", self.webhook_secrets.is_empty()),
        ]
        .into_iter()
        .filter_map(|(name, is_missing)| is_missing.then_some(name))
        .collect();
        let (Some(secret), Some(publishable), []) = (&self.secret_key, &self.publishable_key, missing.as_slice())
        else {
            let verb = if missing.len() == 1 { "is" } else { "are" };
            return Err(format!("{} {verb} missing", missing.join(", ")));
        };
        if is_live(secret.expose()) != is_live(publishable) {
            return Err(
                "stripe.secret_key and stripe.publishable_key don't belong together: one is live, one for tests"
                    .to_owned(),
            );
        }
        Ok((secret.clone(), publishable.clone()))
    }

    /// What a page needs. A script from elsewhere than Stripe speaks to where it comes from.
    pub(super) fn browser(&self, publishable_key: String) -> Result<PaymentBrowser, String> {
        let own = |origins: &[&str]| origins.iter().map(|origin| (*origin).to_owned()).collect();
        let (script, api) = (origin(&self.script_url)?, origin(&self.api_url)?);
        let (script_origins, frame_origins) = if script == SCRIPT_ORIGINS[0] {
            (own(&SCRIPT_ORIGINS), own(&FRAME_ORIGINS))
        } else {
            (vec![script.clone()], vec![script])
        };
        let connect_origins = vec![api];
        Ok(PaymentBrowser {
            publishable_key,
            script: self.script_url.clone(),
            script_origins,
            connect_origins,
            frame_origins,
        })
    }
}

fn is_live(key: &str) -> bool {
    key.contains("_live_")
}

fn origin(url: &str) -> Result<String, String> {
    let parsed = Url::parse(url).map_err(|_| format!("`{url}` is no address"))?;
    Ok(parsed.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete() -> StripeSettings {
        StripeSettings {
            secret_key: Some(Secret::from("sk_test_1".to_owned())),
            publishable_key: Some("pk_test_1".to_owned()),
            webhook_secrets: vec![Secret::from("whsec_1".to_owned())],
            ..StripeSettings::default()
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(
            StripeSettings::default().keys().unwrap_err(),
            "stripe.secret_key, stripe.publishable_key, stripe.webhook_secret are missing"
        );
        let without = StripeSettings { webhook_secrets: Vec::new(), ..complete() };
        assert_eq!(without.keys().unwrap_err(), "stripe.webhook_secret is missing");
        assert_eq!(complete().keys().unwrap().1, "pk_test_1");
    }

    #[test]
    fn live_and_test_keys_do_not_mix() {
        let mixed = StripeSettings { publishable_key: Some("pk_live_1".to_owned()), ..complete() };
        assert!(mixed.keys().unwrap_err().contains("don't belong together"));
    }

    #[test]
    fn pages_are_told_which_origins_to_let_in() {
        let browser = complete().browser("pk_test_1".to_owned()).unwrap();
        assert_eq!(browser.script, "https://js.stripe.com/v3/");
        assert_eq!(browser.script_origins, ["https://js.stripe.com", "https://*.js.stripe.com"]);
        assert_eq!(browser.connect_origins, ["https://api.stripe.com"]);
        assert!(browser.frame_origins.contains(&"https://hooks.stripe.com".to_owned()));

        let elsewhere = StripeSettings {
            api_url: "http://127.0.0.1:8420".to_owned(),
            script_url: "http://127.0.0.1:8420/js.stripe.com/v3/".to_owned(),
            ..complete()
        };
        let browser = elsewhere.browser("pk_test_1".to_owned()).unwrap();
        assert_eq!(browser.script_origins, ["http://127.0.0.1:8420"]);
        assert_eq!(browser.connect_origins, ["http://127.0.0.1:8420"]);
    }
}

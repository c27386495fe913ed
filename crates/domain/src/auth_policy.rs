//! *Authentication*: how an organization's people sign in, as far as the organization decides it (product §6, §8). It is
//! checked when a session or token enters the organization, and says nothing about any other.

use serde::{Deserialize, Serialize};

use crate::error::FieldError;
use crate::host::HostName;
use crate::org::OrgHeader;
use crate::people::Viewer;
use crate::time::{Span, Timestamp};

/// Longest session, in hours; the instance's own end is 30 days.
pub const CONSOLE_HOURS_MAX: u32 = 720;
/// Longest sign-in from the command line, in hours.
pub const CLI_HOURS_MAX: u32 = 12;
/// Longest lifetime of a token, in days.
pub const TOKEN_DAYS_MAX: u32 = 3_650;
/// Most trusted domains.
pub const DOMAINS_MAX: usize = 100;

/// Where anybody has an address; trusting one of these trusts everybody.
const PUBLIC_MAIL: &[&str] = &[
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.com",
    "mail.ru",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "web.de",
    "yahoo.com",
    "yandex.ru",
    "zoho.com",
];

/// Checked values; each `None` leaves it to the instance.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AuthPolicy {
    /// Hours after which a console session has to sign in again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub console_hours: Option<u32>,
    /// The same for a sign-in from the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cli_hours: Option<u32>,
    /// Days that a token may live; one that lives longer is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_days: Option<u32>,
    /// If any, only addresses of these may be invited; nobody joins by them alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trusted_domains: Vec<HostName>,
}

/// A session or token that wants to enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entering {
    Session,
    /// From the command line.
    Cli,
    Token {
        /// `None`: never.
        expires_at: Option<Timestamp>,
    },
}

/// Why a session or token may not enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It was issued before the organization's last reset.
    Reset,
    /// Its time in this organization is up.
    TimedOut,
    /// It lives longer than the organization lets tokens live.
    LivesTooLong,
}

impl Refusal {
    /// What whoever uses a token is told; a session signs in again.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Reset => "This organization has reset its authentication since the token was made. Make a new one.",
            Self::TimedOut => "The sign-in is older than this organization allows. Sign in again.",
            Self::LivesTooLong => "This organization takes no tokens that live so long. Make one that expires sooner.",
        }
    }
}

impl AuthPolicy {
    /// Whether what was issued at `issued_at` may still enter.
    pub fn admits(&self, entering: Entering, issued_at: Timestamp, now: Timestamp) -> Result<(), Refusal> {
        let hours = match entering {
            Entering::Session => self.console_hours,
            Entering::Cli => self.cli_hours,
            Entering::Token { .. } => None,
        };
        if hours.is_some_and(|hours| now >= issued_at.plus(Span::hours(i64::from(hours)))) {
            return Err(Refusal::TimedOut);
        }
        match entering {
            Entering::Token { expires_at } if !self.lets_live(issued_at, expires_at) => Err(Refusal::LivesTooLong),
            _ => Ok(()),
        }
    }

    /// Whether a token of this lifetime is taken.
    pub fn lets_live(&self, issued_at: Timestamp, expires_at: Option<Timestamp>) -> bool {
        let Some(days) = self.token_days else { return true };
        expires_at.is_some_and(|at| at <= issued_at.plus(Span::days(i64::from(days))))
    }

    /// Trusted domains where anybody has an address.
    pub fn public_domains(&self) -> Vec<&str> {
        let trusted = self.trusted_domains.iter().map(HostName::as_str);
        trusted.filter(|domain| PUBLIC_MAIL.contains(domain)).collect()
    }
}

/// The policy as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AuthForm {
    /// Empty leaves it to the instance, as for the next two.
    pub console_hours: String,
    pub cli_hours: String,
    pub token_days: String,
    /// Separated by commas, spaces or lines.
    pub trusted_domains: String,
}

impl AuthForm {
    /// Checks everything at once. `to_ascii` gives the ASCII form of an international host.
    pub fn check(&self, to_ascii: &dyn Fn(&str) -> Option<String>) -> Result<AuthPolicy, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut number = |field: &'static str, text: &str, max: u32, unit: &str| match text.trim() {
            "" => None,
            text => match text.parse() {
                Ok(number) if (1..=max).contains(&number) => Some(number),
                _ => {
                    let message = format!("Enter a number of {unit} from 1 to {max}, or nothing.");
                    errors.push(FieldError::new(field, message));
                    None
                }
            },
        };
        let console_hours = number("console_hours", &self.console_hours, CONSOLE_HOURS_MAX, "hours");
        let cli_hours = number("cli_hours", &self.cli_hours, CLI_HOURS_MAX, "hours");
        let token_days = number("token_days", &self.token_days, TOKEN_DAYS_MAX, "days");
        let longest = console_hours.max(cli_hours).unwrap_or(0);
        if token_days.is_some_and(|days| days.saturating_mul(24) < longest) {
            let message = format!("Tokens can't live shorter than a session of {longest} hours.");
            errors.push(FieldError::new("token_days", message));
        }
        let mut trusted_domains: Vec<HostName> = Vec::new();
        let words = self.trusted_domains.split(|c: char| c.is_whitespace() || c == ',');
        for word in words.filter(|word| !word.is_empty()) {
            match HostName::parse(word.trim_start_matches('@'), to_ascii) {
                Ok(domain) if trusted_domains.contains(&domain) => {}
                Ok(domain) => trusted_domains.push(domain),
                Err(error) => {
                    errors.push(FieldError::new("trusted_domains", format!("“{word}” is no domain: {error}")));
                }
            }
        }
        if trusted_domains.len() > DOMAINS_MAX {
            errors.push(FieldError::new("trusted_domains", format!("At most {DOMAINS_MAX} domains can be trusted.")));
        }
        let policy = AuthPolicy { console_hours, cli_hours, token_days, trusted_domains };
        if errors.is_empty() { Ok(policy) } else { Err(errors) }
    }
}

impl From<&AuthPolicy> for AuthForm {
    fn from(policy: &AuthPolicy) -> Self {
        let text = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let domains: Vec<&str> = policy.trusted_domains.iter().map(HostName::as_str).collect();
        Self {
            console_hours: text(policy.console_hours),
            cli_hours: text(policy.cli_hours),
            token_days: text(policy.token_days),
            trusted_domains: domains.join(", "),
        }
    }
}

/// A member's token that the organization doesn't take, because it lives too long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlivingToken {
    pub owner: String,
    pub name: String,
    /// `None`: never.
    pub expires_at: Option<Timestamp>,
}

/// What the page and programs see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthView {
    pub org: OrgHeader,
    /// What a save must name.
    pub version: i64,
    pub policy: AuthPolicy,
    /// Tokens of members, service accounts and workspaces that live longer than the policy allows, at most 100.
    pub outliving: Vec<OutlivingToken>,
    /// Tokens of service accounts and workspaces, which a reset can include.
    pub service_tokens: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthPage {
    pub viewer: Viewer,
    pub view: AuthView,
    pub now: Timestamp,
}

/// What a reset did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ResetDone {
    pub people: u64,
    pub sessions: u64,
    pub tokens: u64,
    /// Of service accounts and workspaces.
    #[serde(default)]
    pub service_tokens: u64,
    /// Sign-ins of programs that nobody had fetched yet, and links that nobody had used.
    pub codes_and_links: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(form: &AuthForm) -> Result<AuthPolicy, Vec<String>> {
        form.check(&|_| None).map_err(|errors| errors.into_iter().map(|error| error.field.into_owned()).collect())
    }

    #[test]
    fn a_form_reads_what_a_policy_writes() {
        let form = AuthForm {
            console_hours: "8".into(),
            cli_hours: "4".into(),
            token_days: "1".into(),
            trusted_domains: "@Example.com, gmail.com\nexample.com".into(),
        };
        let policy = check(&form).unwrap();
        assert_eq!(policy.public_domains(), ["gmail.com"]);
        assert_eq!(check(&AuthForm::from(&policy)), Ok(policy));
        assert_eq!(check(&AuthForm::default()), Ok(AuthPolicy::default()));
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let form = AuthForm {
            console_hours: "0".into(),
            cli_hours: "13".into(),
            token_days: "x".into(),
            trusted_domains: "nowhere a..b".into(),
        };
        let all = ["console_hours", "cli_hours", "token_days", "trusted_domains", "trusted_domains"];
        assert_eq!(check(&form), Err(all.map(str::to_owned).to_vec()));
        let short = AuthForm { console_hours: "48".into(), token_days: "1".into(), ..AuthForm::default() };
        assert_eq!(check(&short), Err(vec!["token_days".to_owned()]));
    }

    proptest! {
        #![proptest_config(crate::testing::config())]

        /// A stricter policy never lets in what a looser one refuses.
        #[test]
        fn stricter_is_stricter(hours in 1..720_u32, less in 1..720_u32, age in 0..1_000_i64, days in 1..100_u32, life in 1..200_i64) {
            let policy = |hours: u32| AuthPolicy { console_hours: Some(hours), token_days: Some(days), ..AuthPolicy::default() };
            let (strict, loose) = (policy(hours.min(less)), policy(hours.max(less)));
            let issued = Timestamp::from_micros(0);
            let now = issued.plus(Span::hours(age));
            if strict.admits(Entering::Session, issued, now).is_ok() {
                prop_assert_eq!(loose.admits(Entering::Session, issued, now), Ok(()));
            }
            let token = Entering::Token { expires_at: Some(issued.plus(Span::days(life))) };
            prop_assert_eq!(strict.admits(token, issued, now).is_ok(), life <= i64::from(days));
            let for_ever = Entering::Token { expires_at: None };
            prop_assert!(strict.admits(for_ever, issued, now).is_err());
        }
    }
}

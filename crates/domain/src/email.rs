//! Email addresses.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::host::{self, HostError};

/// Longest address that mail transport carries.
pub const EMAIL_MAX: usize = 254;
const LOCAL_MAX: usize = 64;

/// An address as typed, trimmed. Two addresses are one person's when their [`Email::folded`] forms agree.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// Why a text is no email address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmailError {
    Empty,
    TooLong,
    NoAt,
    ManyAts,
    EmptyLocal,
    LongLocal,
    LocalDot,
    LocalCharacter(char),
    EmptyDomain,
    /// Needs its `xn--` form.
    InternationalDomain,
    Domain(HostError),
}

impl Email {
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        if text.len() > EMAIL_MAX {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailError::NoAt)?;
        if domain.contains('@') {
            return Err(EmailError::ManyAts);
        }
        check_local(local)?;
        if domain.is_empty() {
            return Err(EmailError::EmptyDomain);
        }
        if !domain.is_ascii() {
            return Err(EmailError::InternationalDomain);
        }
        host::check_labels(domain).map_err(EmailError::Domain)?;
        if !domain.contains('.') {
            return Err(EmailError::Domain(HostError::SingleLabel));
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What uniqueness is decided on.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

/// RFC 5322's dot-atom: what mail systems give out in practice, and nothing that needs quoting.
fn check_local(local: &str) -> Result<(), EmailError> {
    if local.is_empty() {
        return Err(EmailError::EmptyLocal);
    }
    let is_atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    if let Some(c) = local.chars().find(|c| *c != '.' && !is_atom(*c)) {
        return Err(EmailError::LocalCharacter(c));
    }
    if local.len() > LOCAL_MAX {
        return Err(EmailError::LongLocal);
    }
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err(EmailError::LocalDot);
    }
    Ok(())
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for EmailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Enter an email address."),
            Self::TooLong => write!(f, "An email address has at most {EMAIL_MAX} characters."),
            Self::NoAt => f.write_str("An email address needs an “@”, as in ada@example.com."),
            Self::ManyAts => f.write_str("An email address has only one “@”."),
            Self::EmptyLocal => f.write_str("The part before “@” is missing."),
            Self::LongLocal => write!(f, "The part before “@” has at most {LOCAL_MAX} characters."),
            Self::LocalDot => {
                f.write_str("The part before “@” can't start or end with a dot, nor have two dots in a row.")
            }
            Self::LocalCharacter(c) => write!(f, "The part before “@” can't contain {}.", crate::name::Visible(*c)),
            Self::EmptyDomain => f.write_str("The part after “@” is missing."),
            Self::InternationalDomain => {
                f.write_str("Write the domain after “@” in its ASCII form, the one that starts with “xn--”.")
            }
            Self::Domain(HostError::SingleLabel) => {
                f.write_str("The domain after “@” has at least two parts, as in example.com.")
            }
            Self::Domain(HostError::EmptyLabel) => {
                f.write_str("The domain after “@” can't start or end with a dot, nor have two dots in a row.")
            }
            Self::Domain(error) => write!(f, "The domain after “@” isn't a host name. {error}"),
        }
    }
}

impl std::error::Error for EmailError {}

impl TryFrom<String> for Email {
    type Error = EmailError;
    fn try_from(text: String) -> Result<Self, EmailError> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keeps_the_address_as_typed_and_compares_folded() {
        let email = Email::parse("  Ada.Lovelace+x@Example.COM ").unwrap();
        assert_eq!(email.as_str(), "Ada.Lovelace+x@Example.COM");
        assert_eq!(email.folded(), "ada.lovelace+x@example.com");
        assert_eq!(email.domain(), "Example.COM");
        assert_eq!(serde_json::to_string(&email).unwrap(), "\"Ada.Lovelace+x@Example.COM\"");
        assert!(serde_json::from_str::<Email>("\"nobody\"").is_err());
    }

    #[test]
    fn names_each_fault() {
        let long_local = format!("{}@example.com", "a".repeat(65));
        let long = format!("a@{}example.com", "abcdefgh.".repeat(30));
        for (text, error) in [
            (" ", EmailError::Empty),
            (long.as_str(), EmailError::TooLong),
            ("ada", EmailError::NoAt),
            ("ada@b@example.com", EmailError::ManyAts),
            ("@example.com", EmailError::EmptyLocal),
            (long_local.as_str(), EmailError::LongLocal),
            (".ada@example.com", EmailError::LocalDot),
            ("ada.@example.com", EmailError::LocalDot),
            ("a..da@example.com", EmailError::LocalDot),
            ("\"ada\"@example.com", EmailError::LocalCharacter('"')),
            ("ada b@example.com", EmailError::LocalCharacter(' ')),
            ("adä@example.com", EmailError::LocalCharacter('ä')),
            ("ada@", EmailError::EmptyDomain),
            ("ada@bücher.example", EmailError::InternationalDomain),
            ("ada@localhost", EmailError::Domain(HostError::SingleLabel)),
            ("ada@example.com.", EmailError::Domain(HostError::EmptyLabel)),
            ("ada@192.0.2.1", EmailError::Domain(HostError::Ipv4)),
            ("ada@exa_mple.com", EmailError::Domain(HostError::Underscore)),
        ] {
            assert_eq!(Email::parse(text), Err(error.clone()), "{text}");
            assert!(error.to_string().ends_with('.'), "{error}");
        }
    }

    proptest! {
        #![proptest_config(crate::testing::config())]

        #[test]
        fn parsing_twice_is_parsing_once(text in ".{0,20}@.{0,20}|[a-zA-Z.+]{1,20}@[a-zA-Z.-]{1,20}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                prop_assert_eq!(Email::parse(&email.folded()).map(|e| e.folded()), Ok(email.folded()));
            }
        }
    }
}

//! Signing a program in from a browser (RFC 8628): the program shows a short code, and somebody who is signed in approves.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::time::{Span, Timestamp};

/// A code that nobody decides on is dead after this long.
pub const LIFETIME: Span = Span::minutes(10);
/// Seconds that a program waits between two questions at first; asking faster costs it as much more each time.
pub const INTERVAL: i64 = 5;

/// Programs that may ask: how they call themselves, and what people are told.
const CLIENTS: &[(&str, &str)] = &[(COMMAND_LINE, "Tenantry command line")];

/// `tenantry login`.
pub const COMMAND_LINE: &str = "tenantry-cli";

/// What a program is called; `None` for one that may not ask.
pub fn client_name(id: &str) -> Option<&'static str> {
    CLIENTS.iter().find(|(known, _)| *known == id).map(|(_, name)| *name)
}

/// Consonants only: they spell no words, and none looks like a digit.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const CODE_LENGTH: usize = 8;

/// What a person types to tell which program they mean: `BCDF-GHJK`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserCode(String);

impl UserCode {
    pub fn from_random(random: [u8; 8]) -> Self {
        let mut number = u64::from_be_bytes(random);
        let letters = (0..CODE_LENGTH).map(|_| {
            let letter = LETTERS[(number % 20) as usize];
            number /= 20;
            char::from(letter)
        });
        Self(letters.collect())
    }

    /// Reads a typed code; its case, hyphens and spaces don't matter.
    pub fn parse(field: &'static str, text: &str) -> Result<Self, Fault> {
        let folded: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        if folded.is_empty() {
            return Err(Fault::invalid(field, "Enter the code that the program shows."));
        }
        if folded.len() != CODE_LENGTH || !folded.bytes().all(|b| LETTERS.contains(&b)) {
            let message = "A code has 8 letters, none of them a vowel, like BCDF-GHJK. Check it for a slip.";
            return Err(Fault::invalid(field, message));
        }
        Ok(Self(folded))
    }

    /// As stored.
    pub fn folded(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(CODE_LENGTH / 2);
        write!(f, "{first}-{second}")
    }
}

/// Why a program isn't signed in, or not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    InvalidRequest,
    UnsupportedGrantType,
    /// A program that isn't known.
    InvalidClient,
    /// A code that isn't known, or was used.
    InvalidGrant,
    /// Nobody has decided yet.
    Pending,
    /// As pending, and the program asks too often.
    SlowDown,
    Denied,
    Expired,
}

impl Refusal {
    pub const ALL: [Self; 8] = [
        Self::InvalidRequest,
        Self::UnsupportedGrantType,
        Self::InvalidClient,
        Self::InvalidGrant,
        Self::Pending,
        Self::SlowDown,
        Self::Denied,
        Self::Expired,
    ];

    /// As RFC 6749 and RFC 8628 call it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::Pending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::Denied => "access_denied",
            Self::Expired => "expired_token",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.code() == code)
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::InvalidRequest => "A parameter is missing.",
            Self::UnsupportedGrantType => "Only the grant type of device codes is known here.",
            Self::InvalidClient => "No program of this name may sign in.",
            Self::InvalidGrant => "The device code is unknown, or was used.",
            Self::Pending => "Nobody has decided yet.",
            Self::SlowDown => "Ask less often.",
            Self::Denied => "The sign-in was denied.",
            Self::Expired => "The code has expired.",
        }
    }
}

/// What asks to be signed in, for the person who decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRequest {
    /// As the program shows it.
    pub code: String,
    pub client: String,
    /// Where the program asked from.
    pub address: Option<String>,
    pub created_at: Timestamp,
    pub now: Timestamp,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceDecided {
    pub client: String,
    pub approved: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn typed_codes_are_read_and_slips_are_told() {
        for text in ["BCDF-GHJK", "bcdfghjk", " BCDF GHJK ", "bcdf-ghjk\n"] {
            assert_eq!(UserCode::parse("x", text).map(|code| code.to_string()).as_deref(), Ok("BCDF-GHJK"), "{text:?}");
        }
        for (text, says) in
            [("", "Enter the code"), ("-", "Enter"), ("BCDF-GHJ", "8 letters"), ("BCDF-GHJ0", "8 letters")]
        {
            assert!(UserCode::parse("x", text).unwrap_err().to_string().contains(says), "{text:?}");
        }
    }

    #[test]
    fn refusals_are_known_by_their_codes() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::from_code(refusal.code()), Some(refusal));
        }
        assert_eq!(client_name("tenantry-cli"), Some("Tenantry command line"));
        assert_eq!(client_name("somebody"), None);
    }

    proptest! {
        #![proptest_config(crate::testing::config())]

        #[test]
        fn any_random_code_is_read_as_it_is_shown(random in any::<[u8; 8]>()) {
            let code = UserCode::from_random(random);
            prop_assert_eq!(UserCode::parse("x", &code.to_string()), Ok(code));
        }

        #[test]
        fn any_text_is_a_code_or_none(text in any::<String>()) {
            if let Ok(code) = UserCode::parse("x", &text) {
                prop_assert_eq!(code.folded().len(), 8);
            }
        }
    }
}

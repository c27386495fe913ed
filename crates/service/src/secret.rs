//! Text that must not be printed.

use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

use crate::ports::Rng;

/// A password or token; its `Debug` form tells nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// 256 fresh random bits, safe in URLs and cookies.
    pub fn random(rng: &dyn Rng) -> Self {
        let mut bytes = [0; 32];
        rng.fill(&mut bytes);
        Self(BASE64URL_NOPAD.encode(&bytes))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the database keeps of a token. Tokens have 256 random bits, so that a plain hash is enough; passwords
    /// never come here.
    pub fn token_hash(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.0.as_bytes()))
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

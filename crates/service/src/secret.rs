//! Text that must not be printed.

use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

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

    /// A bootstrap token as Parsec's clients read it: a MessagePack `bin` of 16 random bytes.
    pub fn bootstrap(rng: &dyn Rng) -> Self {
        let mut bytes = [0; 18];
        rng.fill(&mut bytes);
        [bytes[0], bytes[1]] = [0xc4, 16];
        Self(BASE64URL_NOPAD.encode(&bytes))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the database keeps of a token. Tokens have at least 128 random bits, so that a plain hash is enough; passwords
    /// never come here.
    pub fn token_hash(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.0.as_bytes()))
    }
}

/// SHA-256, for what is compared and not kept secret.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

impl Secret {
    /// Compares without telling by its time where the texts part.
    pub fn matches(&self, other: &Self) -> bool {
        let digest = |secret: &Self| Sha256::digest(secret.0.as_bytes());
        digest(self).as_slice().ct_eq(digest(other).as_slice()).into()
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

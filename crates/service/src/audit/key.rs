//! The key that signs checkpoints. It lives outside the database, so that whoever can rewrite the log can't sign it.

use std::fmt;

use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use ed25519_dalek::{Signature, Signer, VerifyingKey};
use zeroize::Zeroizing;

use crate::ports::Rng;

/// Goes before what is signed, so that a signature is good for checkpoints alone.
const CONTEXT: &str = "tenantry audit checkpoint\n";

/// Ed25519; wiped from memory when it is dropped.
pub struct SigningKey(ed25519_dalek::SigningKey);

/// Tells whether a checkpoint comes from the holder of the [`SigningKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl SigningKey {
    pub fn generate(rng: &dyn Rng) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill(&mut *bytes);
        Self(ed25519_dalek::SigningKey::from_bytes(&bytes))
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(HEX.decode(text.trim().as_bytes()).ok()?);
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(bytes.as_slice().try_into().ok()?);
        Some(Self(ed25519_dalek::SigningKey::from_bytes(&bytes)))
    }

    /// 64 hexadecimal digits, for the key's file.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(HEX.encode(&*Zeroizing::new(self.0.to_bytes())))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(super) fn sign(&self, text: &str) -> String {
        HEX.encode(&self.0.sign(&in_context(text)).to_bytes())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl PublicKey {
    /// 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bytes: Option<[u8; 32]> = HEX.decode(text.trim().as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
        key.map(Self).ok_or_else(|| format!("`{text}` is no public key: 64 hexadecimal digits are expected"))
    }

    pub(super) fn has_signed(&self, text: &str, signature: &str) -> bool {
        let bytes: Option<[u8; 64]> = HEX.decode(signature.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.is_some_and(|bytes| self.0.verify_strict(&in_context(text), &Signature::from_bytes(&bytes)).is_ok())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEX.encode(self.0.as_bytes()))
    }
}

fn in_context(text: &str) -> Vec<u8> {
    [CONTEXT, text].concat().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;

    impl Rng for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for (n, byte) in (1..).zip(bytes) {
                *byte = n;
            }
        }
    }

    #[test]
    fn keys_are_read_as_they_are_written_and_tell_their_own_signatures() {
        let key = SigningKey::generate(&Counting);
        let again = SigningKey::parse(&format!("{}\n", *key.to_text())).unwrap();
        assert_eq!(PublicKey::parse(&again.public().to_string()), Ok(key.public()));
        let signature = again.sign("text");
        assert!(key.public().has_signed("text", &signature));
        assert!(!key.public().has_signed("texts", &signature));
        assert!(!key.public().has_signed("text", ""));
        let other = SigningKey::parse(&"07".repeat(32)).unwrap();
        assert!(!other.public().has_signed("text", &signature));
        for bad in ["", "07", "zz", &"07".repeat(33)] {
            assert!(SigningKey::parse(bad).is_none() && PublicKey::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_secret_isnt_printed() {
        let key = SigningKey::generate(&Counting);
        assert!(!format!("{key:?}").contains(&**key.to_text()));
    }
}

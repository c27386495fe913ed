//! Encryption of what the database keeps secret: envelope encryption with XChaCha20-Poly1305. Each value has a key of its
//! own, which stands beside it, encrypted by a master key; so a new master key touches no value, only the keys of values.
//!
//! A sealed text is `{id of the master key}.{the value's key, sealed}.{the value, sealed}`, and is good for one place in the
//! database alone: moved elsewhere, it doesn't open.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

use crate::ports::{Keys, Rng};
use crate::secret::Secret;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
/// What a value's key is bound to.
const KEY_PLACE: &str = "key";

/// A key that encrypts the keys of values.
#[derive(Clone, PartialEq, Eq)]
pub struct MasterKey {
    /// Tells it from others; not secret.
    id: String,
    bytes: [u8; KEY_BYTES],
}

impl MasterKey {
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self { id: HEXLOWER.encode(&Sha256::digest(bytes)[..4]), bytes }
    }

    /// From its text form: 32 bytes in base64.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64.decode(text.trim().as_bytes()).ok()?;
        bytes.try_into().ok().map(Self::new)
    }

    /// The text form; secret.
    pub fn to_text(&self) -> String {
        BASE64.encode(&self.bytes)
    }

    pub fn id(&self) -> &str {
        &self.id
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MasterKey({})", self.id)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    #[error("there is no encryption key; set encryption_key or encryption_key_file")]
    NoKey,
    #[error("the encryption key {0} is missing, with which a value was sealed")]
    KeyMissing(String),
    #[error("a sealed value of {0} was changed or moved from its place")]
    Broken(String),
}

/// Seals and opens with the process's keys.
pub struct Vault<'a> {
    keys: Vec<MasterKey>,
    rng: &'a dyn Rng,
}

impl<'a> Vault<'a> {
    pub(crate) fn new(keys: &dyn Keys, rng: &'a dyn Rng) -> Self {
        Self { keys: keys.keys(), rng }
    }

    /// The id of the key that seals.
    pub fn current(&self) -> Result<&str, VaultError> {
        Ok(self.master()?.id())
    }

    fn master(&self) -> Result<&MasterKey, VaultError> {
        self.keys.first().ok_or(VaultError::NoKey)
    }

    /// Encrypts `plain` for `place`, which names the row and column it will stand in.
    pub fn seal(&self, place: &str, plain: &Secret) -> Result<String, VaultError> {
        let mut key = [0; KEY_BYTES];
        self.rng.fill(&mut key);
        let value = self.encrypt(&key, place, plain.expose().as_bytes())?;
        self.envelope(&key, &value)
    }

    /// Decrypts what was sealed for `place`.
    pub fn open(&self, place: &str, sealed: &str) -> Result<Secret, VaultError> {
        let (key, value) = self.value_key(place, sealed)?;
        let plain = decrypt(&key, place, value).ok_or_else(|| VaultError::Broken(place.to_owned()))?;
        String::from_utf8(plain).map(Secret::from).map_err(|_| VaultError::Broken(place.to_owned()))
    }

    /// The same sealed text under the current master key; `None` when it is already.
    pub fn rewrap(&self, place: &str, sealed: &str) -> Result<Option<String>, VaultError> {
        if sealed.split('.').next() == Some(self.current()?) {
            return Ok(None);
        }
        let (key, value) = self.value_key(place, sealed)?;
        self.envelope(&key, value).map(Some)
    }

    fn envelope(&self, key: &[u8; KEY_BYTES], value: &str) -> Result<String, VaultError> {
        let master = self.master()?;
        let wrapped = self.encrypt(&master.bytes, KEY_PLACE, key)?;
        Ok(format!("{}.{wrapped}.{value}", master.id()))
    }

    /// The key of a sealed value, and the value, which it opens.
    fn value_key<'s>(&self, place: &str, sealed: &'s str) -> Result<([u8; KEY_BYTES], &'s str), VaultError> {
        let broken = || VaultError::Broken(place.to_owned());
        let mut parts = sealed.splitn(3, '.');
        let (Some(id), Some(wrapped), Some(value)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(broken());
        };
        let master = self.keys.iter().find(|key| key.id == id).ok_or_else(|| VaultError::KeyMissing(id.to_owned()))?;
        let key = decrypt(&master.bytes, KEY_PLACE, wrapped).and_then(|key| key.try_into().ok()).ok_or_else(broken)?;
        Ok((key, value))
    }

    fn encrypt(&self, key: &[u8; KEY_BYTES], place: &str, plain: &[u8]) -> Result<String, VaultError> {
        let mut nonce = [0; NONCE_BYTES];
        self.rng.fill(&mut nonce);
        let payload = Payload { msg: plain, aad: place.as_bytes() };
        let cipher = XChaCha20Poly1305::new(key.into());
        // Refused only for texts of many gigabytes.
        let text = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| VaultError::Broken(place.to_owned()))?;
        Ok(BASE64URL_NOPAD.encode(&[nonce.as_slice(), &text].concat()))
    }
}

fn decrypt(key: &[u8; KEY_BYTES], place: &str, sealed: &str) -> Option<Vec<u8>> {
    let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
    let (nonce, text) = bytes.split_first_chunk::<NONCE_BYTES>()?;
    let payload = Payload { msg: text, aad: place.as_bytes() };
    XChaCha20Poly1305::new(key.into()).decrypt(&XNonce::from(*nonce), payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU8, Ordering};

    struct Fixed(Vec<MasterKey>);

    impl Keys for Fixed {
        fn keys(&self) -> Vec<MasterKey> {
            self.0.clone()
        }
    }

    #[derive(Default)]
    struct Counting(AtomicU8);

    impl Rng for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    fn secret(text: &str) -> Secret {
        Secret::from(text.to_owned())
    }

    #[test]
    fn only_its_own_place_and_key_open_a_value() {
        let (old, new) = (MasterKey::new([1; 32]), MasterKey::new([2; 32]));
        let rng = Counting::default();
        let vault = |keys: &[&MasterKey]| Vault::new(&Fixed(keys.iter().map(|key| (*key).clone()).collect()), &rng);
        let before = vault(&[&old]);
        let sealed = before.seal("secret:1", &secret("hunter2")).unwrap();
        assert_eq!(before.open("secret:1", &sealed), Ok(secret("hunter2")));
        assert_ne!(before.seal("secret:1", &secret("hunter2")).unwrap(), sealed, "no two are alike");
        assert_eq!(before.open("secret:2", &sealed), Err(VaultError::Broken("secret:2".into())));
        assert_eq!(vault(&[&new]).open("secret:1", &sealed), Err(VaultError::KeyMissing(old.id().into())));
        assert_eq!(vault(&[]).seal("secret:1", &secret("x")), Err(VaultError::NoKey));

        let both = vault(&[&new, &old]);
        let rewrapped = both.rewrap("secret:1", &sealed).unwrap().unwrap();
        assert_eq!(vault(&[&new]).open("secret:1", &rewrapped), Ok(secret("hunter2")));
        assert_eq!(both.rewrap("secret:1", &rewrapped), Ok(None));
    }

    #[test]
    fn a_changed_text_opens_nothing() {
        let rng = Counting::default();
        let vault = Vault::new(&Fixed(vec![MasterKey::new([1; 32])]), &rng);
        let sealed = vault.seal("p", &secret("hunter2")).unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            let with = if &sealed[at..=at] == "A" { "B" } else { "A" };
            changed.replace_range(at..=at, with);
            assert!(vault.open("p", &changed).is_err(), "{at}");
        }
        for broken in ["", ".", "..", "a.b", "a.b.c.d"] {
            assert!(vault.open("p", broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn keys_read_what_they_write() {
        let key = MasterKey::new([7; 32]);
        assert_eq!(MasterKey::parse(&key.to_text()), Some(key));
        assert_eq!(MasterKey::parse("short"), None);
    }
}

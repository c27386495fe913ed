use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use service::Secret;
use service::ports::{PasswordError, Passwords};
use tokio::sync::Semaphore;

/// Hashes that may wait for a core; more are refused, so that a flood can't queue for minutes.
const QUEUE: usize = 32;

/// argon2id with the parameters OWASP recommends (19 MiB, 2 passes), one hash a core, off the async threads.
pub struct Argon2Passwords {
    queue: Semaphore,
    cores: Arc<Semaphore>,
}

impl Argon2Passwords {
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { queue: Semaphore::new(QUEUE + cores), cores: Arc::new(Semaphore::new(cores)) }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let failed = |error: &dyn std::error::Error| PasswordError::Failed(error.to_string());
        let _place = self.queue.try_acquire().map_err(|_| PasswordError::Busy)?;
        let core = Arc::clone(&self.cores).acquire_owned().await.map_err(|error| failed(&error))?;
        let worked = tokio::task::spawn_blocking(move || {
            let _core = core;
            work()
        });
        worked.await.map_err(|error| failed(&error))?
    }
}

impl Default for Argon2Passwords {
    fn default() -> Self {
        Self::new()
    }
}

/// A hash that no password is known for, with the default parameters: verified against for accounts that don't exist,
/// so that they cost the same.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keS1uby1vbmU$tDI3SEZXlq5NkBSwk3JrfFdlDmA4jg4D7zZ0bCPLmZM";

#[async_trait::async_trait]
impl Passwords for Argon2Passwords {
    async fn hash(&self, password: Secret) -> Result<String, PasswordError> {
        self.run(move || {
            let hash = Argon2::default().hash_password(password.expose().as_bytes());
            hash.map(|hash| hash.to_string()).map_err(|error| PasswordError::Failed(error.to_string()))
        })
        .await
    }

    async fn verify(&self, password: Secret, hash: Option<String>) -> Result<bool, PasswordError> {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        self.run(move || {
            let hash = PasswordHash::new(&hash).map_err(|error| PasswordError::Failed(error.to_string()))?;
            Ok(Argon2::default().verify_password(password.expose().as_bytes(), &hash).is_ok() && exists)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::from(text.to_owned())
    }

    #[tokio::test]
    async fn verifies_what_it_hashed_and_nothing_else() {
        let passwords = Argon2Passwords::new();
        let hash = passwords.hash(secret("correct horse battery")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.verify(secret("correct horse battery"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(secret("correct horse batterx"), Some(hash)).await.unwrap());
        assert!(!passwords.verify(secret("anything"), None).await.unwrap());
    }
}

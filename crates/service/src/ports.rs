//! What the service needs from outside, as traits; `integrations` has the adapters, `testapp` the ones for tests.

use domain::Timestamp;

use crate::secret::Secret;

pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// A cryptographically secure source.
pub trait Rng: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// The queue of hashes is full.
    #[error("too many passwords are being checked")]
    Busy,
    #[error("password hashing failed: {0}")]
    Failed(String),
}

/// Slow, salted password hashes, made off the async threads.
#[async_trait::async_trait]
pub trait Passwords: Send + Sync {
    /// A PHC string.
    async fn hash(&self, password: Secret) -> Result<String, PasswordError>;

    /// Whether `password` belongs to `hash`. Without a hash it does the same work and answers `false`.
    async fn verify(&self, password: Secret, hash: Option<String>) -> Result<bool, PasswordError>;
}

//! What the service needs from outside, as traits; `integrations` has the adapters, `testapp` the ones for tests.

use domain::Timestamp;
use domain::billing::Invoice;
use domain::cloud::{ConnectorKind, RemoteResource, Termination};

use crate::secret::Secret;
use crate::vault::MasterKey;

pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// A cryptographically secure source.
pub trait Rng: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The keys that secrets in the database are encrypted with; they never lie there themselves.
pub trait Keys: Send + Sync {
    /// What encrypts comes first, then older ones that can still decrypt. Asked at each use, so that a key added while
    /// the server runs counts at once.
    fn keys(&self) -> Vec<MasterKey>;
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

/// How a cloud account's connector is reached, with its secret in the clear.
#[derive(Debug, Clone)]
pub struct Connection {
    pub kind: ConnectorKind,
    pub url: String,
    /// Signs a webhook's requests; a cluster's bearer token.
    pub secret: Secret,
    /// Which of a cluster's namespaces are the organization's; empty for webhooks.
    pub selector: String,
    /// Authorities to trust beside the public ones, as PEM.
    pub ca: Option<String>,
}

/// An address that takes what it is told.
#[derive(Debug, Clone)]
pub struct Receiver {
    pub url: String,
    /// Signs what is sent.
    pub secret: Secret,
}

/// Why a connector didn't do what it was asked. The words are for people and hold nothing of what the other side answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectorError {
    /// The address may not be reached from here.
    #[error("{0}")]
    Forbidden(String),
    /// No answer, or one that says to try again.
    #[error("{0}")]
    Unreachable(String),
    /// An answer that wasn't what was asked for, or not signed by whom it should be.
    #[error("{0}")]
    BadAnswer(String),
}

/// What is done at providers. Each is asked at least once under a stable key, so that whoever honours keys does it once.
#[async_trait::async_trait]
pub trait Connectors: Send + Sync {
    /// Everything of the organization's that runs there.
    async fn list(&self, at: &Connection) -> Result<Vec<RemoteResource>, ConnectorError>;

    /// Asks for the end of one resource, by its id there.
    async fn terminate(&self, at: &Connection, resource: &str, key: &str) -> Result<Termination, ConnectorError>;

    /// Tells of something that happened here; `event` is JSON. Kinds that take no events do nothing.
    async fn notify(&self, at: &Connection, event: &str, key: &str) -> Result<(), ConnectorError>;

    /// Posts signed JSON to somebody who answers no more than that it arrived.
    async fn deliver(&self, to: &Receiver, body: &str, key: &str) -> Result<(), ConnectorError>;
}

/// A mail ready to be sent.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Without angle brackets; the same for every attempt, so that receivers can tell copies.
    pub message_id: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Where one click ends mails of this kind (RFC 8058).
    pub unsubscribe: Option<String>,
    pub attachments: Vec<Attachment>,
}

#[derive(Debug, Clone)]
pub struct Attachment {
    pub name: String,
    pub content_type: String,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// Worth another try.
    #[error("{0}")]
    Temporary(String),
    /// The server refused for good.
    #[error("{0}")]
    Permanent(String),
}

#[async_trait::async_trait]
pub trait Mailer: Send + Sync {
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}

/// A square of a picture, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    pub x: u32,
    pub y: u32,
    pub side: u32,
}

/// An avatar's files: WebP of 256 and of 64 pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AvatarFiles {
    pub large: Vec<u8>,
    pub small: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// The picture can't be used; the words say why.
    #[error("{0}")]
    Refused(String),
    /// Too many pictures are being made.
    #[error("too many pictures are being made")]
    Busy,
}

/// Pictures that people send, decoded off the async threads; nothing of the file but its pixels comes out.
#[async_trait::async_trait]
pub trait Images: Send + Sync {
    /// Without `crop` the largest square in the middle.
    async fn avatar(&self, file: Vec<u8>, crop: Option<Crop>) -> Result<AvatarFiles, ImageError>;
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Too many documents are being made.
    #[error("too many documents are being made")]
    Busy,
    #[error("the document couldn't be made: {0}")]
    Failed(String),
}

/// Documents for people, made off the async threads.
#[async_trait::async_trait]
pub trait Documents: Send + Sync {
    /// A PDF; the same bytes for the same invoice.
    async fn invoice(&self, invoice: Invoice) -> Result<Vec<u8>, DocumentError>;
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the object store failed: {0}")]
pub struct ObjectError(pub String);

/// Files that lie outside the database, by name.
#[async_trait::async_trait]
pub trait Objects: Send + Sync {
    async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), ObjectError>;
    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, ObjectError>;
    /// Also succeeds when there is none.
    async fn delete(&self, name: &str) -> Result<(), ObjectError>;
}

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

/// What a browser needs to bring a card's number straight to the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentBrowser {
    pub publishable_key: String,
    /// The address of the provider's script.
    pub script: String,
    /// What the page's Content-Security-Policy has to let scripts, requests and frames come from.
    pub script_origins: Vec<String>,
    pub connect_origins: Vec<String>,
    pub frame_origins: Vec<String>,
}

/// An organization that will pay.
#[derive(Debug, Clone, Copy)]
pub struct NewCustomer<'a> {
    /// Its id here.
    pub organization: &'a str,
    pub name: &'a str,
    pub email: &'a str,
}

/// A card that a browser is about to enter.
#[derive(Debug, Clone)]
pub struct CardSetup {
    pub id: String,
    /// For that browser alone.
    pub client_secret: Secret,
}

/// What has come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardSetupState {
    /// The customer at the provider.
    pub customer: Option<String>,
    /// The card's id, once it may be charged.
    pub card: Option<String>,
    /// Whether nothing will come of it any more.
    pub is_over: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub id: String,
    pub brand: String,
    pub last4: String,
    pub expiry_month: u8,
    pub expiry_year: u16,
    pub is_default: bool,
}

/// A line of an invoice; the amount, in the currency's minor units as ISO 4217 has them, may be negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeLine {
    pub text: String,
    pub minor: i64,
}

/// An issued invoice that the customer's default card shall pay.
#[derive(Debug, Clone, Copy)]
pub struct Charge<'a> {
    /// At the provider.
    pub customer: &'a str,
    /// Its id here, by which the provider's side of it is found again.
    pub invoice: &'a str,
    pub number: &'a str,
    /// Three capital letters (ISO 4217).
    pub currency: &'a str,
    pub lines: &'a [ChargeLine],
    pub total: i64,
    /// The payment's id at the provider, when it was noted.
    pub known: Option<&'a str>,
    /// Counts the wishes to pay, not the tries of a job: another one may charge a card again that was declined before.
    pub attempt: u32,
}

/// How an invoice stands at the provider.
#[derive(Debug, Clone)]
pub enum PaymentState {
    /// Nothing was tried yet.
    Open,
    /// The bank wants the card's holder; a browser asks for them with this.
    RequiresAction {
        client_secret: Secret,
    },
    /// The bank hasn't answered.
    Processing,
    Paid,
    /// In words for whoever pays.
    Failed {
        reason: String,
    },
    /// Nobody will be charged.
    Void,
}

#[derive(Debug, Clone)]
pub struct Payment {
    pub id: String,
    /// The invoice's id here.
    pub invoice: String,
    pub state: PaymentState,
}

/// Why the provider didn't do what it was asked. The words are for people and hold nothing of what it answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaymentError {
    /// Worth another try, under the same key.
    #[error("{0}")]
    Temporary(String),
    /// For somebody to mend.
    #[error("{0}")]
    Permanent(String),
    /// The provider doesn't have it, or it is another customer's.
    #[error("{0}")]
    Unknown(String),
    #[error("There is no card to charge.")]
    NoCard,
}

/// What happened to what at the provider. It may come twice and in any order: the id tells copies, and what holds now has
/// to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentEvent {
    pub id: String,
    /// Such as `invoice.paid`.
    pub kind: String,
    pub object_kind: String,
    /// Its id; some kinds have none.
    pub object: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PaymentEventError {
    #[error("the request isn't signed")]
    Unsigned,
    #[error("the request was signed more than 5 minutes from now")]
    Stale,
    #[error("the request isn't signed with a known secret")]
    WrongSignature,
    #[error("the request holds no event")]
    Unreadable,
}

/// Whoever holds cards and moves money; what is owed is computed here. Whatever is made there is asked for under a stable key.
#[async_trait::async_trait]
pub trait Payments: Send + Sync {
    fn browser(&self) -> PaymentBrowser;

    /// The customer's id there; the one that exists already, when its organization and email are the same.
    async fn create_customer(&self, new: &NewCustomer<'_>, key: &str) -> Result<String, PaymentError>;

    async fn begin_card(&self, customer: &str, key: &str) -> Result<CardSetup, PaymentError>;

    async fn card_setup(&self, id: &str) -> Result<CardSetupState, PaymentError>;

    async fn cards(&self, customer: &str) -> Result<Vec<Card>, PaymentError>;

    async fn set_default_card(&self, customer: &str, card: &str) -> Result<(), PaymentError>;

    /// Also succeeds when the customer doesn't have it any more.
    async fn remove_card(&self, customer: &str, card: &str) -> Result<(), PaymentError>;

    /// Has the default card pay an invoice, once however often it is asked. A card that was declined is no error, but a state.
    async fn charge(&self, charge: &Charge<'_>, key: &str) -> Result<Payment, PaymentError>;

    /// What became of an invoice whose payment's id wasn't noted.
    async fn find_payment(&self, customer: &str, invoice: &str) -> Result<Option<Payment>, PaymentError>;

    /// How a payment stands, by its id or by that of an event's object; `None` when it is of none of our invoices.
    async fn payment(&self, id: &str) -> Result<Option<Payment>, PaymentError>;

    /// Has nobody be charged for it any more; refused once it is paid.
    async fn void_payment(&self, id: &str) -> Result<(), PaymentError>;

    /// Reads what the provider posted, if it did; `signature` is the header's.
    fn event(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<PaymentEvent, PaymentEventError>;
}

//! Adapters behind the ports of `service`. Whatever will speak to the outside (mail, payment, DNS, clouds) goes here,
//! and only here may an HTTP client be a dependency.

mod administration;
mod clock;
mod connectors;
mod console;
mod documents;
mod images;
mod keys;
mod mail;
mod objects;
mod outbound;
mod passwords;
mod remote;
mod rng;
mod stripe;
#[cfg(test)]
mod testing;

pub use administration::AdministrationClient;
pub use clock::SystemClock;
pub use connectors::GuardedConnectors;
pub use console::{Account, ConsoleClient, DeviceCodes, Progress};
pub use documents::LocalDocuments;
pub use images::LocalImages;
pub use keys::{FileKeys, FixedKeys, add_key, drop_older_keys, parse_keys};
pub use mail::{MailFrom, SmtpMailer, SmtpUrl};
pub use objects::{ObjectsUrl, S3Settings, StoredObjects};
pub use outbound::{Answer, Network, Outbound, OutboundError, Request, Resolve, SystemResolver};
pub use passwords::Argon2Passwords;
pub use remote::{ClientError, ServerAddress};
pub use rng::OsRng;
pub use stripe::{StripePayments, StripeSettings};

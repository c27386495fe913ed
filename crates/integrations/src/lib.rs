//! Adapters behind the ports of `service`. Whatever will speak to the outside (mail, payment, DNS, clouds) goes here,
//! and only here may an HTTP client be a dependency.

mod administration;
mod clock;
mod passwords;
mod rng;

pub use administration::{AdministrationClient, ClientError, ServerAddress};
pub use clock::SystemClock;
pub use passwords::Argon2Passwords;
pub use rng::OsRng;

//! Adapters behind the ports of `service`. Whatever will speak to the outside (mail, payment, DNS, clouds) goes here,
//! and only here may an HTTP client be a dependency.

mod clock;
mod passwords;
mod rng;

pub use clock::SystemClock;
pub use passwords::Argon2Passwords;
pub use rng::OsRng;

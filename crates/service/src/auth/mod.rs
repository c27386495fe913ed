//! Signing in and out.

mod front;
mod new_account;
mod password;
mod session;
mod sign_in;
mod sign_out;

pub(crate) use front::viewer;
pub use front::{Front, front};
pub use session::NewSession;
pub use sign_in::sign_in;
pub use sign_out::sign_out;

pub(crate) use new_account::NewAccount;
pub(crate) use session::Started;
pub(crate) use sign_in::account_bucket;

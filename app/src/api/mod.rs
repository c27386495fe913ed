//! Every server function there is, one file an area: the whole public surface of the console.
//!
//! A server function takes the request's [`service::Ctx`], calls one service verb and answers with a page model or
//! an outcome from `domain`. It decides nothing itself: authorization, rules and audit are the verb's.

pub mod admin;
pub mod audit;
pub mod auth_policy;
pub mod billing;
pub mod bootstrap;
pub mod cloud;
pub mod device;
pub mod instance;
pub mod mail;
pub mod orgs;
pub mod process;
pub mod profile;
pub mod report;
pub mod secret;
pub mod service_account;
pub mod session;
pub mod setup;
pub mod token;
pub mod usage;
pub mod workspace;

mod failure;
#[cfg(feature = "ssr")]
pub mod server;

pub use failure::Failure;

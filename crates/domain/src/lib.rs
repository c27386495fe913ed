//! Words and rules of Tenantry, shared by the server and the browser.
//!
//! Everything here is pure: no I/O, no clock, no randomness, no async. A rule that a form needs is written here
//! once and runs in both places. One file per noun; the noun's page models (what a page shows) stand beside it.

pub mod audit;
pub mod audit_stream;
pub mod auth;
pub mod auth_policy;
pub mod authz;
pub mod avatar;
pub mod billing;
pub mod cloud;
pub mod csv;
pub mod device;
pub mod email;
pub mod error;
mod generated;
pub mod host;
pub mod id;
pub mod instance;
pub mod job;
pub mod link;
pub mod mail;
pub mod money;
pub mod name;
pub mod org;
pub mod org_secret;
pub mod page;
pub mod people;
pub mod plan;
pub mod profile;
pub mod rate;
pub mod report;
pub mod revision;
pub mod service_account;
pub mod settings;
pub mod stats;
pub mod time;
pub mod time_zone;
pub mod token;
pub mod usage;
pub mod workspace;

#[cfg(test)]
mod testing;

pub use error::{Fault, FieldError};
pub use id::*;
pub use time::Timestamp;

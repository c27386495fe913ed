//! Use cases, one verb a file. A verb takes the request's [`Ctx`], opens one transaction, authorizes as its first
//! statement, applies the rules of `domain`, and commits with its audit entry. It knows neither HTTP nor pages.
//!
//! A transaction never waits for the network: what must leave the process is a job enqueued in it (see [`job`]).

pub mod administration;
pub mod audit;
pub mod audit_stream;
pub mod auth;
pub mod auth_policy;
pub mod billing;
pub mod bootstrap;
pub mod cloud;
pub mod cookie;
mod ctx;
pub mod demo;
pub mod device;
mod error;
mod idempotency;
pub mod instance;
pub mod job;
pub mod keys;
pub mod link;
pub mod mail;
pub mod meter;
pub mod org;
pub mod org_secret;
pub mod people;
pub mod plan;
pub mod ports;
pub mod process;
pub mod profile;
pub mod rate;
pub mod report;
mod secret;
pub mod seed;
pub mod service_account;
pub mod setup;
pub mod token;
pub mod usage;
pub mod vault;
pub mod workspace;

pub use ctx::{Ctx, Options, Parts, RequestInfo, Services};
pub use error::Error;
pub use idempotency::IdempotencyKey;
pub use secret::{Secret, digest};

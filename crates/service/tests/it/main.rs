//! Use cases on both engines.

#![expect(clippy::unwrap_used, reason = "a test stops where something it needs is missing")]

mod audit_stream;
mod auth_policy;
mod avatar;
mod billing;
mod bootstrap;
mod checkpoint;
mod cloud;
mod create;
mod deletion;
mod demo;
mod device;
mod erase;
mod mail;
mod org_secret;
mod profile;
mod rate;
mod report;
mod service_account;
mod settings;
mod setup;
mod sign_in;
mod token;
mod usage;
mod workspace;

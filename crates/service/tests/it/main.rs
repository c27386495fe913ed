//! Use cases on both engines.

#![expect(clippy::unwrap_used, reason = "a test stops where something it needs is missing")]

mod bootstrap;
mod cloud;
mod checkpoint;
mod create;
mod deletion;
mod demo;
mod org_secret;
mod device;
mod erase;
mod profile;
mod settings;
mod setup;
mod sign_in;
mod workspace;

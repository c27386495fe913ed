//! Use cases on both engines.

mod bootstrap;
mod create;
mod deletion;
mod demo;
mod settings;
mod setup;
mod sign_in;

//! SQL on both engines.

#![expect(clippy::unwrap_used, reason = "a test stops where something it needs is missing")]

mod audit;
mod audit_stream;
mod helpers;
mod links;
mod org_list;
mod queries;
mod rate;
mod transactions;

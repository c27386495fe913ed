//! The only place with SQL: one text for SQLite and PostgreSQL, and the proofs of authorization.
//!
//! # How to add a query
//! 1. Write it in the noun's file inside [`queries!`](macro@queries), within the subset of `docs/sql-subset.md`. The
//!    test `every_query_prepares_on_both_engines` finds it there.
//! 2. Run it with [`on!`](macro@on), whose body compiles once for each engine's driver.
//! 3. A function on an organization's data takes a [`Granted`](authz::Granted) of exactly one permission and takes
//!    the organization's id from it, never from its caller.
//!
//! A [`WriteTx`] can only be committed with an [`Audit`], so a change that isn't logged doesn't compile.

mod macros;

pub mod audit;
pub mod audit_stream;
mod audit_verify;
pub mod auth_policy;
pub mod authz;
pub mod avatar;
pub mod billing_plan;
pub mod cloud;
mod credential;
pub mod db;
pub mod deletion;
pub mod device;
mod dialect;
pub mod erase;
pub mod error;
pub mod idempotency;
pub mod instance;
pub mod invoice;
pub mod job;
pub mod link;
pub mod mail;
pub mod member;
pub mod meter;
pub mod migrate;
pub mod name;
pub mod org;
pub mod org_list;
pub mod org_secret;
pub mod payment;
pub mod people;
pub mod plan;
pub mod process;
pub mod rate;
pub mod report;
pub mod revision;
pub mod sealed;
pub mod seed;
pub mod seen;
pub mod service_account;
pub mod session;
pub mod stats;
pub mod subscription;
pub mod throttle;
pub mod token;
pub mod tx;
pub mod usage;
pub mod usage_limit;
pub mod usage_read;
pub mod workspace;

pub use audit::{Audit, Entry};
pub use db::{Db, Options};
pub use error::Error;
pub use tx::{ReadTx, Stamp, Tx, WriteTx};

/// Every constant query there is, as (file, name, text).
pub fn all_queries() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    [
        ("audit", audit::ALL),
        ("audit_stream", audit_stream::ALL),
        ("audit_verify", audit_verify::ALL),
        ("auth_policy", auth_policy::ALL),
        ("authz", authz::ALL),
        ("avatar", avatar::ALL),
        ("billing_plan", billing_plan::ALL),
        ("cloud", cloud::ALL),
        ("credential", credential::ALL),
        ("deletion", deletion::ALL),
        ("device", device::ALL),
        ("erase", erase::ALL),
        ("idempotency", idempotency::ALL),
        ("instance", instance::ALL),
        ("invoice", invoice::ALL),
        ("job", job::ALL),
        ("link", link::ALL),
        ("mail", mail::ALL),
        ("member", member::ALL),
        ("meter", meter::ALL),
        ("migrate", migrate::ALL),
        ("name", name::ALL),
        ("org", org::ALL),
        ("org_secret", org_secret::ALL),
        ("payment", payment::ALL),
        ("people", people::ALL),
        ("plan", plan::ALL),
        ("process", process::ALL),
        ("rate", rate::ALL),
        ("report", report::ALL),
        ("revision", revision::ALL),
        ("sealed", sealed::ALL),
        ("seen", seen::ALL),
        ("session", session::ALL),
        ("stats", stats::ALL),
        ("subscription", subscription::ALL),
        ("throttle", throttle::ALL),
        ("service_account", service_account::ALL),
        ("token", token::ALL),
        ("usage", usage::ALL),
        ("usage_limit", usage_limit::ALL),
        ("usage_read", usage_read::ALL),
        ("workspace", workspace::ALL),
    ]
    .into_iter()
    .flat_map(|(file, queries)| queries.iter().map(move |(name, sql)| (file, *name, *sql)))
}

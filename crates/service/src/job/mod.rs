//! Jobs: work enqueued in the transaction that made it necessary, done at least once, resumed after a crash.
//!
//! # How to add a job
//! Name its kind here, enqueue it with `storage::job::insert`, and give it an arm in `run.rs`. Each of its
//! transactions begins with `storage::job::hold`, so that a worker that lost its lease can't write.

mod deletion;
mod load_deletion;
mod retry;
mod run;
mod worker;
mod write_down_use;

pub use load_deletion::{load_deletion, read_deletion};
pub use retry::retry;
pub use run::run_due;
pub use worker::run_worker;
pub use write_down_use::write_down_use;

/// Deletes an organization.
pub(crate) const DELETE_ORG: &str = "delete_org";

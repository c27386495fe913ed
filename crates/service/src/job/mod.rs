//! Jobs: work enqueued in the transaction that made it necessary, done at least once, resumed after a crash.
//!
//! # How to add a job
//! Name its kind here, enqueue it with `storage::job::insert`, and give it an arm in `run.rs`. Each of its
//! transactions begins with `storage::job::hold`, so that a worker that lost its lease can't write.

pub(crate) mod deletion;
mod erasure;
mod forget_object;
mod mail;
mod notify;
mod run;
mod worker;
mod write_down_use;

pub use run::run_due;
pub use worker::run_worker;
pub use write_down_use::write_down_use;

/// Clears the audit log of a person who was erased.
pub(crate) const ERASE_PERSON: &str = "erase_person";

/// Deletes an organization.
pub(crate) const DELETE_ORG: &str = "delete_org";
/// Tells a connector of an event.
pub(crate) const NOTIFY: &str = "notify";
/// Removes an avatar's files when no organization has them any more.
pub(crate) const FORGET_OBJECT: &str = "forget_object";
/// Makes events of what became of DNS names.
pub(crate) const MOVE_DNS: &str = "move_dns";
/// Has workspaces sleep for a cap on compute, or wakes them when it is lifted.
pub(crate) const CAP_WORKSPACES: &str = "cap_workspaces";
/// Has a card pay an invoice.
pub(crate) const CHARGE: &str = "charge";
/// Looks how a payment stands that the provider told of.
pub(crate) const SYNC_PAYMENT: &str = "sync_payment";
/// Has nobody be charged for an invoice that is void.
pub(crate) const VOID_PAYMENT: &str = "void_payment";
/// Sends a mail.
pub(crate) const MAIL: &str = "mail";

//! Mail: enqueued in the transaction that makes it necessary, sent by a job. Without a mail server it stays in the outbox.

mod enqueue;
mod letter;
mod load;
mod retry;
mod reveal;
mod send_test;

pub(crate) use enqueue::{Draft, enqueue, open};
pub(crate) use letter::{Letter, Part};
pub use load::{list, load, load_list};
pub use retry::retry;
pub use reveal::reveal;
pub use send_test::send_test;

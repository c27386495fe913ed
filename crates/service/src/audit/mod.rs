//! The audit log: read, exported, verified, signed.

mod checkpoint;
mod export;
mod key;
mod load;
mod verify;

pub use checkpoint::{BadCheckpoint, Checkpoint, checkpoint};
pub use export::{ExportFormat, begin_export, export_page, json_line};
pub use key::{PublicKey, SigningKey};
pub use load::{list, load};
pub use verify::{verify, verify_against};

//! The audit log: read, exported, verified.

mod export;
mod load;
mod verify;

pub use export::{ExportFormat, begin_export, export_page};
pub use load::{list, load};
pub use verify::verify;

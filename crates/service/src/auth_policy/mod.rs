//! *Authentication*: how an organization's people sign in, and having all of them do it again.

mod load;
mod preview_reset;
mod reset;
mod save;

pub use load::{load, read};
pub use preview_reset::preview_reset;
pub use reset::reset;
pub use save::save;

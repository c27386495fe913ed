//! Secrets of an organization: set, never read, named by its workspace settings.

mod load;
mod remove;
mod set;

pub use load::{list, load};
pub use remove::remove;
pub use set::set;

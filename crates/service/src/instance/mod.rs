//! What platform administrators set for the whole instance.

mod load;
mod save;

pub use load::{load, read};
pub use save::save;
pub(crate) use save::set;

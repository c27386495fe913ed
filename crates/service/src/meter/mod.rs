//! Meters beside the built-in ones: what the platform measures of its own.

mod create;
mod load;
mod update;

pub use create::{create, create_once};
pub use load::{list, load};
pub use update::update;

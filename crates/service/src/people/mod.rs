//! People: added, and erased.

mod create;
mod erase;

pub use create::create;
pub use erase::{erasable, erase, erasure_goes_on};

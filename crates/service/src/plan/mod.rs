//! Plans that organizations can be on, as the platform sells or provides them.

mod create;
mod load;
mod update;

pub use create::{create, create_once};
pub use load::{list, load, load_one};
pub use update::update;

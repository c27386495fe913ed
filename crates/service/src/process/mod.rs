//! Processes: asynchronous work a person can watch, hurry, and give up in part.

mod abandon;
mod load;
mod retry;
mod version;

pub use abandon::abandon;
pub use load::{find, list, list_of_org, load, load_list, load_list_of_org};
pub use retry::retry;
pub use version::{Watch, look, watch};

//! What organizations use: taken in, counted, shown.

mod count_users;
mod ingest;
mod rebuild;

pub use count_users::count_users;
pub use ingest::ingest;
pub use rebuild::{Rebuilt, rebuild};

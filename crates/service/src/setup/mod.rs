//! First run: the one-time link that makes the first platform administrator and then dies.

mod complete;
mod ensure_link;
mod inspect;

pub use complete::complete;
pub use ensure_link::ensure_link;
pub use inspect::inspect;

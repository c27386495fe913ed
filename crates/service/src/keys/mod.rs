//! The keys that stored secrets are encrypted with.

mod rotate;

pub use rotate::{in_use, rotate};

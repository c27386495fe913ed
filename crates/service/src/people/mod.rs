//! People, from the command line and the demonstration.

mod create;

pub use create::create;

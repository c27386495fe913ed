//! Signing programs in from a browser (RFC 8628): a program asks, a person decides, the program comes back for its token.

mod authorize;
mod decide;
mod find;
mod load;
mod look_up;
mod poll;

pub use authorize::{Asked, authorize};
pub use decide::decide;
pub use find::find;
pub use load::load;
pub use poll::{Issued, poll};

/// Codes that an address may ask for and not use, or get wrong, without a delay; many people may share it.
const FREE_FOR_ADDRESS: u32 = 50;

/// Where people decide.
const PATH: &str = "/device";

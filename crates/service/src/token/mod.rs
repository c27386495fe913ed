//! API tokens of people.

mod create;
mod delete;
mod delete_own;
mod list;
mod load;
mod me;
mod set_active;

pub use create::{NewToken, create, create_once};
pub use delete::delete;
pub use delete_own::delete_own;
pub use list::list;
pub use load::load;
pub use me::{Me, me};
pub use set_active::set_active;

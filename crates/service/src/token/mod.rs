//! API tokens: of people, service accounts, workspaces and the instance.

mod create;
mod delete;
mod delete_own;
mod holder;
mod list;
mod load;
mod me;
mod set_active;
mod warn_expiring;

pub use create::{create, create_once};
pub use delete::delete;
pub use delete_own::delete_own;
pub use list::list;
pub use load::{load, load_instance};
pub use me::{Me, me};
pub use set_active::set_active;
pub use warn_expiring::warn_expiring;

//! What organizations use: taken in, counted, shown, warned of and capped.

mod cap;
mod charges;
mod check;
mod count_users;
pub(crate) mod cycle;
mod export;
mod ingest;
mod letter;
mod load;
mod rebuild;
mod rehearse;
mod set_limit;
mod test_limit;

pub(crate) use cap::apply as apply_cap;
pub use check::{check_changed, look};
pub use count_users::count_users;
pub use export::export;
pub use ingest::ingest;
pub(crate) use ingest::ingest_own;
pub use load::{days, limit_list, load, load_workspaces, workspaces};
pub use rebuild::{Rebuilt, rebuild};
pub use rehearse::rehearse;
pub use set_limit::set_limit;
pub use test_limit::test_limit;

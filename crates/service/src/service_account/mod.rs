//! Service accounts of an organization: programs with a role, which outlive the people who added them.

mod create;
mod delete;
mod load;
mod set_active;
mod update;

pub use create::{create, create_once};
pub use delete::delete;
pub use load::{find, list, load, load_one};
pub use set_active::set_active;
pub use update::update;

use domain::Fault;
use domain::service_account::{ACCOUNTS_MAX, ServiceAccount};
use storage::service_account::NotKept;

fn refused(not_kept: NotKept, account: &ServiceAccount) -> Fault {
    match not_kept {
        NotKept::Taken => {
            let message = format!("There is a service account “{}” already. Choose another name.", account.name);
            Fault::invalid("name", message)
        }
        NotKept::TooMany => {
            let message = format!("An organization has at most {ACCOUNTS_MAX} service accounts. Delete one first.");
            Fault::conflict(message)
        }
    }
}

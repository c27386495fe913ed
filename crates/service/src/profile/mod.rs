//! *Org Profile*: avatar, display name, handle, aliases.

mod avatar;
mod load;
mod plan;
mod preview_rename;
mod rename;
mod reset_avatar;
mod retire_alias;
mod save_display_name;
mod set_avatar;

pub use avatar::read_avatar;
pub(crate) use avatar::remove as remove_files;
pub use load::{load, read};
pub use preview_rename::preview_rename;
pub use rename::rename;
pub use reset_avatar::reset_avatar;
pub use retire_alias::retire_alias;
pub use save_display_name::save_display_name;
pub use set_avatar::set_avatar;

use domain::authz::Via;
use domain::name::Handle;
use domain::profile::RENAMES_MAX;
use domain::{Fault, FieldError};
use storage::name::NameTaken;

/// Whether the actor's renames are counted: those of the organization's own people are.
fn is_limited(via: Via) -> bool {
    !matches!(via, Via::PlatformAdministrator | Via::AdminToken | Via::System)
}

fn refuse_more(renames: i64) -> Result<(), Fault> {
    if renames < RENAMES_MAX {
        return Ok(());
    }
    Err(Fault::conflict(format!(
        "The handle was changed {renames} times in the last 30 days, which is as often as it can be. Ask the people who run \
         this console if it can't wait."
    )))
}

/// Beside the field of the new handle.
fn taken(name: NameTaken) -> Fault {
    match crate::org::taken(name) {
        Fault::Invalid { fields } => Fault::Invalid {
            fields: fields.into_iter().map(|error| FieldError { field: "new_handle".into(), ..error }).collect(),
        },
        other => other,
    }
}

fn parse(handle: &str) -> Result<Handle, Fault> {
    Handle::parse(handle.trim()).map_err(|error| Fault::invalid("new_handle", error.to_string()))
}

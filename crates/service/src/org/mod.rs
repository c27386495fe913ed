//! Organizations.

mod create;
mod delete;
mod effective_settings;
mod list;
mod load;
mod load_admin;
mod load_revision;
mod plan;
mod preview_deletion;
mod read;
mod redact_revision;
mod restore;
mod restore_revision;
mod save_settings;
mod search;
mod update;

pub(crate) use create::taken;
pub use create::{Created, NewOrg, create, create_once, may_create};
pub(crate) use create::{first_link, insert};
pub use delete::{Deleted, delete};
pub use effective_settings::{Effective, effective_settings};
pub use list::{list, page};
pub use load::load;
pub use load_admin::load_admin;
pub use load_revision::load_revision;
pub(crate) use plan::Draft;
pub use preview_deletion::preview_deletion;
pub use read::{Found, read, read_by_id};
pub use redact_revision::redact_revision;
pub use restore::restore;
pub use restore_revision::restore_revision;
pub(crate) use save_settings::Save;
pub use save_settings::save_settings;
pub use search::search;
pub use update::{Base, Update, update};

use domain::Fault;
use domain::revision::REASON_MAX;

/// A host name's ASCII form; IDNA is done at the edge.
pub(crate) fn to_ascii(host: &str) -> Option<String> {
    idna::domain_to_ascii_strict(host).ok()
}

/// The optional reason of a save.
pub(crate) fn reason(text: &str) -> Result<Option<&str>, Fault> {
    let text = text.trim();
    if text.chars().count() > REASON_MAX {
        return Err(Fault::invalid("reason", format!("A reason has at most {REASON_MAX} characters.")));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\r') {
        return Err(Fault::invalid("reason", "A reason can't contain control characters."));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

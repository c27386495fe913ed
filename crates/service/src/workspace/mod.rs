//! Workspaces of an organization: made, renamed, put to sleep, put away, deleted. Connectors are told of each change.

pub(crate) mod announce;
mod change;
mod create;
mod delete;
mod load;
mod rename;

pub use change::change;
pub use create::{create, create_once};
pub use delete::delete;
pub use load::{find, list, load, load_one};
pub use rename::rename;

use domain::org::OrgHeader;
use domain::settings::Settings;
use domain::workspace::{WorkspaceRow, deletable_at, dns_name};
use storage::workspace::Stored;

/// What lists show of a workspace.
pub(crate) fn row(stored: Stored, org: &OrgHeader, settings: &Settings) -> WorkspaceRow {
    let domain = settings.platform_domain.as_ref().map(|host| host.as_str());
    WorkspaceRow {
        dns_name: dns_name(&stored.name, &org.handle, domain),
        id: stored.id,
        name: stored.name,
        state: stored.state,
        version: stored.version,
        created_at: stored.created_at,
        archived_at: stored.archived_at,
        deletable_at: deletable_at(stored.archived_at, settings.limits.archiving_seconds),
    }
}

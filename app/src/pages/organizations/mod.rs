//! Organizations: the list, a new one, and an organization's landing page.

mod create;
mod list;
mod overview;
mod state;

pub use create::NewOrganizationPage;
pub use list::OrganizationsPage;
pub use overview::OrganizationPage;

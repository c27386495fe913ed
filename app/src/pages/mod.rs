//! The pages. Each loads by [`crate::page::load`], stands in a frame, and posts through a shell of [`crate::form`].

mod admin;
mod audit;
mod authentication;
mod billing;
mod cloud;
pub(crate) mod danger;
mod front;
mod instance;
mod mail;
mod meters;
mod organizations;
mod plans;
mod process;
mod profile;
pub(crate) mod restore;
mod secrets;
mod service_accounts;
mod tokens;
mod usage;
mod workspaces;

pub use admin::{AdminPage, RevisionPage};
pub use audit::AuditPage;
pub use authentication::AuthenticationPage;
pub use billing::{BillingPage, CardPage, InvoicePage, InvoicesPage};
pub use cloud::{CloudAccountPage, CloudAccountsPage};
pub use front::{BootstrapPage, DevicePage, HomePage, JoinPage, SetupPage, SignInPage, UnsubscribePage};
pub use instance::InstancePage;
pub use mail::{MailPage, MailsPage};
pub use meters::{MeterPage, MetersPage};
pub use organizations::{NewOrganizationPage, OrganizationPage, OrganizationsPage};
pub use plans::{PlanPage, PlansPage};
pub use process::{OrgProcessesPage, ProcessPage, ProcessesPage};
pub use profile::ProfilePage;
pub use secrets::SecretsPage;
pub use service_accounts::{ServiceAccountPage, ServiceAccountsPage};
pub use tokens::{InstanceTokensPage, TokensPage};
pub use usage::{UsagePage, WorkspacesUsagePage};
pub use workspaces::{WorkspacePage, WorkspacesPage};

use domain::Fault;
use leptos::prelude::*;

use crate::page::FaultPage;

/// Every address that is no page's.
#[component]
pub fn NotFoundPage() -> AnyView {
    view! { <FaultPage fault=Fault::NotFound /> }.into_any()
}

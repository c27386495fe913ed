//! The pages. Each loads by [`crate::page::load`], stands in a frame, and posts through a shell of [`crate::form`].

mod account;
mod admin;
mod audit;
mod deletion;
mod front;
mod organizations;
mod profile;

pub use account::TokensPage;
pub use admin::{AdminPage, RevisionPage};
pub use audit::AuditPage;
pub use deletion::DeletionPage;
pub use front::{BootstrapPage, HomePage, JoinPage, SetupPage, SignInPage};
pub use organizations::{NewOrganizationPage, OrganizationPage, OrganizationsPage};
pub use profile::ProfilePage;

use domain::Fault;
use leptos::prelude::*;

use crate::page::FaultPage;

/// Every address that is no page's.
#[component]
pub fn NotFoundPage() -> AnyView {
    view! { <FaultPage fault=Fault::NotFound /> }.into_any()
}

//! Service accounts of an organization: the list, and one of them with its tokens and what it did.

mod form;
mod list;
mod one;

pub use list::ServiceAccountsPage;
pub use one::ServiceAccountPage;

use domain::people::Role;
use leptos::prelude::*;
use ui::{Badge, Tone};

fn state_badge(active: bool) -> AnyView {
    match active {
        true => view! { <Badge tone=Tone::Success label="Active" /> },
        false => view! { <Badge tone=Tone::Neutral label="Off" /> },
    }
    .into_any()
}

const fn role_label(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Member | Role::External => "Member",
    }
}

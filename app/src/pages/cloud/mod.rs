//! Cloud accounts of an organization: the list, and one of them with its resources.

mod form;
mod list;
mod one;

pub use list::CloudAccountsPage;
pub use one::CloudAccountPage;

use domain::cloud::CloudAccount;
use leptos::prelude::*;
use ui::{Badge, Tone};

/// How the last look into the account went.
fn listing_badge(account: &CloudAccount) -> AnyView {
    let (tone, label) = match (&account.list_error, account.listed_at) {
        (Some(_), _) => (Tone::Warning, "No answer"),
        (None, Some(_)) => (Tone::Success, "Connected"),
        (None, None) => (Tone::Neutral, "Not checked yet"),
    };
    view! { <Badge tone=tone label=label /> }.into_any()
}

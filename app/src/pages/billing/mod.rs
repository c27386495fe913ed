//! Billing of an organization: its plan, its invoices, how it pays; and the invoices of all.

mod card;
mod choose;
mod every;
mod invoices;
mod lines;
mod methods;
mod one;
mod overview;
mod subscription;

pub use card::CardPage;
pub use every::InvoicesPage;
pub use one::InvoicePage;
pub use overview::BillingPage;

use domain::billing::InvoiceState;
use domain::usage::Day;
use leptos::prelude::*;
use ui::{Badge, Tone};

/// Whether an invoice is paid; an open one may be overdue.
fn invoice_badge(state: &InvoiceState, due: Day, today: Day) -> AnyView {
    let (tone, label) = match state {
        InvoiceState::Open if due < today => (Tone::Danger, "Overdue"),
        InvoiceState::Open => (Tone::Warning, state.label()),
        InvoiceState::Paid { .. } => (Tone::Success, state.label()),
        InvoiceState::Void { .. } => (Tone::Neutral, state.label()),
    };
    view! { <Badge tone=tone label=label /> }.into_any()
}

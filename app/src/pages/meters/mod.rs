//! What can be measured: the built-in meters, and the platform's own.

mod form;
mod list;
mod one;

pub use list::MetersPage;
pub use one::MeterPage;

use domain::usage::Aggregation;
use leptos::prelude::*;
use ui::{Badge, Tone};

fn state_badge(archived: bool) -> AnyView {
    match archived {
        true => view! { <Badge tone=Tone::Neutral label="Archived" /> },
        false => view! { <Badge tone=Tone::Success label="Takes events" /> },
    }
    .into_any()
}

const fn aggregation_label(aggregation: Aggregation) -> &'static str {
    match aggregation {
        Aggregation::Sum => "Sum",
        Aggregation::Last => "Last",
        Aggregation::Max => "Maximum",
        Aggregation::Unique => "Different keys",
    }
}

//! A moment: relative for reading, exact on hover and focus.

use domain::Timestamp;
use leptos::prelude::*;

/// `now` is the page model's clock, so that server and browser write the same words.
#[component]
pub fn Moment(at: Timestamp, now: Timestamp) -> AnyView {
    view! {
        <time class="moment" datetime=at.to_string() tabindex="0" data-tip=at.short()>
            {at.relative(now)}
            <span class="sr-only">{[", ", &at.short()].concat()}</span>
        </time>
    }
    .into_any()
}

//! The instance's mail: the list, and one of them.

mod list;
mod one;

pub use list::MailsPage;
pub use one::MailPage;

use domain::mail::MailState;
use leptos::prelude::*;
use ui::{Alert, Badge, Tone};

fn state_badge(state: MailState) -> AnyView {
    let tone = match state {
        MailState::Queued => Tone::Primary,
        MailState::Sent => Tone::Success,
        MailState::Failed => Tone::Danger,
        MailState::Kept => Tone::Warning,
    };
    view! { <Badge tone=tone label=state.label() /> }.into_any()
}

/// What holds while there is no mail server.
fn not_configured(is_configured: bool) -> Option<AnyView> {
    let notice = view! {
        <Alert tone=Tone::Warning title="No mail server is configured">
            <p>
                "Mail is kept here and leaves the server only after you set " <code>"smtp_url"</code> " and press Retry."
            </p>
        </Alert>
    };
    (!is_configured).then(|| notice.into_any())
}

//! The shell of small forms.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::state::{FormFn, FormState, FormStatus};
use super::summary::ErrorSummary;

/// A form that posts to `F`: the error summary, then the children, which bring their fields and one
/// [`ui::SubmitButton`].
#[component]
pub fn PlainForm<F: FormFn>(
    form: FormState<F>,
    /// The error summary's title: “Not signed in”.
    #[prop(into)]
    failed: String,
    #[prop(optional)] class: &'static str,
    /// Names the form for screen readers, where the page has several.
    #[prop(optional, into)]
    label: Option<String>,
    children: Children,
) -> AnyView {
    view! {
        <PlainShell url=F::url() submit=form.submitter() status=form.status failed=failed class=class label=label>
            {children()}
        </PlainShell>
    }
    .into_any()
}

/// The shell without its server function, so that it is compiled once.
#[component]
fn PlainShell(
    url: &'static str,
    submit: Callback<SubmitEvent>,
    status: FormStatus,
    failed: String,
    class: &'static str,
    label: Option<String>,
    children: Children,
) -> AnyView {
    view! {
        <form
            method="post"
            action=url
            class=class
            aria-label=label
            on:submit=move |event| {
                if !event.default_prevented() {
                    submit.run(event);
                }
            }
        >
            <ErrorSummary title=failed fault=status.fault />
            {children()}
        </form>
    }
    .into_any()
}

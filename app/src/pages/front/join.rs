//! Joining with a pasted link.

use leptos::prelude::*;
use ui::{Field, SubmitButton, TextInput};

use crate::api::bootstrap::Join;
use crate::form::{PlainForm, use_form};
use crate::frame::BareFrame;
use crate::page::PageTitle;
use crate::paths;

#[component]
pub fn JoinPage() -> AnyView {
    let form = use_form::<Join>();
    let link = form.typed("link").unwrap_or_default();
    view! {
        <PageTitle title="Join" />
        <BareFrame>
            <div class="card-narrow">
                <h1 class="page-title" tabindex="-1">"Join with a link"</h1>
                <p class="page-description">"Paste the link that your platform team gave you. It can be used once."</p>
                <PlainForm form=form failed="The link can't be followed" class="stack-form">
                    <Field name="link" label="Link" error=form.field_error("link") stacked=true>
                        <TextInput value=link mono=true required=true autofocus=true autocomplete="off" />
                    </Field>
                    <SubmitButton label="Continue" busy_label="Checking the link…" pending=form.pending />
                </PlainForm>
            </div>
            <p class="card-note">
                <a class="link" href=paths::sign_in(None)>
                    "Sign in instead"
                </a>
            </p>
        </BareFrame>
    }
    .into_any()
}

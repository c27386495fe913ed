//! Behind the first-run link: making the first platform administrator.

use leptos::prelude::*;
use ui::SubmitButton;

use super::person::PersonFields;
use crate::api::setup::{CompleteSetup, LoadSetup};
use crate::form::{PlainForm, use_form};
use crate::frame::BareFrame;
use crate::page::{Gone, load_or_gone};
use crate::wire::Ask;

const GONE: Gone = Gone {
    title: "This set-up link doesn't work",
    text: "It was used already, or has expired. If the console still has no administrator, restart the server: it \
           prints a new link.",
};

#[component]
pub fn SetupPage() -> AnyView {
    let form = use_form::<CompleteSetup>();
    load_or_gone(
        || Ask::of(LoadSetup {}),
        |_| "Set up".to_owned(),
        move |_| {
            view! {
                <BareFrame>
                    <div class="card-narrow">
                        <h1 class="page-title" tabindex="-1">"Become the first platform administrator"</h1>
                        <p class="page-description">
                            "You will have power over the whole instance: every organization, its limits and its settings."
                        </p>
                        <PlainForm form=form failed="The account was not made" class="stack-form">
                            <PersonFields status=form.status />
                            <SubmitButton label="Create account" busy_label="Creating account…" pending=form.pending />
                        </PlainForm>
                    </div>
                </BareFrame>
            }
            .into_any()
        },
        Some(GONE),
    )
}

//! Behind the first-run link: making the first platform administrator.

use domain::instance::GRACE_RECOMMENDED_DAYS;
use leptos::prelude::*;
use ui::{FieldGroup, Radio, SubmitButton};

use super::person::PersonFields;
use crate::api::setup::{CompleteSetup, LoadSetup};
use crate::form::{FormStatus, PlainForm, use_form};
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
                            {grace(form.status)}
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

/// How long deleted organizations can be restored.
fn grace(status: FormStatus) -> AnyView {
    const NAME: &str = "deletion_grace_days";
    let days = GRACE_RECOMMENDED_DAYS.to_string();
    let at_once = status.typed(NAME).is_some_and(|typed| typed == "0");
    view! {
        <FieldGroup
            name=NAME
            legend="When an organization is deleted"
            help="You can change this later in the instance's settings."
            error=status.field_error(NAME)
            stacked=true
        >
            <Radio
                label=format!("Keep it for {days} days first (recommended)")
                value=days
                help="Nobody gets in any more, and you can restore it until then."
                checked=!at_once
            />
            <Radio value="0" label="Delete it at once" help="Nothing can be restored." checked=at_once />
        </FieldGroup>
    }
    .into_any()
}

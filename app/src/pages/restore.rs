//! Calling off a deletion while its time of grace lasts.

use leptos::prelude::*;
use ui::{Icon, SubmitButton, Tone};

use crate::api::admin::RestoreOrg;
use crate::form::{PlainForm, use_form};

#[component]
pub fn Restore(handle: String) -> AnyView {
    let form = use_form::<RestoreOrg>();
    view! {
        <PlainForm form=form failed="The organization was not restored" label="Restore the organization">
            <input type="hidden" name="handle" value=handle />
            <SubmitButton
                label="Restore the organization"
                busy_label="Restoring…"
                pending=form.pending
                tone=Tone::Neutral
                icon=Icon::Restore
            />
        </PlainForm>
    }
    .into_any()
}

//! What is set for the whole instance.

use domain::instance::{GRACE_MAX_DAYS, GRACE_RECOMMENDED_DAYS, InstanceForm, InstancePage as Model};
use leptos::prelude::*;
use ui::{Alert, Field, PageHeader, Section, SubmitButton, TextInput, Toggle, Tone};

use crate::api::instance::{LoadInstance, SaveInstance};
use crate::form::{PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::load;
use crate::wire::Ask;

#[component]
pub fn InstancePage() -> AnyView {
    load(|| Ask::of(LoadInstance {}), |_| "Instance settings".to_owned(), show)
}

fn show(page: Model) -> AnyView {
    let form = use_form::<SaveInstance>();
    let saved = InstanceForm::from(&page.settings);
    let days = form.typed("deletion_grace_days").unwrap_or(saved.deletion_grace_days);
    let owners = form.status.typed_flag("owners_may_delete").unwrap_or(saved.owners_may_delete);
    let grace_help = [
        "From 0, which is at once and for good, to ",
        &GRACE_MAX_DAYS.to_string(),
        "; ",
        &GRACE_RECOMMENDED_DAYS.to_string(),
        " are recommended. Until then nobody gets in, workspaces sleep, and you can restore it.",
    ]
    .concat();
    view! {
        <Frame viewer=page.viewer org=None place=Place::Elsewhere trail=vec![Crumb::here("Instance settings")]>
            <PageHeader title="Instance settings" description="What holds for every organization of this console." />
            <Section id="deletion" title="Deleting organizations">
                <PlainForm form=form failed="The settings were not saved" class="form" label="Deleting organizations">
                    {move || {
                        form.answer()
                            .map(|_| {
                                view! {
                                    <Alert tone=Tone::Success assertive=true>
                                        <p>"Saved. It holds for deletions from now on."</p>
                                    </Alert>
                                }
                            })
                    }}
                    <Field
                        name="form[deletion_grace_days]"
                        label="Days until a deleted organization is gone"
                        help=grace_help
                        error=form.field_error("deletion_grace_days")
                    >
                        <TextInput value=days inputmode="numeric" required=true autocomplete="off" mono=true class="number-short" />
                    </Field>
                    <Field
                        name="form[owners_may_delete]"
                        label="Owners may delete their organization"
                        help="Otherwise only platform administrators do. A partner's owners always leave you 7 days at least."
                    >
                        <Toggle checked=owners />
                    </Field>
                    <div class="form-actions">
                        <SubmitButton label="Save settings" busy_label="Saving…" pending=form.pending />
                    </div>
                </PlainForm>
            </Section>
        </Frame>
    }
    .into_any()
}

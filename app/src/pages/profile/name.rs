//! The display name, saved under the version the form was loaded with.

use domain::Fault;
use domain::name::DISPLAY_NAME_MAX;
use domain::org::OrgHeader;
use leptos::prelude::*;
use ui::{Field, Section, SubmitButton, TextInput};

use crate::api::profile::SaveDisplayName;
use crate::form::{PlainForm, use_form};
use crate::page::use_reload;

#[component]
pub fn DisplayNameForm(org: OrgHeader, version: i64) -> AnyView {
    let form = use_form::<SaveDisplayName>();
    let reload = use_reload();
    let saved = Memo::new(move |_| form.answer());
    Effect::new(move |before: Option<()>| {
        // The switcher and the title show the name as well.
        if saved.get().is_some() && before.is_some() {
            reload.run();
        }
    });
    // After somebody else's save the next try starts from theirs, which is shown.
    let stale = move || {
        form.status.fault.with(|fault| match fault {
            Some(Fault::Stale { version, fields }) => {
                Some((*version, fields.first().map(|conflict| conflict.theirs.clone()).unwrap_or_default()))
            }
            _ => None,
        })
    };
    let current = move || stale().map_or(version, |(version, _)| version).to_string();
    let theirs = move || {
        stale().map(|(_, theirs)| {
            let text = ["Now it is “", &theirs, "”. Save again to replace it with yours."].concat();
            view! { <p class="field-note">{text}</p> }
        })
    };
    let name = form.typed("display_name").filter(|_| stale().is_some() || saved.with_untracked(Option::is_none));
    view! {
        <Section id="profile-name" title="Profile">
            <PlainForm form=form failed="The name was not saved" class="form" label="Profile">
                <input type="hidden" name="handle" value=org.handle.to_string() />
                <input type="hidden" name="version" value=current />
                <Field
                    name="display_name"
                    label="Display name"
                    help="What people read. It can change at any time."
                    error=form.field_error("display_name")
                >
                    <TextInput
                        value=name.unwrap_or_else(|| org.display_name.to_string())
                        required=true
                        autocomplete="off"
                        maxlength=DISPLAY_NAME_MAX as i32
                    />
                    {theirs}
                </Field>
                <div class="form-actions">
                    <SubmitButton label="Save name" busy_label="Saving…" pending=form.pending />
                </div>
            </PlainForm>
        </Section>
    }
    .into_any()
}

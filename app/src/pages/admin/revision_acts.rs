//! Restoring a revision, and blanking the secret values it holds.

use domain::revision::RevisionPage;
use leptos::prelude::*;
use ui::{Field, Icon, Section, SubmitButton, TextInput, Tone};

use crate::api::admin::{RedactRevision, RestoreRevision};
use crate::form::{FormStatus, PlainForm, use_form};
use crate::page::use_reload;

#[component]
pub fn Acts(model: RevisionPage) -> AnyView {
    view! {
        <Restore model=model.clone() />
        {model.has_secrets.then(|| view! { <Redact model=model /> })}
    }
    .into_any()
}

/// Why a revision can't be restored, if it can't.
fn refusal(model: &RevisionPage) -> Option<&'static str> {
    if model.revision.version == model.current_version {
        Some("These are the current settings.")
    } else if model.revision.redacted_at.is_some() {
        Some("Secret values of this revision were redacted. Restoring it would lose them.")
    } else {
        None
    }
}

#[component]
fn Restore(model: RevisionPage) -> AnyView {
    let form = use_form::<RestoreRevision>();
    if let Some(refusal) = refusal(&model) {
        return view! {
            <Section id="restore" title="Restore">
                <p class="field-help">{refusal}</p>
            </Section>
        }
        .into_any();
    }
    view! {
        <Section
            id="restore"
            title="Restore"
            description="Saves these values anew, as a revision of their own. They are checked by today's rules first."
        >
            <PlainForm form=form failed="The revision was not restored" class="act-form" label="Restore">
                <input type="hidden" name="handle" value=model.org.handle.to_string() />
                <input type="hidden" name="version" value=model.current_version.to_string() />
                <input type="hidden" name="revision" value=model.revision.version.to_string() />
                <Reason status=form.status id="restore-reason" optional=true />
                <SubmitButton
                    label="Restore this revision"
                    busy_label="Restoring…"
                    pending=form.pending
                    icon=Icon::Restore
                />
            </PlainForm>
        </Section>
    }
    .into_any()
}

#[component]
fn Redact(model: RevisionPage) -> AnyView {
    let form = use_form::<RedactRevision>();
    let reload = use_reload();
    Effect::new(move |before: Option<()>| {
        if form.answer().is_some() && before.is_some() {
            reload.run();
        }
    });
    view! {
        <Section
            id="redact"
            title="Redact"
            description="Blanks the values of envs that this revision keeps, for good. It can't be restored afterwards; the current settings stay as they are."
            danger=true
        >
            <PlainForm form=form failed="Nothing was redacted" class="act-form" label="Redact">
                <input type="hidden" name="handle" value=model.org.handle.to_string() />
                <input type="hidden" name="revision" value=model.revision.version.to_string() />
                <Reason status=form.status id="redact-reason" optional=false />
                <SubmitButton
                    label="Redact secret values"
                    busy_label="Redacting…"
                    pending=form.pending
                    tone=Tone::DangerOutline
                />
            </PlainForm>
        </Section>
    }
    .into_any()
}

#[component]
fn Reason(status: FormStatus, id: &'static str, optional: bool) -> AnyView {
    let label = if optional { "Reason (optional)" } else { "Reason" };
    view! {
        <Field name="reason" id=id label=label stacked=true error=status.field_error("reason")>
            <TextInput
                value=status.typed("reason").unwrap_or_default()
                autocomplete="off"
                maxlength=domain::revision::REASON_MAX as i32
            />
        </Field>
    }
    .into_any()
}

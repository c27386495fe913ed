//! Secrets of an organization: set, replaced, removed, and never shown.

use domain::Timestamp;
use domain::org_secret::{SecretRow, SecretsPage as Model};
use leptos::prelude::*;
use ui::{Alert, Badge, EmptyState, Field, Icon, Moment, PageHeader, Section, SubmitButton, TextArea, TextInput, Tone};

use crate::api::secret::{LoadSecrets, RemoveSecret, SetSecret};
use crate::form::{FormState, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param, use_reload};
use crate::wire::Ask;

#[component]
pub fn SecretsPage() -> AnyView {
    // Made once: the page's content is made anew after each change.
    let (set, remove) = (use_form::<SetSecret>(), use_form::<RemoveSecret>());
    let handle = param("handle");
    load(
        move || Ask::of(LoadSecrets { handle: handle() }),
        |page: &Model| ["Secrets · ", page.view.org.display_name.as_str()].concat(),
        move |page| show(page, set, remove),
    )
}

fn show(page: Model, set: FormState<SetSecret>, remove: FormState<RemoveSecret>) -> AnyView {
    let Model { viewer, view: model, now } = page;
    let reload = use_reload();
    Effect::new(move |before: Option<()>| {
        let done = set.answer().is_some() | remove.answer().is_some();
        if done && before.is_some() {
            reload.run();
        }
    });
    let handle = model.org.handle.to_string();
    let missing = (!model.missing.is_empty()).then(|| {
        let names = model.missing.join(", ");
        view! {
            <Alert tone=Tone::Warning title="Secrets are missing">
                <p>{["The workspace settings name secrets that there aren't: ", &names, ". Workspaces go without them."].concat()}</p>
            </Alert>
        }
    });
    let secrets = list(&model.secrets, &handle, remove, now);
    view! {
        <Frame viewer=viewer org=Some(model.org) place=Place::Secrets trail=vec![
            Crumb::here("Advanced"),
            Crumb::here("Secrets"),
        ]>
            <PageHeader
                title="Secrets"
                description="Values that workspace settings name. They are kept encrypted, handed to workspaces, and shown to nobody."
            />
            {missing}
            <Section id="secrets" title="Secrets of this organization">
                {secrets}
            </Section>
            <Section
                id="set-secret"
                title="Set a secret"
                description="A name that exists gets the new value, and workspaces get it the next time they fetch their settings."
            >
                <SetForm form=set handle=handle />
            </Section>
        </Frame>
    }
    .into_any()
}

fn list(secrets: &[SecretRow], handle: &str, remove: FormState<RemoveSecret>, now: Timestamp) -> AnyView {
    if secrets.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Key
                title="No secrets yet"
                text="Set one below, and name it in the workspace settings as { \"name\": \"DB_PASSWORD\", \"secret\": \"db-password\" }."
            />
        }
        .into_any();
    }
    let handle = handle.to_owned();
    let lines = secrets.iter().map(|row| line(row, now)).collect_view();
    view! {
        <PlainForm form=remove failed="The secret was not removed" label="Secrets of this organization">
            <input type="hidden" name="handle" value=handle />
            <table class="table">
                <caption class="sr-only">"Secrets"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Used"</th>
                        <th scope="col">"Set"</th>
                        <th scope="col">"By"</th>
                        <th scope="col">
                            <span class="sr-only">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </PlainForm>
    }
    .into_any()
}

fn line(row: &SecretRow, now: Timestamp) -> AnyView {
    let used = match row.used {
        true => view! { <Badge tone=Tone::Success label="In the settings" /> }.into_any(),
        false => view! { <span class="quiet">"Not used"</span> }.into_any(),
    };
    // One in use has to be taken out of the settings first.
    let act = (!row.used).then(|| {
        let spoken = ["Remove ", &row.name].concat();
        view! {
            <button
                type="submit"
                class=Tone::DangerOutline.button_class()
                name="name"
                value=row.name.clone()
                aria-label=spoken
            >
                "Remove"
            </button>
        }
    });
    view! {
        <tr>
            <th scope="row" class="mono">
                {row.name.clone()}
            </th>
            <td data-label="Used">{used}</td>
            <td data-label="Set">
                <Moment at=row.updated_at now=now />
            </td>
            <td data-label="By">{row.updated_by.clone()}</td>
            <td>
                <div class="row-actions">{act}</div>
            </td>
        </tr>
    }
    .into_any()
}

#[component]
fn SetForm(form: FormState<SetSecret>, handle: String) -> AnyView {
    let refused = form.status.fault.with_untracked(Option::is_some);
    // The value never comes back.
    let name = form.typed("name").filter(|_| refused).unwrap_or_default();
    let told = move || {
        form.answer().map(|replaced| {
            let text = if replaced { "The secret has its new value." } else { "The secret was added." };
            view! {
                <Alert tone=Tone::Success assertive=true>
                    <p>{text}</p>
                </Alert>
            }
        })
    };
    view! {
        <PlainForm form=form failed="The secret was not set" class="form" label="Set a secret">
            {told} <input type="hidden" name="handle" value=handle />
            <Field name="name" label="Name" help="As the settings call it, such as db-password." error=form.field_error("name")>
                <TextInput value=name mono=true required=true autocomplete="off" />
            </Field>
            <Field name="value" label="Value" help="Up to 32 KiB; several lines are kept." error=form.field_error("value")>
                <TextArea rows=3 mono=true />
            </Field>
            <div class="form-actions">
                <SubmitButton label="Set secret" busy_label="Setting…" pending=form.pending />
            </div>
        </PlainForm>
    }
    .into_any()
}

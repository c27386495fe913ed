//! *Danger zone*: preview what deleting would take, name the organization, delete.

use domain::Fault;
use domain::org::OrgHeader;
use domain::plan::{PlanPreview, PlanSection};
use leptos::prelude::*;
use ui::{Alert, Dialog, Field, Icon, Section, SubmitButton, TextInput, Tone, use_interactive};

use crate::api::admin::{DeleteOrg, PreviewDeletion};
use crate::form::{FormState, PlainForm, use_form};

/// Carries the preview along with a post, so that a page which answers a refused one can show it again. Only for
/// showing: what counts is the plan that the server keeps.
const SHOWN: &str = "shown";
const CONFIRM: &str = "confirm";

#[component]
pub fn DangerZone(org: OrgHeader) -> AnyView {
    let ask = use_form::<PreviewDeletion>();
    let delete = use_form::<DeleteOrg>();
    let preview = RwSignal::new(first_preview(ask, delete));
    let open = RwSignal::new(preview.with_untracked(Option::is_some));
    let typed = RwSignal::new(String::new());

    // Each new answer opens the dialog anew, and asks for the name again.
    Effect::new(move |before: Option<()>| {
        let answer = ask.answer();
        if let Some(answer) = answer.filter(|_| before.is_some()) {
            typed.set(String::new());
            preview.set(Some(answer));
            open.set(true);
        }
    });
    Effect::new(move |before: Option<()>| {
        let grown = delete.status.fault.with(grown_preview);
        if let (Some(grown), true) = (grown, before.is_some()) {
            typed.set(String::new());
            preview.set(Some(grown));
        }
    });

    let name = org.display_name.to_string();
    let title = ["Delete ", &name].concat();
    view! {
        <Section
            id="danger-zone"
            title="Danger zone"
            description="First you see what goes and when, then you confirm it by name."
            danger=true
        >
            <PlainForm form=ask failed="The preview could not be made" class="danger-row" label="Delete">
                <input type="hidden" name="handle" value=org.handle.to_string() />
                <p class="field-help">{["Removes ", &name, " and everything that belongs to it."].concat()}</p>
                <SubmitButton
                    label="Delete this organization"
                    busy_label="Looking up what goes…"
                    pending=ask.pending
                    tone=Tone::DangerOutline
                    icon=Icon::Trash
                />
            </PlainForm>
            <Dialog id="delete-dialog" title=title open=open class="delete-dialog">
                // First in tab order, and it closes without script too.
                <form method="dialog" class="delete-cancel">
                    <button class="btn btn-quiet">"Cancel"</button>
                </form>
                {move || {
                    preview.get().map(|preview| view! { <Confirmation preview=preview delete=delete typed=typed /> })
                }}
            </Dialog>
        </Section>
    }
    .into_any()
}

/// What goes, what stays, and the question for the name.
#[component]
fn Confirmation(preview: PlanPreview, delete: FormState<DeleteOrg>, typed: RwSignal<String>) -> AnyView {
    let shown = serde_json::to_string(&preview).unwrap_or_default();
    let handle = preview.handle.to_string();
    let interactive = use_interactive();
    let blocked = {
        let handle = handle.clone();
        Signal::derive(move || {
            let differs = interactive.get() && typed.with(|typed| *typed != handle);
            differs.then(|| ["Type ", &handle, " exactly to enable this."].concat())
        })
    };
    let help = ["Type ", &handle, " to confirm. Upper and lower case matter."].concat();
    let grown = delete.status.fault.with_untracked(grown_preview).is_some();
    // The control outlives the old preview; a name typed for that one says nothing about the new one.
    let cleared = grown.then(String::new);
    let kept = if grown { String::new() } else { delete.typed(CONFIRM).unwrap_or_default() };
    typed.set(kept.clone());
    let removed = preview.goes.iter().filter(|section| section.count > 0).map(goes).collect_view();
    let unknown = preview.unknown.iter().map(|what| view! { <p>{what.clone()}</p> }).collect_view();
    let unknown = (!preview.unknown.is_empty()).then(|| view! { <Alert tone=Tone::Warning>{unknown}</Alert> });
    view! {
        <PlainForm form=delete failed="Nothing was deleted" class="delete-form" label="Confirm the deletion">
            <input type="hidden" name="handle" value=handle />
            <input type="hidden" name="plan" value=preview.token.clone() />
            <input type="hidden" name=SHOWN value=shown />
            <div class="delete-body">
                {first_words(preview.grace_days)}
                {unknown}
                <ul class="plan-list">
                    <li>{["the organization ", preview.display_name.as_str(), " and its settings"].concat()}</li>
                    {removed}
                </ul>
                {(!preview.stays.is_empty())
                    .then(|| {
                        view! {
                            <p>"What stays:"</p>
                            <ul class="plan-list plan-stays">
                                {preview.stays.iter().map(|what| view! { <li>{what.clone()}</li> }).collect_view()}
                            </ul>
                        }
                    })}
                <Field
                    name=CONFIRM
                    label="Organization name"
                    help=help
                    stacked=true
                    error=delete.field_error(CONFIRM)
                >
                    <TextInput
                        value=kept
                        driven=cleared
                        mono=true
                        autofocus=true
                        autocomplete="off"
                        on_input=Callback::new(move |text| typed.set(text))
                    />
                </Field>
            </div>
            <SubmitButton
                label=if preview.grace_days == 0 { "Delete for good" } else { "Delete" }
                busy_label="Deleting…"
                pending=delete.pending
                tone=Tone::Danger
                blocked=blocked
            />
        </PlainForm>
    }
    .into_any()
}

/// When it happens, and whether there is a way back.
fn first_words(grace_days: u32) -> AnyView {
    if grace_days == 0 {
        return view! { <p>"This can't be undone. It removes:"</p> }.into_any();
    }
    let days = if grace_days == 1 { "1 day".to_owned() } else { [&grace_days.to_string(), " days"].concat() };
    let text = [
        "At once nobody can get in, and workspaces sleep. For ",
        &days,
        " platform administrators can restore it. After that these are gone for good:",
    ];
    view! { <p>{text.concat()}</p> }.into_any()
}

/// A kind of thing that goes, with its count; the names unfold.
fn goes(section: &PlanSection) -> AnyView {
    let line = [&section.count.to_string(), " ", &section.label].concat();
    if section.names.is_empty() {
        return view! { <li>{line}</li> }.into_any();
    }
    let hidden = section.count.saturating_sub(section.names.len() as u64);
    view! {
        <li>
            <details>
                <summary>{line}</summary>
                <ul class="plan-names">
                    {section.names.iter().map(|name| view! { <li>{name.clone()}</li> }).collect_view()}
                    {(hidden > 0).then(|| view! { <li>{["and ", &hidden.to_string(), " more"].concat()}</li> })}
                </ul>
            </details>
        </li>
    }
    .into_any()
}

/// The preview that a page without script answers with.
fn first_preview(ask: FormState<PreviewDeletion>, delete: FormState<DeleteOrg>) -> Option<PlanPreview> {
    let grown = delete.status.fault.with_untracked(grown_preview);
    let shown_before = || serde_json::from_str(&delete.typed(SHOWN)?).ok();
    untrack(|| grown.or_else(|| ask.answer()).or_else(shown_before))
}

/// The newer preview with which a deletion was refused.
fn grown_preview(fault: &Option<Fault>) -> Option<PlanPreview> {
    match fault {
        Some(Fault::PlanGrew { preview }) => Some((**preview).clone()),
        _ => None,
    }
}

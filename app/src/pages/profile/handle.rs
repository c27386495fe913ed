//! The handle: type another, see what changes, change it.

use domain::Fault;
use domain::name::{HANDLE_MAX, Handle};
use domain::org::OrgHeader;
use domain::plan::PlanPreview;
use domain::profile::RENAMES_MAX;
use leptos::prelude::*;
use ui::{Dialog, Field, Section, SubmitButton, TextInput, Tone};

use crate::api::profile::{PreviewRename, RenameOrg};
use crate::form::{PlainForm, use_form};

const NEW_HANDLE: &str = "new_handle";
/// Carries the preview along with a post, so that the page which answers a refused one can show it again.
const SHOWN: &str = "shown";

#[component]
pub fn HandleSection(org: OrgHeader, renames_left: Option<i64>) -> AnyView {
    let ask = use_form::<PreviewRename>();
    let rename = use_form::<RenameOrg>();
    let typed = ask.typed(NEW_HANDLE).or_else(|| rename.typed(NEW_HANDLE)).unwrap_or_default();
    let wanted = RwSignal::new(typed.clone());
    let shown_before = || rename.typed(SHOWN).and_then(|shown| serde_json::from_str(&shown).ok());
    let newer = rename.status.fault.with_untracked(grown_preview);
    let first = untrack(|| newer.or_else(|| ask.answer()).or_else(shown_before));
    let preview: RwSignal<Option<PlanPreview>> = RwSignal::new(first);
    let grown = Callback::new(move |newer| preview.set(Some(newer)));
    let open = RwSignal::new(preview.with_untracked(Option::is_some));
    Effect::new(move |before: Option<()>| {
        if let Some(answer) = ask.answer().filter(|_| before.is_some()) {
            preview.set(Some(answer));
            open.set(true);
        }
    });
    let refused = ask.field_error(NEW_HANDLE);
    let error = Signal::derive(move || {
        let live = wanted.with(|text| (!text.is_empty()).then(|| Handle::parse(text.trim()).err()).flatten());
        live.map(|error| error.to_string()).or_else(|| refused.get())
    });
    let left = renames_left.map(|left| {
        ["It can change ", &RENAMES_MAX.to_string(), " times in 30 days; ", &left.to_string(), " are left."].concat()
    });
    view! {
        <Section
            id="handle"
            title="Handle"
            description="Stands in addresses and DNS names. A former handle goes on leading here until you retire it."
        >
            <PlainForm form=ask failed="The handle can't change to this" class="form" label="Handle">
                <input type="hidden" name="handle" value=org.handle.to_string() />
                <Field
                    name=NEW_HANDLE
                    label="New handle"
                    help=["It is ", org.handle.as_str(), " now. ", left.as_deref().unwrap_or_default()].concat()
                    error=error
                >
                    <TextInput
                        value=typed
                        mono=true
                        required=true
                        autocomplete="off"
                        maxlength=HANDLE_MAX as i32
                        on_input=Callback::new(move |text| wanted.set(text))
                    />
                </Field>
                <div class="form-actions">
                    <SubmitButton
                        label="Preview the change"
                        busy_label="Looking up what changes…"
                        pending=ask.pending
                        tone=Tone::Neutral
                    />
                </div>
            </PlainForm>
            <Dialog id="rename-dialog" title="Change the handle" open=open class="delete-dialog">
                <form method="dialog" class="delete-cancel">
                    <button class="btn btn-quiet">"Cancel"</button>
                </form>
                {move || preview.get().map(|preview| view! { <Confirmation preview=preview grown=grown /> })}
            </Dialog>
        </Section>
    }
    .into_any()
}

/// The newer preview with which a rename was refused.
fn grown_preview(fault: &Option<Fault>) -> Option<PlanPreview> {
    match fault {
        Some(Fault::PlanGrew { preview }) => Some((**preview).clone()),
        _ => None,
    }
}

/// Every name before and after, and the button that changes them.
#[component]
fn Confirmation(
    preview: PlanPreview,
    /// Told when other names would change by now.
    grown: Callback<PlanPreview>,
) -> AnyView {
    // Of this preview alone: what was said of another handle says nothing of this one.
    let rename = use_form::<RenameOrg>();
    Effect::new(move |before: Option<()>| {
        let newer = rename.status.fault.with(grown_preview);
        if let (Some(newer), true) = (newer, before.is_some()) {
            grown.run(newer);
        }
    });
    let new_handle = preview.new_handle.as_ref().map(ToString::to_string).unwrap_or_default();
    let shown = serde_json::to_string(&preview).unwrap_or_default();
    let changes = preview.changes.into_iter().map(|change| {
        view! {
            <li>
                <span class="mono">{change.before}</span>
                " → "
                <span class="mono">{change.after}</span>
            </li>
        }
    });
    view! {
        <PlainForm form=rename failed="The handle was not changed" class="delete-form" label="Confirm the change">
            <input type="hidden" name="handle" value=preview.handle.to_string() />
            <input type="hidden" name=NEW_HANDLE value=new_handle />
            <input type="hidden" name="plan" value=preview.token />
            <input type="hidden" name=SHOWN value=shown />
            <div class="delete-body">
                <p>"What changes:"</p>
                <ul class="plan-list plan-names-change">{changes.collect_view()}</ul>
                <p>"What stays:"</p>
                <ul class="plan-list plan-stays">
                    {preview.stays.into_iter().map(|what| view! { <li>{what}</li> }).collect_view()}
                </ul>
            </div>
            <SubmitButton label="Change the handle" busy_label="Changing…" pending=rename.pending />
        </PlainForm>
    }
    .into_any()
}

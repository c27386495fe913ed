//! Fields as this page lays them out: label and help, the control, and where need be what is not true yet.

use domain::settings::field;
use leptos::prelude::*;
use ui::{Field, TextInput, Toggle};

use super::state::AdminState;
use super::values::input_name;

/// What stands beside a setting that a later capability will act on.
pub const NOT_ENFORCED: &str = "Saved with the configuration; not enforced yet.";

/// A remark below a control.
#[component]
pub fn Note(#[prop(into)] text: String) -> AnyView {
    view! { <p class="field-note">{text}</p> }.into_any()
}

/// A switch.
#[component]
pub fn FlagField(
    state: AdminState,
    name: &'static str,
    help: &'static str,
    /// As typed, and as saved.
    value: (bool, bool),
    #[prop(optional)] note: Option<&'static str>,
) -> AnyView {
    view! {
        <Field name=input_name(name) label=field::label(name) help=help error=state.error(name)>
            <Toggle checked=value.0 saved=value.1 />
            {note.map(|note| view! { <Note text=note /> })}
        </Field>
    }
    .into_any()
}

/// A line of text.
#[component]
pub fn LineField(
    state: AdminState,
    name: &'static str,
    help: &'static str,
    /// As typed, and as saved.
    value: (String, String),
    placeholder: &'static str,
    #[prop(optional)] note: Option<&'static str>,
) -> AnyView {
    let (typed, saved) = value;
    view! {
        <Field name=input_name(name) label=field::label(name) help=help error=state.error(name)>
            <TextInput
                value=typed
                saved=saved
                mono=true
                placeholder=placeholder
                inputmode="url"
                autocomplete="off"
            />
            {note.map(|note| view! { <Note text=note /> })}
        </Field>
    }
    .into_any()
}

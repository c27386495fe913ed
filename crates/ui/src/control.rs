//! Controls. Each stands inside a [`crate::Field`] or [`crate::FieldGroup`] and takes name, id, description and error
//! from it. They are uncontrolled: the browser holds what is typed, `value` is only where it begins.
//!
//! `saved` is what the server holds when it differs from `value` — after a refused post without JavaScript, whose
//! typed values come back. Forms count a field as changed against it, and *Discard* goes back to it.

use leptos::ev::Event;
use leptos::prelude::*;

use crate::field::FieldIds;
use crate::{Icon, button};

fn ids() -> FieldIds {
    use_context::<FieldIds>().unwrap_or_else(|| FieldIds::new("", Signal::stored(None)))
}

/// Runs the listener, if any, with the control's text.
fn tell(listener: Option<Callback<String>>, event: &Event) {
    if let Some(listener) = listener {
        listener.run(event_target_value(event));
    }
}

/// `saved` as the attribute that forms compare with, when it says something else than `value`.
fn saved_attribute(saved: Option<String>, value: &str) -> Option<String> {
    saved.filter(|saved| saved != value)
}

/// A line of text.
#[component]
pub fn TextInput(
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] saved: Option<String>,
    /// The input's `type`.
    #[prop(default = "text")]
    kind: &'static str,
    /// Monospace, for handles, hosts and tokens.
    #[prop(optional)]
    mono: bool,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional)] maxlength: Option<i32>,
    /// The id of a `<datalist>` with suggestions.
    #[prop(optional)]
    list: Option<&'static str>,
    /// Text that overrides what is typed each time it changes, such as a suggestion.
    #[prop(optional, into)]
    driven: MaybeProp<String>,
    #[prop(optional)] on_input: Option<Callback<String>>,
    #[prop(optional)] class: &'static str,
) -> AnyView {
    let FieldIds { name, id, described_by, error } = ids();
    let input = NodeRef::<leptos::html::Input>::new();
    Effect::new(move |_| {
        if let (Some(text), Some(input)) = (driven.get(), input.get()) {
            input.set_value(&text);
        }
    });
    view! {
        <input
            node_ref=input
            class=button::join("input", class)
            class:mono=mono
            type=kind
            name=name
            id=id
            data-saved=saved_attribute(saved, &value)
            value=value
            required=required
            autofocus=autofocus
            autocomplete=autocomplete
            autocapitalize=mono.then_some("none")
            spellcheck=mono.then_some("false")
            inputmode=inputmode
            placeholder=placeholder
            maxlength=maxlength
            list=list
            aria-describedby=described_by
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            on:input=move |event| tell(on_input, &event)
        />
    }
    .into_any()
}

/// A password, with a button that shows it.
#[component]
pub fn PasswordInput(
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    #[prop(optional)] on_input: Option<Callback<String>>,
) -> AnyView {
    let FieldIds { name, id, described_by, error } = ids();
    let shown = RwSignal::new(false);
    view! {
        <div class="password">
            <input
                class="input"
                type=move || if shown.get() { "text" } else { "password" }
                name=name
                id=id
                required=true
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=described_by
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:input=move |event| tell(on_input, &event)
            />
            <button
                type="button"
                class="btn btn-ghost btn-square needs-js"
                aria-pressed=move || if shown.get() { "true" } else { "false" }
                aria-label="Show password"
                data-tip=move || if shown.get() { "Hide password" } else { "Show password" }
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                {move || if shown.get() { Icon::EyeOff.view() } else { Icon::Eye.view() }}
            </button>
        </div>
    }
    .into_any()
}

/// Several lines of text.
#[component]
pub fn TextArea(
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] saved: Option<String>,
    #[prop(default = 4)] rows: i32,
    #[prop(optional)] mono: bool,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional)] maxlength: Option<i32>,
    #[prop(optional)] on_input: Option<Callback<String>>,
    #[prop(optional)] node_ref: NodeRef<leptos::html::Textarea>,
) -> AnyView {
    let FieldIds { name, id, described_by, error } = ids();
    let content = textarea_content(&value);
    view! {
        <textarea
            class="textarea"
            class:mono=mono
            name=name
            id=id
            rows=rows
            data-saved=saved_attribute(saved, &value)
            placeholder=placeholder
            maxlength=maxlength
            spellcheck=mono.then_some("false")
            aria-describedby=described_by
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            on:input=move |event| tell(on_input, &event)
            node_ref=node_ref
            inner_html=content
        ></textarea>
    }
    .into_any()
}

/// A textarea's text as HTML. A text node as child would do, were it not that an empty one can't be hydrated.
fn textarea_content(value: &str) -> String {
    let text = value.replace('&', "&amp;").replace('<', "&lt;");
    // The parser of documents drops a line feed that follows the tag.
    if cfg!(feature = "ssr") && text.starts_with('\n') { ["\n", &text].concat() } else { text }
}

/// One of a few: `options` are value and label.
#[component]
pub fn Select(
    options: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] saved: Option<String>,
    /// It can't be chosen, and isn't sent.
    #[prop(optional)]
    disabled: bool,
    #[prop(optional)] on_change: Option<Callback<String>>,
) -> AnyView {
    let FieldIds { name, id, described_by, error } = ids();
    let saved = saved_attribute(saved, &value);
    view! {
        <select
            class="select"
            name=name
            id=id
            data-saved=saved
            disabled=disabled
            aria-describedby=described_by
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            on:change=move |event| tell(on_change, &event)
        >
            {options
                .into_iter()
                .map(|(option, label)| {
                    let selected = option == value;
                    view! {
                        <option value=option selected=selected>
                            {label}
                        </option>
                    }
                })
                .collect_view()}
        </select>
    }
    .into_any()
}

/// A switch that sends `true` when on and nothing when off.
#[component]
pub fn Toggle(
    #[prop(optional)] checked: bool,
    #[prop(optional)] saved: Option<bool>,
    /// What stands beside the switch; the field's label names it.
    #[prop(optional, into)]
    text: Option<String>,
    #[prop(optional)] on_change: Option<Callback<bool>>,
) -> AnyView {
    let FieldIds { name, id, described_by, error } = ids();
    let text_for = id.clone();
    view! {
        <div class="toggle-row">
            <input
                class="toggle"
                type="checkbox"
                role="switch"
                name=name
                id=id
                value="true"
                checked=checked
                data-saved=saved.filter(|saved| *saved != checked).map(|saved| saved.to_string())
                aria-describedby=described_by
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:change=move |event| {
                    if let Some(listener) = on_change {
                        listener.run(event_target_checked(&event));
                    }
                }
            />
            {text.map(|text| view! { <label for=text_for aria-hidden="true">{text}</label> })}
        </div>
    }
    .into_any()
}

/// A box with its own label, inside a [`crate::FieldGroup`] or alone.
#[component]
pub fn Checkbox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(default = "true")] value: &'static str,
    #[prop(optional)] checked: bool,
    #[prop(optional)] on_change: Option<Callback<bool>>,
) -> AnyView {
    view! {
        <label class="choice">
            <input
                class="checkbox"
                type="checkbox"
                name=name
                value=value
                checked=checked
                on:change=move |event| {
                    if let Some(listener) = on_change {
                        listener.run(event_target_checked(&event));
                    }
                }
            />
            <span>{label}</span>
        </label>
    }
    .into_any()
}

/// One choice of a [`crate::FieldGroup`], whose name it takes. `help` explains the choice; children belong to it, such
/// as a number that only this choice needs.
#[component]
pub fn Radio(
    #[prop(into)] value: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional)] checked: bool,
    /// Whether this choice is what the server holds, where that differs from `checked`.
    #[prop(optional)]
    saved: Option<bool>,
    /// Takes the choice as a signal where another control can make it.
    #[prop(optional, into)]
    driven: MaybeProp<bool>,
    #[prop(optional)] on_choose: Option<Callback<()>>,
    #[prop(optional)] children: Option<Children>,
) -> AnyView {
    let FieldIds { name, .. } = ids();
    let input = NodeRef::<leptos::html::Input>::new();
    Effect::new(move |_| {
        if let (Some(chosen), Some(input)) = (driven.get(), input.get()) {
            input.set_checked(chosen);
        }
    });
    view! {
        <div class="choice-block">
            <label class="choice">
                <input
                    class="radio"
                    node_ref=input
                    type="radio"
                    name=name
                    value=value
                    checked=checked
                    data-saved=saved.filter(|saved| *saved != checked).map(|saved| saved.to_string())
                    on:change=move |_| {
                        if let Some(listener) = on_choose {
                            listener.run(());
                        }
                    }
                />
                <span>
                    {label} {help.map(|help| view! { <span class="choice-help">{help}</span> })}
                </span>
            </label>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}

//! A box with something that is shown once.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::Icon;

/// A value to copy, with a warning beside it. The button copies and says so; without JavaScript the text can be
/// selected by hand.
#[component]
pub fn CopyBox(
    /// Names the value: “Bootstrap link”.
    #[prop(into)]
    label: String,
    #[prop(into)] value: String,
    /// What to mind: “It is shown only now.”
    #[prop(optional, into)]
    warning: Option<String>,
    /// The id of the input, when there are several on a page.
    #[prop(default = "copy-value")]
    id: &'static str,
) -> AnyView {
    let input = NodeRef::<leptos::html::Input>::new();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        if let Some(input) = input.get_untracked() {
            input.select();
            copied.set(copy_selection());
        }
    };
    view! {
        <div class="copy-box">
            <label class="field-label" for=id>
                {label.clone()}
            </label>
            <div class="copy-row">
                <input class="input mono" id=id readonly=true value=value node_ref=input />
                <button type="button" class="btn btn-primary needs-js" on:click=copy>
                    {move || if copied.get() { Icon::Check.view() } else { Icon::Copy.view() }}
                    <span>{move || if copied.get() { "Copied" } else { "Copy" }}</span>
                    <span class="sr-only">{format!(" {label}")}</span>
                </button>
            </div>
            <p class="sr-only" role="status">
                {move || copied.get().then_some("Copied to the clipboard")}
            </p>
            {warning.map(|warning| view! { <p class="copy-warning">{Icon::Warning.view()} <span>{warning}</span></p> })}
        </div>
    }
    .into_any()
}

/// The clipboard API is missing on plain HTTP, where consoles of private networks live; the old command works there.
fn copy_selection() -> bool {
    let Some(document) = window().document() else { return false };
    document.dyn_into::<web_sys::HtmlDocument>().is_ok_and(|document| document.exec_command("copy").unwrap_or(false))
}

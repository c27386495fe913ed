//! Keys that work on every page, and the dialog that lists them.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use ui::{Button, Dialog};
use wasm_bindgen::JsCast;

use crate::paths;

/// Listens while the frame is there. `admin`: where `g a` leads, on pages of an organization whose Admin page the
/// viewer may open.
#[component]
pub fn Keys(admin: Option<String>) -> AnyView {
    let help = RwSignal::new(false);
    let has_admin = admin.is_some();
    let navigate = use_navigate();
    let after_g = StoredValue::new(false);
    let pressed = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() || is_typing(&event) {
            return;
        }
        let had_g = after_g.get_value();
        after_g.set_value(false);
        match (had_g, event.key().as_str()) {
            (true, "o") => navigate(&paths::organizations(&Default::default()), Default::default()),
            (true, "a") => {
                if let Some(admin) = &admin {
                    navigate(admin, Default::default());
                }
            }
            (false, "g") => after_g.set_value(true),
            (false, "?") => help.set(true),
            (false, "/") => focus_search(),
            _ => return,
        }
        event.prevent_default();
    };
    Effect::new(move |_| {
        let listener = window_event_listener(leptos::ev::keydown, pressed.clone());
        on_cleanup(move || listener.remove());
    });
    let close = Callback::new(move |_| help.set(false));
    let row = |keys: &'static [&'static str], meaning: &'static str| {
        view! {
            <div class="key-row">
                <dt>{keys.iter().map(|key| view! { <kbd>{*key}</kbd> " " }).collect_view()}</dt>
                <dd>{meaning}</dd>
            </div>
        }
    };
    view! {
        <Dialog id="keys-dialog" title="Keyboard shortcuts" open=help>
            <dl class="key-list">
                {row(&["g", "o"], "Go to the organizations")}
                {has_admin.then(|| row(&["g", "a"], "Go to this organization's Admin page"))}
                {row(&["/"], "Search organizations")} {row(&["Ctrl/⌘", "S"], "Save the form")}
                {row(&["Esc"], "Close a dialog or menu")} {row(&["?"], "Show this list")}
            </dl>
            <div class="dialog-actions">
                <Button label="Close" on_press=close />
            </div>
        </Dialog>
    }
    .into_any()
}

/// Whether the key belongs to something one types into.
fn is_typing(event: &KeyboardEvent) -> bool {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    element
        .closest(
            "input:not([type=checkbox], [type=radio]), textarea, select, dialog, [contenteditable], .monaco-editor",
        )
        .is_ok_and(|found| found.is_some())
}

fn focus_search() {
    let input = document().get_element_by_id("search").and_then(|e| e.dyn_into::<web_sys::HtmlInputElement>().ok());
    if let Some(input) = input {
        let _ = input.focus();
        input.select();
    }
}

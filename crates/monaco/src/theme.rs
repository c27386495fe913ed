//! Monaco's own light and dark, on the console's ground and with diff colours that its text can be read on.

use wasm_bindgen::JsValue;

use crate::bindings::EditorApi;

const LIGHT: &str = r##"{
    "base": "vs",
    "inherit": true,
    "rules": [],
    "colors": {
        "editor.background": "#ffffff",
        "diffEditor.insertedLineBackground": "#e6f4eb",
        "diffEditor.insertedTextBackground": "#c6e8d2",
        "diffEditor.removedLineBackground": "#fdecea",
        "diffEditor.removedTextBackground": "#f9d3cf"
    }
}"##;

const DARK: &str = r##"{
    "base": "vs-dark",
    "inherit": true,
    "rules": [],
    "colors": {
        "editor.background": "#171d24",
        "diffEditor.insertedLineBackground": "#14301f",
        "diffEditor.insertedTextBackground": "#173d26",
        "diffEditor.removedLineBackground": "#3a1b19",
        "diffEditor.removedTextBackground": "#4d211e"
    }
}"##;

/// Makes both themes known.
pub fn define(api: &EditorApi) {
    for (dark, json) in [(false, LIGHT), (true, DARK)] {
        let theme = js_sys::JSON::parse(json).unwrap_or(JsValue::UNDEFINED);
        api.define_theme(name(dark), &theme);
    }
}

pub const fn name(dark: bool) -> &'static str {
    if dark { "console-dark" } else { "console-light" }
}

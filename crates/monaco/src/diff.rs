//! The diff editor.

use web_sys::HtmlElement;

use crate::bindings::{CodeDiffEditor, DiffModel, TextModel, object, options};
use crate::load::{Monaco, theme};

pub struct DiffEditorOptions<'a> {
    pub before: &'a str,
    pub after: &'a str,
    pub dark: bool,
    /// Names of the two sides for assistive technology.
    pub before_label: &'a str,
    pub after_label: &'a str,
}

/// A mounted comparison; dropping it takes it off the page.
pub struct DiffEditor {
    monaco: Monaco,
    editor: CodeDiffEditor,
    models: [TextModel; 2],
}

const OPTIONS: &str = r#"{
    "automaticLayout": true,
    "fixedOverflowWidgets": true,
    "fontSize": 13,
    "minimap": { "enabled": false },
    "padding": { "top": 8, "bottom": 8 },
    "readOnly": true,
    "renderOverviewRuler": false,
    "renderValidationDecorations": "off",
    "scrollBeyondLastLine": false,
    "scrollbar": { "alwaysConsumeMouseWheel": false },
    "tabFocusMode": true
}"#;

impl DiffEditor {
    pub(crate) fn new(monaco: &Monaco, container: &HtmlElement, wanted: &DiffEditorOptions<'_>) -> Self {
        let api = monaco.0.editor();
        let opts = options(OPTIONS);
        opts.set_theme(theme(wanted.dark));
        opts.set_original_aria_label(wanted.before_label);
        opts.set_modified_aria_label(wanted.after_label);
        let editor = api.create_diff_editor(container, &opts);

        let models = [wanted.before, wanted.after].map(|text| api.create_model(text, "json", None));
        let pair: DiffModel = object();
        pair.set_original(&models[0]);
        pair.set_modified(&models[1]);
        editor.set_model(&pair);
        Self { monaco: monaco.clone(), editor, models }
    }

    pub fn set_dark(&self, dark: bool) {
        self.monaco.set_dark(dark);
    }
}

impl Drop for DiffEditor {
    fn drop(&mut self) {
        self.editor.dispose();
        self.models.iter().for_each(TextModel::dispose);
    }
}

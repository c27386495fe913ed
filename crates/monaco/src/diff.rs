//! The diff editor.

use web_sys::HtmlElement;

use crate::bindings::{CodeDiffEditor, DiffModel, EditorOptions, TextModel, object, options};
use crate::events::Subscription;
use crate::load::Monaco;
use crate::theme;

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
    labels: Option<Subscription>,
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
        opts.set_theme(theme::name(wanted.dark));
        let editor = api.create_diff_editor(container, &opts);

        let models = [wanted.before, wanted.after].map(|text| api.create_model(text, "json", None));
        let pair: DiffModel = object();
        pair.set_original(&models[0]);
        pair.set_modified(&models[1]);
        editor.set_model(&pair);
        let labels = Some(keep_labels(&editor, wanted));
        Self { monaco: monaco.clone(), editor, models, labels }
    }

    pub fn set_dark(&self, dark: bool) {
        self.monaco.set_dark(dark);
    }
}

/// Monaco forgets the sides' names whenever it changes between side by side and inline, and once at the start. Setting
/// a name that is set already changes nothing, so this comes to rest.
fn keep_labels(editor: &CodeDiffEditor, wanted: &DiffEditorOptions<'_>) -> Subscription {
    let labels: EditorOptions = object();
    labels.set_original_aria_label(wanted.before_label);
    labels.set_modified_aria_label(wanted.after_label);
    editor.update_options(&labels);
    let diff = editor.clone();
    Subscription::new(
        |listener| editor.get_original_editor().on_did_change_configuration(listener),
        move || diff.update_options(&labels),
    )
}

impl Drop for DiffEditor {
    fn drop(&mut self) {
        self.labels.take();
        self.editor.dispose();
        self.models.iter().for_each(TextModel::dispose);
    }
}

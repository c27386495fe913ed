//! The JSON editor.

use js_sys::{Array, Object};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use crate::bindings::{CodeEditor, EditOperation, Module, TextModel, object, options};
use crate::events::Subscription;
use crate::load::Monaco;
use crate::markers::{self, Marker};
use crate::tab_key::TabKeyGuard;
use crate::theme;

pub struct JsonEditorOptions {
    pub value: String,
    /// JSON Schema (a JSON text) that drives completion, hover and squiggles.
    pub schema: &'static str,
    pub dark: bool,
    /// The editor's name for assistive technology; should also tell how to leave it by keyboard.
    pub aria_label: &'static str,
    /// Hears the whole text after every change, whoever made it.
    pub on_change: Box<dyn Fn(String)>,
    /// Hears whether Tab leaves the editor from now on (Ctrl+M and Escape change it).
    pub on_tab_key: Box<dyn Fn(bool)>,
}

/// A mounted editor; dropping it takes it off the page.
pub struct JsonEditor {
    monaco: Monaco,
    editor: CodeEditor,
    model: TextModel,
    markers: Rc<RefCell<Vec<Marker>>>,
    subscriptions: Vec<Subscription>,
    tab_key: Option<TabKeyGuard>,
}

/// The models' address; the schema is bound to it.
const MODEL: &str = "inmemory://settings/workspace.json";

const OPTIONS: &str = r#"{
    "automaticLayout": true,
    "fixedOverflowWidgets": true,
    "fontSize": 13,
    "folding": true,
    "lineNumbersMinChars": 3,
    "minimap": { "enabled": false },
    "padding": { "top": 8, "bottom": 8 },
    "quickSuggestions": { "strings": true, "other": true, "comments": false },
    "scrollBeyondLastLine": false,
    "scrollbar": { "alwaysConsumeMouseWheel": false },
    "stickyScroll": { "enabled": false },
    "tabSize": 2
}"#;

impl JsonEditor {
    pub(crate) fn new(monaco: &Monaco, container: &HtmlElement, wanted: JsonEditorOptions) -> Self {
        let module = &monaco.0;
        bind_schema(module, wanted.schema);
        let model = module.editor().create_model(&wanted.value, "json", Some(&module.uri().parse(MODEL)));

        let opts = options(OPTIONS);
        opts.set_model(&model);
        opts.set_theme(theme::name(wanted.dark));
        opts.set_aria_label(wanted.aria_label);
        let editor = module.editor().create(container, &opts);

        let markers = Rc::new(RefCell::new(Vec::new()));
        let changed = {
            let model = model.clone();
            let on_change = wanted.on_change;
            Subscription::new(
                |listener| editor.on_did_change_model_content(listener),
                move || on_change(model.get_value()),
            )
        };
        let remarked = refresh_markers(module, &model, &markers);
        let tab_key = TabKeyGuard::new(&editor, container, wanted.on_tab_key);
        Self {
            monaco: monaco.clone(),
            editor,
            model,
            markers,
            subscriptions: vec![changed, remarked],
            tab_key: Some(tab_key),
        }
    }

    pub fn value(&self) -> String {
        self.model.get_value()
    }

    /// Replaces the text as an edit that can be undone. `on_change` hears of it.
    pub fn set_value(&self, value: &str) {
        if self.model.get_value() == value {
            return;
        }
        let edit: EditOperation = object();
        edit.set_range(&self.model.get_full_model_range());
        edit.set_text(value);
        self.editor.push_undo_stop();
        self.editor.execute_edits("set-value", &Array::of1(&edit));
        self.editor.push_undo_stop();
    }

    /// Lays the document out anew; a document with a syntax error is formatted as far as it can be read.
    pub fn format(&self) {
        if let Some(action) = self.editor.get_action("editor.action.formatDocument") {
            // Runs by itself; there is nothing to wait for.
            let _ = action.run();
        }
    }

    /// Replaces the remarks shown in the text.
    pub fn set_markers(&self, wanted: &[Marker]) {
        self.markers.replace(wanted.to_vec());
        markers::show(&self.monaco.0, &self.model, wanted);
    }

    /// Moves the cursor to a place (both from 1, the column in characters) and takes the focus.
    pub fn go_to(&self, line: u32, column: u32) {
        let position = markers::position(&self.model, line, column);
        self.editor.set_position(&position);
        self.editor.reveal_position(&position);
        self.editor.focus();
    }

    pub fn focus(&self) {
        self.editor.focus();
    }

    pub fn set_dark(&self, dark: bool) {
        self.monaco.set_dark(dark);
    }
}

impl Drop for JsonEditor {
    fn drop(&mut self) {
        // Listeners first: disposing must not call them.
        self.tab_key.take();
        self.subscriptions.clear();
        self.editor.dispose();
        self.model.dispose();
    }
}

/// The JSON service checks a little later than we do; then ours give way on its lines.
fn refresh_markers(module: &Module, model: &TextModel, markers: &Rc<RefCell<Vec<Marker>>>) -> Subscription {
    let (module, model, markers) = (module.clone(), model.clone(), Rc::clone(markers));
    let last_service_lines = RefCell::new(Vec::new());
    Subscription::new(
        {
            let module = module.clone();
            move |listener| module.editor().on_did_change_markers(listener)
        },
        move || {
            // Our own change arrives here as well and must not lead to another.
            let lines = markers::service_lines(&module, &model);
            if last_service_lines.replace(lines.clone()) != lines {
                markers::show(&module, &model, &markers.borrow());
            }
        },
    )
}

/// Tells the JSON service which rules hold for our model; nothing is ever fetched.
fn bind_schema(module: &Module, schema: &str) {
    let Ok(schema) = js_sys::JSON::parse(schema) else { return };
    let entry = Object::new();
    set(&entry, "uri", &"inmemory://settings/schema.json".into());
    set(&entry, "fileMatch", &Array::of1(&MODEL.into()));
    set(&entry, "schema", &schema);

    let diagnostics = Object::new();
    set(&diagnostics, "validate", &JsValue::TRUE);
    set(&diagnostics, "schemaValidation", &"error".into());
    set(&diagnostics, "allowComments", &JsValue::FALSE);
    set(&diagnostics, "enableSchemaRequest", &JsValue::FALSE);
    set(&diagnostics, "schemas", &Array::of1(&entry));
    module.json_defaults().set_diagnostics_options(diagnostics.unchecked_ref());
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // Setting a property of a fresh plain object can't fail.
    let _ = js_sys::Reflect::set(object, &key.into(), value);
}

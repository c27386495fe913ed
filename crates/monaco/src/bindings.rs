//! The JavaScript interface, one to one: names are Monaco's, in Rust's spelling.

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen(inline_js = "export function load(url) { return import(url); }")]
extern "C" {
    /// `import(url)`, which Rust has no words for.
    #[wasm_bindgen(catch)]
    pub fn load(url: &str) -> Result<Promise, JsValue>;
}

// The module and its namespaces.
#[wasm_bindgen]
extern "C" {
    #[derive(Debug, Clone)]
    pub type Module;
    #[wasm_bindgen(method, getter)]
    pub fn editor(this: &Module) -> EditorApi;
    #[wasm_bindgen(method, getter, js_name = Uri)]
    pub fn uri(this: &Module) -> UriClass;
    #[wasm_bindgen(method, getter, js_name = MarkerSeverity)]
    pub fn marker_severity(this: &Module) -> MarkerSeverity;
    #[wasm_bindgen(method, getter, js_name = jsonDefaults)]
    pub fn json_defaults(this: &Module) -> JsonDefaults;

    pub type EditorApi;
    #[wasm_bindgen(method)]
    pub fn create(this: &EditorApi, container: &HtmlElement, options: &EditorOptions) -> CodeEditor;
    #[wasm_bindgen(method, js_name = createDiffEditor)]
    pub fn create_diff_editor(this: &EditorApi, container: &HtmlElement, options: &EditorOptions) -> CodeDiffEditor;
    #[wasm_bindgen(method, js_name = createModel)]
    pub fn create_model(this: &EditorApi, value: &str, language: &str, uri: Option<&Uri>) -> TextModel;
    #[wasm_bindgen(method, js_name = defineTheme)]
    pub fn define_theme(this: &EditorApi, name: &str, theme: &JsValue);
    #[wasm_bindgen(method, js_name = setTheme)]
    pub fn set_theme(this: &EditorApi, name: &str);
    #[wasm_bindgen(method, js_name = setModelMarkers)]
    pub fn set_model_markers(this: &EditorApi, model: &TextModel, owner: &str, markers: &Array);
    #[wasm_bindgen(method, js_name = getModelMarkers)]
    pub fn get_model_markers(this: &EditorApi, filter: &MarkerFilter) -> Array;
    /// The listener is told the addresses of the models concerned.
    #[wasm_bindgen(method, js_name = onDidChangeMarkers)]
    pub fn on_did_change_markers(this: &EditorApi, listener: &Function) -> Disposable;

    pub type UriClass;
    #[wasm_bindgen(method)]
    pub fn parse(this: &UriClass, text: &str) -> Uri;

    #[derive(Debug, Clone)]
    pub type Uri;

    pub type MarkerSeverity;
    #[wasm_bindgen(method, getter, js_name = Error)]
    pub fn error(this: &MarkerSeverity) -> u32;
    #[wasm_bindgen(method, getter, js_name = Warning)]
    pub fn warning(this: &MarkerSeverity) -> u32;

    pub type JsonDefaults;
    #[wasm_bindgen(method, js_name = setDiagnosticsOptions)]
    pub fn set_diagnostics_options(this: &JsonDefaults, options: &Object);

    pub type Disposable;
    #[wasm_bindgen(method)]
    pub fn dispose(this: &Disposable);
}

// Editors and models.
#[wasm_bindgen]
extern "C" {
    #[derive(Debug, Clone)]
    pub type CodeEditor;
    #[wasm_bindgen(method)]
    pub fn dispose(this: &CodeEditor);
    #[wasm_bindgen(method)]
    pub fn focus(this: &CodeEditor);
    #[wasm_bindgen(method, js_name = updateOptions)]
    pub fn update_options(this: &CodeEditor, options: &EditorOptions);
    #[wasm_bindgen(method, js_name = getAction)]
    pub fn get_action(this: &CodeEditor, id: &str) -> Option<EditorAction>;
    #[wasm_bindgen(method, js_name = executeEdits)]
    pub fn execute_edits(this: &CodeEditor, source: &str, edits: &Array) -> bool;
    #[wasm_bindgen(method, js_name = pushUndoStop)]
    pub fn push_undo_stop(this: &CodeEditor) -> bool;
    #[wasm_bindgen(method, js_name = setPosition)]
    pub fn set_position(this: &CodeEditor, position: &Position);
    #[wasm_bindgen(method, js_name = revealPositionInCenterIfOutsideViewport)]
    pub fn reveal_position(this: &CodeEditor, position: &Position);
    #[wasm_bindgen(method, js_name = onDidChangeModelContent)]
    pub fn on_did_change_model_content(this: &CodeEditor, listener: &Function) -> Disposable;
    #[wasm_bindgen(method, js_name = onDidBlurEditorWidget)]
    pub fn on_did_blur_editor_widget(this: &CodeEditor, listener: &Function) -> Disposable;

    #[wasm_bindgen(method, js_name = onDidChangeConfiguration)]
    pub fn on_did_change_configuration(this: &CodeEditor, listener: &Function) -> Disposable;

    pub type EditorAction;
    #[wasm_bindgen(method)]
    pub fn run(this: &EditorAction) -> Promise;

    #[derive(Debug, Clone)]
    pub type CodeDiffEditor;
    #[wasm_bindgen(method)]
    pub fn dispose(this: &CodeDiffEditor);
    #[wasm_bindgen(method, js_name = setModel)]
    pub fn set_model(this: &CodeDiffEditor, model: &DiffModel);
    #[wasm_bindgen(method, js_name = updateOptions)]
    pub fn update_options(this: &CodeDiffEditor, options: &EditorOptions);
    #[wasm_bindgen(method, js_name = getOriginalEditor)]
    pub fn get_original_editor(this: &CodeDiffEditor) -> CodeEditor;

    #[derive(Debug, Clone)]
    pub type TextModel;
    #[wasm_bindgen(method, getter)]
    pub fn uri(this: &TextModel) -> Uri;
    #[wasm_bindgen(method)]
    pub fn dispose(this: &TextModel);
    #[wasm_bindgen(method, js_name = getValue)]
    pub fn get_value(this: &TextModel) -> String;
    #[wasm_bindgen(method, js_name = getLineCount)]
    pub fn get_line_count(this: &TextModel) -> u32;
    #[wasm_bindgen(method, js_name = getLineContent)]
    pub fn get_line_content(this: &TextModel, line: u32) -> String;
    #[wasm_bindgen(method, js_name = getFullModelRange)]
    pub fn get_full_model_range(this: &TextModel) -> JsValue;
}

// Plain objects that Monaco takes; each is made with `Object::new()` and its setters.
#[wasm_bindgen]
extern "C" {
    /// Options of both kinds of editor; the constant ones come as JSON.
    pub type EditorOptions;
    #[wasm_bindgen(method, setter)]
    pub fn set_model(this: &EditorOptions, model: &TextModel);
    #[wasm_bindgen(method, setter)]
    pub fn set_theme(this: &EditorOptions, name: &str);
    #[wasm_bindgen(method, setter, js_name = ariaLabel)]
    pub fn set_aria_label(this: &EditorOptions, label: &str);
    #[wasm_bindgen(method, setter, js_name = originalAriaLabel)]
    pub fn set_original_aria_label(this: &EditorOptions, label: &str);
    #[wasm_bindgen(method, setter, js_name = modifiedAriaLabel)]
    pub fn set_modified_aria_label(this: &EditorOptions, label: &str);
    #[wasm_bindgen(method, setter, js_name = tabFocusMode)]
    pub fn set_tab_focus_mode(this: &EditorOptions, on: bool);

    pub type Position;
    #[wasm_bindgen(method, setter, js_name = lineNumber)]
    pub fn set_line_number(this: &Position, line: u32);
    #[wasm_bindgen(method, setter)]
    pub fn set_column(this: &Position, column: u32);

    pub type EditOperation;
    #[wasm_bindgen(method, setter)]
    pub fn set_range(this: &EditOperation, range: &JsValue);
    #[wasm_bindgen(method, setter)]
    pub fn set_text(this: &EditOperation, text: &str);

    pub type DiffModel;
    #[wasm_bindgen(method, setter)]
    pub fn set_original(this: &DiffModel, model: &TextModel);
    #[wasm_bindgen(method, setter)]
    pub fn set_modified(this: &DiffModel, model: &TextModel);

    pub type MarkerData;
    #[wasm_bindgen(method, setter)]
    pub fn set_message(this: &MarkerData, message: &str);
    #[wasm_bindgen(method, setter)]
    pub fn set_severity(this: &MarkerData, severity: u32);
    #[wasm_bindgen(method, getter, js_name = startLineNumber)]
    pub fn start_line_number(this: &MarkerData) -> u32;
    #[wasm_bindgen(method, setter, js_name = startLineNumber)]
    pub fn set_start_line_number(this: &MarkerData, line: u32);
    #[wasm_bindgen(method, setter, js_name = startColumn)]
    pub fn set_start_column(this: &MarkerData, column: u32);
    #[wasm_bindgen(method, setter, js_name = endLineNumber)]
    pub fn set_end_line_number(this: &MarkerData, line: u32);
    #[wasm_bindgen(method, setter, js_name = endColumn)]
    pub fn set_end_column(this: &MarkerData, column: u32);

    pub type MarkerFilter;
    #[wasm_bindgen(method, setter)]
    pub fn set_owner(this: &MarkerFilter, owner: &str);
    #[wasm_bindgen(method, setter)]
    pub fn set_resource(this: &MarkerFilter, uri: &Uri);
}

/// An empty object seen as one of the types above.
pub fn object<T: JsCast>() -> T {
    Object::new().unchecked_into()
}

/// Options from a JSON text of ours.
pub fn options(json: &str) -> EditorOptions {
    js_sys::JSON::parse(json).map_or_else(|_| object(), JsCast::unchecked_into)
}

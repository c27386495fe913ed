//! Fetching the bundle.

use js_sys::Promise;
use std::fmt;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, HtmlLinkElement};

use crate::bindings;
use crate::diff::{DiffEditor, DiffEditorOptions};
use crate::json::{JsonEditor, JsonEditorOptions};
use crate::theme;

/// The editor's module, loaded. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Monaco(pub(crate) bindings::Module);

/// Why the editor can't be had; what it would have replaced should stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// The bundle did not load or did not run; the browser's own words.
    Script(String),
    Stylesheet,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Script(reason) => write!(f, "the editor's script did not load: {reason}"),
            Self::Stylesheet => f.write_str("the editor's stylesheet did not load"),
        }
    }
}

impl std::error::Error for LoadError {}

impl Monaco {
    /// Loads script and stylesheet at once. Calling it again costs nothing: the browser keeps modules.
    pub async fn load(script: &str, stylesheet: &str) -> Result<Self, LoadError> {
        // As futures both are listened to from the start: a promise that fails unheard is an error of the page.
        let module = JsFuture::from(bindings::load(script).map_err(script_error)?);
        let styled = add_stylesheet(stylesheet)?.map(JsFuture::from);
        let module = module.await.map_err(script_error)?;
        if let Some(styled) = styled {
            styled.await.map_err(|_| LoadError::Stylesheet)?;
        }
        let monaco = Self(module.unchecked_into());
        theme::define(&monaco.0.editor());
        Ok(monaco)
    }

    /// A JSON editor that fills `container`.
    pub fn json_editor(&self, container: &HtmlElement, options: JsonEditorOptions) -> JsonEditor {
        JsonEditor::new(self, container, options)
    }

    /// Two texts side by side, read-only, filling `container`.
    pub fn diff_editor(&self, container: &HtmlElement, options: &DiffEditorOptions<'_>) -> DiffEditor {
        DiffEditor::new(self, container, options)
    }

    /// The theme is one for all editors of the page.
    pub fn set_dark(&self, dark: bool) {
        self.0.editor().set_theme(theme::name(dark));
    }
}

fn script_error(error: JsValue) -> LoadError {
    let reason = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    LoadError::Script(reason.unwrap_or_default())
}

/// A promise for the stylesheet's arrival; `None` when the page has it already.
fn add_stylesheet(url: &str) -> Result<Option<Promise>, LoadError> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or(LoadError::Stylesheet)?;
    let head = document.head().ok_or(LoadError::Stylesheet)?;
    if let Ok(Some(_)) = document.query_selector(&format!("link[href={url:?}]")) {
        return Ok(None);
    }
    let link: HtmlLinkElement = document.create_element("link").map_err(|_| LoadError::Stylesheet)?.unchecked_into();
    link.set_rel("stylesheet");
    link.set_href(url);
    let arrival = Promise::new(&mut |resolve, reject| {
        link.set_onload(Some(resolve.unchecked_ref()));
        link.set_onerror(Some(reject.unchecked_ref()));
    });
    head.append_child(&link).map_err(|_| LoadError::Stylesheet)?;
    Ok(Some(arrival))
}

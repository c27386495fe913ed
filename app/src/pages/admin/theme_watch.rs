//! Light or dark, now and when it changes, for what style sheets can't reach.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{MediaQueryList, MutationObserver, MutationObserverInit};

/// Whether the page shows dark, as its style sheet decided: the choice of the theme menu or the system's.
pub fn is_dark() -> bool {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    style.and_then(|style| style.get_property_value("color-scheme").ok()).is_some_and(|scheme| scheme.trim() == "dark")
}

/// Calls back with every change until dropped.
pub struct ThemeWatch {
    attribute: Option<MutationObserver>,
    system: Option<MediaQueryList>,
    _on_attribute: Closure<dyn FnMut()>,
    on_system: Closure<dyn FnMut()>,
}

impl ThemeWatch {
    pub fn new(listener: impl Fn(bool) + Clone + 'static) -> Self {
        let listening = || {
            let listener = listener.clone();
            Closure::<dyn FnMut()>::new(move || listener(is_dark()))
        };
        let (on_attribute, on_system) = (listening(), listening());
        let attribute = MutationObserver::new(on_attribute.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(root)) = (&attribute, document().document_element()) {
            let init = MutationObserverInit::new();
            init.set_attributes(true);
            init.set_attribute_filter(&js_sys::Array::of1(&"data-theme".into()));
            // Refused only for a node that can't have attributes.
            let _ = observer.observe_with_options(&root, &init);
        }
        let system = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
        if let Some(system) = &system {
            let _ = system.add_event_listener_with_callback("change", on_system.as_ref().unchecked_ref());
        }
        Self { attribute, system, _on_attribute: on_attribute, on_system }
    }
}

impl Drop for ThemeWatch {
    fn drop(&mut self) {
        if let Some(observer) = &self.attribute {
            observer.disconnect();
        }
        if let Some(system) = &self.system {
            let _ = system.remove_event_listener_with_callback("change", self.on_system.as_ref().unchecked_ref());
        }
    }
}

//! Telling that an element comes near the viewport.

use wasm_bindgen::prelude::*;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// How far below or above the viewport counts as near.
const MARGIN: &str = "200px 0px";

/// Watches until dropped.
pub struct NearWatch {
    observer: Option<IntersectionObserver>,
    _listener: Closure<dyn FnMut(js_sys::Array)>,
}

impl NearWatch {
    /// Calls `near` each time the element comes near, at once when it is already.
    pub fn new(element: &Element, near: impl Fn() + 'static) -> Self {
        let listener = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let is_near = |entry: JsValue| entry.unchecked_into::<IntersectionObserverEntry>().is_intersecting();
            if entries.iter().any(is_near) {
                near();
            }
        });
        let init = IntersectionObserverInit::new();
        init.set_root_margin(MARGIN);
        let observer = IntersectionObserver::new_with_options(listener.as_ref().unchecked_ref(), &init).ok();
        if let Some(observer) = &observer {
            observer.observe(element);
        }
        Self { observer, _listener: listener }
    }
}

impl Drop for NearWatch {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}

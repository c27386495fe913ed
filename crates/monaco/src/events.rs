//! Listening, to Monaco and to elements, until dropped.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, EventTarget, KeyboardEvent};

use crate::bindings::Disposable;

/// A listener on one of Monaco's events.
pub struct Subscription {
    disposable: Disposable,
    _listener: Closure<dyn FnMut(JsValue)>,
}

impl Subscription {
    pub fn new(subscribe: impl FnOnce(&Function) -> Disposable, mut listener: impl FnMut() + 'static) -> Self {
        let closure = Closure::<dyn FnMut(JsValue)>::new(move |_| listener());
        Self { disposable: subscribe(closure.as_ref().unchecked_ref()), _listener: closure }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.disposable.dispose();
    }
}

/// A listener for keys on their way down to an element, before the element itself hears of them.
pub struct KeyCapture {
    target: EventTarget,
    listener: Closure<dyn FnMut(KeyboardEvent)>,
}

impl KeyCapture {
    pub fn new(target: &EventTarget, listener: impl FnMut(KeyboardEvent) + 'static) -> Self {
        let listener = Closure::<dyn FnMut(KeyboardEvent)>::new(listener);
        let options = AddEventListenerOptions::new();
        options.set_capture(true);
        // Only a target that isn't one refuses a listener.
        let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
            "keydown",
            listener.as_ref().unchecked_ref(),
            &options,
        );
        Self { target: target.clone(), listener }
    }
}

impl Drop for KeyCapture {
    fn drop(&mut self) {
        let listener = self.listener.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback_and_bool("keydown", listener, true);
    }
}

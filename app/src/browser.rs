//! Small things of the browser that pages share. Nothing here runs on the server.

use leptos::prelude::*;
use web_sys::{Event, EventTarget};

/// Listens in the capturing phase, before the router does, until the current owner goes.
pub fn listen_first(target: &EventTarget, event: &'static str, handler: impl FnMut(&Event) + 'static) {
    #[cfg(feature = "hydrate")]
    {
        use gloo::events::{EventListener, EventListenerOptions};
        let options = EventListenerOptions::run_in_capture_phase();
        let options = EventListenerOptions { passive: false, ..options };
        // Dropped with its owner, the listener takes itself off.
        StoredValue::new_local(EventListener::new_with_options(target, event, options, handler));
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (target, event, handler);
}

/// Path and query of the page as the address bar shows them.
pub fn current_path() -> String {
    let location = window().location();
    [location.pathname().unwrap_or_default(), location.search().unwrap_or_default()].concat()
}

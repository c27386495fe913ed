//! Pages that follow what they show: the server says that something changed, and the page loads itself anew. One stream a
//! page, closed while the tab is hidden; a stream that can't be had is replaced by looking now and then.

use leptos::prelude::*;

use crate::paths;

/// Calls `changed` when `topic` has moved on, as long as the page's owner lives. Does nothing on the server.
pub fn follow(topic: &str, changed: Callback<()>) {
    let address = paths::live(topic);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| browser::Follower::start(address.clone(), changed));
    #[cfg(not(feature = "hydrate"))]
    let _ = (address, changed);
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::cell::RefCell;
    use std::rc::Rc;
    use std::time::Duration;

    use gloo::events::EventListener;
    use leptos::prelude::*;
    use send_wrapper::SendWrapper;
    use web_sys::EventSource;

    /// How often a page without a stream looks.
    const LOOK_EVERY: Duration = Duration::from_secs(5);

    pub struct Follower {
        address: String,
        changed: Callback<()>,
        stream: RefCell<Option<(EventSource, [EventListener; 2])>>,
        look: RefCell<Option<IntervalHandle>>,
    }

    impl Follower {
        pub fn start(address: String, changed: Callback<()>) {
            let follower = Rc::new(Self { address, changed, stream: RefCell::default(), look: RefCell::default() });
            follower.clone().open();
            let seen = Rc::clone(&follower);
            let visibility = EventListener::new(&document(), "visibilitychange", move |_| {
                if document().hidden() {
                    seen.close();
                } else {
                    seen.changed.run(());
                    Rc::clone(&seen).open();
                }
            });
            let held = SendWrapper::new((follower, visibility));
            on_cleanup(move || held.take().0.close());
        }

        fn open(self: Rc<Self>) {
            self.close();
            let Ok(source) = EventSource::new(&self.address) else { return };
            // The first message tells where things stand; the page shows that already, or is about to.
            let changed = self.changed;
            let message = EventListener::new(&source, "message", move |_| changed.run(()));
            let failing = Rc::clone(&self);
            let error = EventListener::new(&source, "error", move |_| failing.look_instead());
            *self.stream.borrow_mut() = Some((source, [message, error]));
        }

        /// The browser tries again by itself after an interruption, and gives up after a refusal.
        fn look_instead(&self) {
            let gave_up =
                self.stream.borrow().as_ref().is_some_and(|(source, _)| source.ready_state() == EventSource::CLOSED);
            if gave_up && self.look.borrow().is_none() {
                let changed = self.changed;
                *self.look.borrow_mut() = set_interval_with_handle(move || changed.run(()), LOOK_EVERY).ok();
            }
        }

        fn close(&self) {
            if let Some((source, _)) = self.stream.borrow_mut().take() {
                source.close();
            }
            if let Some(look) = self.look.borrow_mut().take() {
                look.clear();
            }
        }
    }
}

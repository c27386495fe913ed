//! Asking before unsaved edits are lost.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use ui::{Button, Dialog, Tone};
use wasm_bindgen::JsCast;

use crate::browser;

/// Tells whether the page keeps a person who goes to this address by the browser's back and forward buttons.
type Keeps = Callback<String, bool>;

/// Whom to ask when the browser's buttons lead away. The router hears of them on the same target, where only the
/// listener that came first can stop the others: so this one stands at the root of the app, before the router.
#[derive(Clone, Copy)]
pub struct HistoryGuard(StoredValue<Option<Keeps>>);

impl HistoryGuard {
    /// Puts it into the context. Call before the router is made.
    pub fn provide() {
        let guard = Self(StoredValue::new(None));
        provide_context(guard);
        #[cfg(feature = "hydrate")]
        browser::listen_first(&window(), "popstate", move |event| {
            if guard.0.get_value().is_some_and(|keeps| keeps.run(browser::current_path())) {
                event.stop_immediate_propagation();
            }
        });
    }

    /// Asks `keeps` from now on until the current owner goes.
    fn hold(self, keeps: Keeps) {
        self.0.set_value(Some(keeps));
        on_cleanup(move || {
            self.0.try_set_value(None);
        });
    }
}

/// Where a person was about to go when unsaved edits held them back.
pub(super) type Leaving = RwSignal<Option<String>>;

/// Asks before unsaved edits are lost: to the browser when the document goes, by a dialog when only the page does.
/// `here` is the page's path; the address bar may still show the one before.
pub(super) fn guard(unsaved: RwSignal<usize>, here: String) -> Leaving {
    let leaving: Leaving = RwSignal::new(None);
    Effect::new(move |_| {
        browser::listen_first(&window(), "beforeunload", move |event| {
            if unsaved.get_untracked() > 0 {
                event.prevent_default();
            }
        });
        browser::listen_first(&document(), "click", move |event| {
            let Some(link) = followed_link(event).filter(|_| unsaved.get_untracked() > 0) else { return };
            if link.has_attribute("data-drops-edits") {
                unsaved.set(0);
                return;
            }
            event.prevent_default();
            event.stop_propagation();
            leaving.set(Some([link.pathname(), link.search(), link.hash()].concat()));
        });
    });
    if let Some(history) = use_context::<HistoryGuard>() {
        history.hold(Callback::new(move |there: String| {
            let stays = there.split('?').next().is_some_and(|path| path.eq_ignore_ascii_case(&here));
            if stays || unsaved.try_get_untracked().unwrap_or(0) == 0 {
                return false;
            }
            if let Ok(history) = window().history() {
                let _ = history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&here));
            }
            leaving.set(Some(there));
            true
        }));
    }
    leaving
}

/// The link to another page of this site that a plain click follows.
fn followed_link(event: &web_sys::Event) -> Option<web_sys::HtmlAnchorElement> {
    let click = event.dyn_ref::<web_sys::MouseEvent>()?;
    if click.button() != 0 || click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key() {
        return None;
    }
    let link = event.target()?.dyn_into::<web_sys::Element>().ok()?.closest("a[href]").ok()??;
    let link = link.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    let here = window().location();
    let same_page = here.pathname().ok()? == link.pathname() && !link.hash().is_empty();
    let stays = same_page || !link.target().is_empty() || link.has_attribute("download");
    (!stays && here.origin().ok()? == link.origin()).then_some(link)
}

/// Asks whether to stay with the unsaved edits.
#[component]
pub(super) fn LeaveDialog(leaving: Leaving, unsaved: RwSignal<usize>) -> AnyView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(leaving.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && leaving.with_untracked(Option::is_some) {
            leaving.set(None);
        }
    });
    let navigate = use_navigate();
    let stay = Callback::new(move |_| leaving.set(None));
    let leave = Callback::new(move |_| {
        if let Some(path) = leaving.get_untracked() {
            unsaved.set(0);
            leaving.set(None);
            navigate(&path, Default::default());
        }
    });
    view! {
        <Dialog id="leave-dialog" title="Leave without saving?" open=open>
            <p>"Your unsaved changes on this page will be lost."</p>
            <div class="dialog-actions">
                <Button label="Keep editing" on_press=stay />
                <Button label="Discard and leave" tone=Tone::DangerOutline on_press=leave />
            </div>
        </Dialog>
    }
    .into_any()
}

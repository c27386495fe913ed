//! Toasts: short messages about what was just done, which leave by themselves.

use std::time::Duration;

use leptos::prelude::*;

use crate::{Icon, Tone};

/// How long a toast stays unless it is hovered or focused.
const STAY: Duration = Duration::from_secs(8);

#[derive(Debug, Clone)]
pub struct Toast {
    pub tone: Tone,
    pub message: String,
    /// Label and address of a link to more.
    pub link: Option<(String, String)>,
}

/// The page's toasts. One stands in the context of the app; `push` from anywhere.
#[derive(Debug, Clone, Copy)]
pub struct Toaster {
    shown: RwSignal<Vec<(u32, Toast)>>,
    next: StoredValue<u32>,
}

impl Toaster {
    /// Makes the toaster and puts it into the context.
    pub fn provide() -> Self {
        let toaster = Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
        provide_context(toaster);
        toaster
    }

    /// Shows a toast; does nothing where no toaster was provided.
    pub fn push(toast: Toast) {
        if let Some(toaster) = use_context::<Self>() {
            toaster.show(toast);
        }
    }

    /// Shows a toast.
    pub fn show(self, toast: Toast) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.shown.update(|shown| shown.push((id, toast)));
        set_timeout(move || self.dismiss_unless_held(id), STAY);
    }

    fn dismiss(self, id: u32) {
        self.shown.update(|shown| shown.retain(|(shown, _)| *shown != id));
    }

    /// A toast that somebody is reading or about to press stays for another turn.
    fn dismiss_unless_held(self, id: u32) {
        let held = document()
            .query_selector(&["#toast-", &id.to_string(), ":is(:hover, :focus-within)"].concat())
            .is_ok_and(|found| found.is_some());
        if held {
            set_timeout(move || self.dismiss_unless_held(id), STAY);
        } else {
            self.dismiss(id);
        }
    }
}

/// Where toasts appear.
#[component]
pub fn Toasts(toaster: Toaster) -> AnyView {
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toaster.shown.get() key=|(id, _)| *id let((id, toast))>
                <div class="toast-card" id=format!("toast-{id}")>
                    {match toast.tone {
                        Tone::Danger | Tone::DangerOutline => Icon::Error.view(),
                        Tone::Warning => Icon::Warning.view(),
                        _ => Icon::Success.view(),
                    }}
                    <div class="toast-body">
                        <p>{toast.message}</p>
                        {toast.link.map(|(label, href)| view! { <a class="link" href=href>{label}</a> })}
                    </div>
                    <button
                        type="button"
                        class="btn btn-ghost btn-square btn-tiny"
                        aria-label="Dismiss"
                        on:click=move |_| toaster.dismiss(id)
                    >
                        {Icon::Close.view()}
                    </button>
                </div>
            </For>
        </div>
    }
    .into_any()
}

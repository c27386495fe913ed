//! The modal dialog: the browser's own, which keeps focus inside and closes on Escape.

use leptos::prelude::*;

/// A modal that shows while `open`. Its first control gets the focus unless another has `autofocus`; Escape and the
/// browser's back gesture set `open` to false. A page that is rendered with it open shows it in place for those without
/// JavaScript; give one of its controls `autofocus`, which scrolls there.
#[component]
pub fn Dialog(
    /// Unique on the page; the title's id is made from it.
    id: &'static str,
    #[prop(into)] title: String,
    open: RwSignal<bool>,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    children: Children,
) -> AnyView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    Effect::new(move |_| {
        let wanted = open.get();
        if let Some(dialog) = dialog.get() {
            if wanted && !dialog.matches(":modal").unwrap_or(false) {
                // As rendered it may stand open in place, from where it can't become modal.
                let _ = dialog.remove_attribute("open");
                // Refused only when the element left the document, and then there is nothing to show.
                let _ = dialog.show_modal();
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        }
    });
    let initially = open.get_untracked();
    view! {
        <dialog
            open=initially
            class=crate::button::join("dialog", class)
            id=id
            aria-labelledby=labelled_by
            node_ref=dialog
            on:close=move |_| {
                // The event comes late: the dialog may be open again by now.
                if dialog.get_untracked().is_some_and(|dialog| !dialog.open()) {
                    open.set(false);
                }
            }
        >
            <h2 class="dialog-title" id=title_id>
                {title}
            </h2>
            {children()}
        </dialog>
    }
    .into_any()
}

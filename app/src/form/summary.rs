//! Why a post was refused, above its form: it takes the focus and links to the fields.

use domain::{Fault, FieldError};
use leptos::prelude::*;
use ui::Icon;
use ui::field::control_id;

/// Shows nothing while `fault` is `None`. `title` says what didn't happen: “Not signed in”.
#[component]
pub fn ErrorSummary(#[prop(into)] title: String, fault: Signal<Option<Fault>>) -> AnyView {
    let summary = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        if fault.with(Option::is_some)
            && let Some(summary) = summary.get()
        {
            let _ = summary.focus();
        }
    });
    view! {
        <div class="notice notice-danger" role="alert" tabindex="-1" node_ref=summary hidden=move || {
            fault.with(Option::is_none)
        }>
            {Icon::Error.view()}
            <div class="notice-body">
                <p class="notice-title">{title}</p>
                {move || fault.get().map(|fault| explain(&fault))}
            </div>
        </div>
    }
    .into_any()
}

fn explain(fault: &Fault) -> AnyView {
    let fields: Vec<FieldError> = fault.field_errors().iter().filter(|error| !error.field.is_empty()).cloned().collect();
    if fields.is_empty() {
        return view! { <p>{fault.to_string()}</p> }.into_any();
    }
    let links = fields.into_iter().map(|error| {
        let id = control_id(&error.field);
        let target = id.clone();
        view! {
            <li>
                <a
                    class="link"
                    href=["#", &id].concat()
                    on:click=move |event| {
                        event.prevent_default();
                        focus(&target);
                    }
                >
                    {error.message}
                </a>
            </li>
        }
    });
    view! { <ul class="notice-list">{links.collect_view()}</ul> }.into_any()
}

/// Moves the focus to the element with this id, if it is there.
fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        let _ = element.focus();
    }
}

//! Why a post was refused, above its form: it takes the focus and links to the fields.

use domain::{Fault, FieldError};
use leptos::html::Div;
use leptos::prelude::*;
use ui::Icon;
use ui::field::control_id;
use wasm_bindgen::JsCast;

/// Shows nothing while `fault` is `None`. `title` says what didn't happen: “Not signed in”.
#[component]
pub fn ErrorSummary(#[prop(into)] title: String, fault: Signal<Option<Fault>>) -> AnyView {
    let summary = NodeRef::<Div>::new();
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
                {move || fault.get().map(|fault| explain(&fault, summary))}
            </div>
        </div>
    }
    .into_any()
}

fn explain(fault: &Fault, summary: NodeRef<Div>) -> AnyView {
    let fields: Vec<FieldError> =
        fault.field_errors().iter().filter(|error| !error.field.is_empty()).cloned().collect();
    if fields.is_empty() {
        return view! { <p>{fault.to_string()}</p> }.into_any();
    }
    let links = fields.into_iter().map(move |error| {
        let field = error.field.into_owned();
        view! {
            <li>
                <a
                    class="link"
                    href=["#", &control_id(&field)].concat()
                    on:click=move |event| {
                        event.prevent_default();
                        focus(summary, &field);
                    }
                >
                    {error.message}
                </a>
            </li>
        }
    });
    view! { <ul class="notice-list">{links.collect_view()}</ul> }.into_any()
}

/// Moves the focus to the control of a field, in the summary's own form.
fn focus(summary: NodeRef<Div>, field: &str) {
    let name = ["[name=\"", field, "\"], [name=\"form[", field, "]\"]"].concat();
    let form = summary.get_untracked().and_then(|summary| summary.closest("form").ok().flatten());
    let control = form.and_then(|form| form.query_selector(&name).ok().flatten());
    if let Some(control) = control.and_then(|control| control.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = control.focus();
    }
}

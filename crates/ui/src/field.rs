//! A form field: label, help, error and the mark that it was changed, tied to whatever control stands inside.

use leptos::context::Provider;
use leptos::prelude::*;

use crate::Icon;

/// What a control inside a [`Field`] or [`FieldGroup`] needs to be tied to it. Controls take it from the context.
#[derive(Debug, Clone)]
pub struct FieldIds {
    /// The control's `name` in the form.
    pub name: String,
    /// The control's `id`.
    pub id: String,
    /// Ids of help and error, for `aria-describedby`.
    pub described_by: String,
    pub error: Signal<Option<String>>,
}

impl FieldIds {
    /// The ids for the field that is called `name` in its form.
    pub fn new(name: &str, error: Signal<Option<String>>) -> Self {
        Self::with_id(name, control_id(name), error)
    }

    fn with_id(name: &str, id: String, error: Signal<Option<String>>) -> Self {
        Self { name: name.to_owned(), described_by: format!("{id}-help {id}-error"), id, error }
    }
}

/// The `id` of the control called `name`; error summaries link to it. Errors name `form[seats]` simply `seats`, so only
/// the innermost name counts.
pub fn control_id(name: &str) -> String {
    let inner = name.strip_suffix(']').and_then(|rest| rest.rsplit('[').next()).unwrap_or(name);
    ["field-", inner].concat()
}

/// One labelled control. The control is the child and finds its ids in the context.
#[component]
pub fn Field(
    /// The control's `name` in the form.
    #[prop(into)]
    name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    /// Label above the control instead of beside it, for narrow forms.
    #[prop(optional)]
    stacked: bool,
    /// Says “optional” beside the label.
    #[prop(optional)]
    optional: bool,
    /// The control's `id`, where several forms of a page have a field of this name.
    #[prop(optional)]
    id: Option<&'static str>,
    children: Children,
) -> AnyView {
    let id = id.map_or_else(|| control_id(&name), str::to_owned);
    let ids = FieldIds::with_id(&name, id, error);
    let heading = view! {
        <label class="field-label" for=ids.id.clone()>
            {label}
        </label>
        {optional.then(|| view! { <span class="field-optional">"optional"</span> })}
    };
    let parts = field_parts(ids, heading.into_any(), help, error, children);
    view! {
        <div class="field" class:field-stacked=stacked>
            {parts}
        </div>
    }
    .into_any()
}

/// Several controls under one legend: radio buttons, or a list of boxes.
#[component]
pub fn FieldGroup(
    /// What errors are filed under.
    #[prop(into)]
    name: String,
    #[prop(into)] legend: String,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] stacked: bool,
    children: Children,
) -> AnyView {
    let ids = FieldIds::new(&name, error);
    let (id, described_by) = (ids.id.clone(), ids.described_by.clone());
    let heading = view! {
        <span class="field-label" aria-hidden="true">
            {legend.clone()}
        </span>
    };
    let parts = field_parts(ids, heading.into_any(), help, error, children);
    view! {
        <fieldset class="field" class:field-stacked=stacked id=id tabindex="-1" aria-describedby=described_by>
            <legend class="sr-only">{legend}</legend>
            {parts}
        </fieldset>
    }
    .into_any()
}

/// The two sides of a field: what it is called and means, and its control with the error below.
fn field_parts(
    ids: FieldIds,
    heading: AnyView,
    help: Option<String>,
    error: Signal<Option<String>>,
    children: Children,
) -> AnyView {
    let (help_id, error_id) = (format!("{}-help", ids.id), format!("{}-error", ids.id));
    view! {
        <div class="field-text">
            {heading} <span class="field-changed">"changed"</span> <p class="field-help" id=help_id>
                {help}
            </p>
        </div>
        <div class="field-control">
            <Provider value=ids>{children()}</Provider>
            <FieldMessage id=error_id error=error />
        </div>
    }
    .into_any()
}

/// The error below a control. The element is always there, so that a control can be described by it.
#[component]
fn FieldMessage(id: String, error: Signal<Option<String>>) -> AnyView {
    view! {
        <p class="field-error" id=id>
            {move || error.get().map(|message| view! { {Icon::Error.view()} <span>{message}</span> })}
        </p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::control_id;

    #[test]
    fn a_nested_name_has_the_id_that_its_errors_link_to() {
        assert_eq!(control_id("form[seats]"), "field-seats");
        assert_eq!(control_id("seats"), "field-seats");
    }
}

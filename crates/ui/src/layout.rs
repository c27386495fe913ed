//! The parts of a page.

use leptos::prelude::*;

/// The page's title, one line about it, and what one can do here.
#[component]
pub fn PageHeader(
    #[prop(into)] title: String,
    #[prop(optional, into)] description: Option<String>,
    /// Buttons on the right.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    view! {
        <header class="page-header">
            <div class="page-heading">
                <h1 class="page-title" tabindex="-1">
                    {title}
                </h1>
                {description.map(|text| view! { <p class="page-description">{text}</p> })}
            </div>
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </header>
    }
    .into_any()
}

/// A titled part of a page.
#[component]
pub fn Section(
    #[prop(into)] title: String,
    /// The section's `id`, for links.
    id: &'static str,
    #[prop(optional, into)] description: Option<String>,
    /// Bordered red, for what can't be undone.
    #[prop(optional)]
    danger: bool,
    children: Children,
) -> AnyView {
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    view! {
        <section class="section" class:section-danger=danger id=id aria-labelledby=labelled_by>
            <div class="section-head">
                <h2 class="section-title" id=title_id>
                    {title}
                </h2>
                {description.map(|text| view! { <p class="section-description">{text}</p> })}
            </div>
            {children()}
        </section>
    }
    .into_any()
}

/// A list of [`Fact`]s.
#[component]
pub fn Facts(children: Children) -> AnyView {
    view! { <dl class="facts">{children()}</dl> }.into_any()
}

/// A term and what it is.
#[component]
pub fn Fact(#[prop(into)] term: String, children: Children) -> AnyView {
    view! {
        <div class="fact">
            <dt>{term}</dt>
            <dd>{children()}</dd>
        </div>
    }
    .into_any()
}

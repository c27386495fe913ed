//! What a stale save shows: each field that differs as it was, as it is now, and as typed here.

use domain::Fault;
use domain::revision::FieldConflict;
use leptos::prelude::*;
use ui::Icon;

/// Renders what stands beside a conflicting field.
pub type ConflictChoice = Callback<FieldConflict, AnyView>;

/// Shows nothing unless `fault` is [`Fault::Stale`]. Everything typed is still in the form below; `reload` is the
/// address of the page as the other person left it.
#[component]
pub fn ConflictPanel(
    fault: Signal<Option<Fault>>,
    #[prop(into)] reload: String,
    #[prop(optional_no_strip)] choice: Option<ConflictChoice>,
) -> AnyView {
    let panel = NodeRef::<leptos::html::Section>::new();
    let conflicts = Signal::derive(move || {
        fault.with(|fault| match fault {
            Some(Fault::Stale { fields, .. }) => Some(fields.clone()),
            _ => None,
        })
    });
    Effect::new(move |_| {
        if conflicts.with(Option::is_some)
            && let Some(panel) = panel.get()
        {
            let _ = panel.focus();
        }
    });
    view! {
        <section
            class="notice notice-warning conflict"
            role="alert"
            tabindex="-1"
            aria-labelledby="conflict-title"
            node_ref=panel
            hidden=move || conflicts.with(Option::is_none)
        >
            {Icon::Warning.view()}
            <div class="notice-body">
                <p class="notice-title" id="conflict-title">
                    "Somebody else saved this page while you were editing"
                </p>
                <p>
                    "Nothing was saved, and what you typed is still in the form. Fields you had not changed hold theirs now. Saving again saves the form as it stands; loading theirs drops what you typed."
                </p>
                {move || conflicts.get().map(|fields| table(&fields, choice))}
                <p class="conflict-actions">
                    <a class="btn btn-quiet" href=reload rel="external" data-drops-edits="">
                        "Load theirs"
                    </a>
                </p>
            </div>
        </section>
    }
    .into_any()
}

/// The way out of a stale save on forms that don't show what differs: there, saving again can't overwrite it unseen.
#[component]
pub fn LoadTheirs(fault: Signal<Option<Fault>>, #[prop(into)] reload: String) -> AnyView {
    let stale = move || fault.with(|fault| matches!(fault, Some(Fault::Stale { .. })));
    view! {
        <p class="load-theirs" hidden=move || !stale()>
            "What they saved has to be seen first. "
            <a class="link" href=reload rel="external">
                "Load theirs"
            </a> ", which drops what you typed."
        </p>
    }
    .into_any()
}

fn table(fields: &[FieldConflict], choice: Option<ConflictChoice>) -> AnyView {
    let rows = fields.iter().map(|field| {
        let field = field.clone();
        let choice =
            choice.map(|choice| view! { <td data-label="Save" class="needs-js">{choice.run(field.clone())}</td> });
        view! {
            <tr>
                <th scope="row" data-label="Field">{field.label}</th>
                <td data-label="When you opened it">{value(field.base)}</td>
                <td data-label="Theirs">{value(field.theirs)}</td>
                <td data-label="Yours">{value(field.yours)}</td>
                {choice}
            </tr>
        }
    });
    view! {
        <table class="table conflict-table">
            <thead>
                <tr>
                    <th scope="col">"Field"</th>
                    <th scope="col">"When you opened it"</th>
                    <th scope="col">"Theirs"</th>
                    <th scope="col">"Yours"</th>
                    {choice.map(|_| view! { <th scope="col" class="needs-js">"Save"</th> })}
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// A value; a document scrolls in its cell.
fn value(text: String) -> AnyView {
    let scrolls = text.lines().nth(6).is_some() || text.len() > 400;
    view! {
        <div class="conflict-value" tabindex=scrolls.then_some("0")>
            {text}
        </div>
    }
    .into_any()
}

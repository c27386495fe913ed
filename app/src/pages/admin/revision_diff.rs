//! The workspace settings of two revisions: side by side as plain text, and in Monaco's diff editor where script runs.

use domain::revision::RevisionPage;
use leptos::prelude::*;
use ui::Section;

use super::history;

#[component]
pub fn TextDiff(model: RevisionPage) -> AnyView {
    let labels = Labels::of(&model);
    let same = model.before_text == model.after_text;
    let (before, after) = (model.before_text, model.after_text);
    if same {
        return view! {
            <Section
                id="texts"
                title="Workspace settings"
                description="The same in both. Values of envs are masked."
            >
                <pre class="diff-text">{after}</pre>
            </Section>
        }
        .into_any();
    }
    let host = NodeRef::<leptos::html::Div>::new();
    let is_ready = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    browser::mount(host, is_ready, [before.clone(), after.clone()], labels.clone());
    let Labels { before: before_label, after: after_label } = labels;
    view! {
        <Section
            id="texts"
            title="Workspace settings"
            description="Values of envs are masked; a changed one says so."
        >
            <div class="diff" data-stage=move || is_ready.get().then_some("ready")>
                <div class="diff-plain">
                    <figure>
                        <figcaption>{before_label}</figcaption>
                        <pre class="diff-text" tabindex="0">{before}</pre>
                    </figure>
                    <figure>
                        <figcaption>{after_label}</figcaption>
                        <pre class="diff-text" tabindex="0">{after}</pre>
                    </figure>
                </div>
                <div class="diff-editor" node_ref=host hidden=move || !is_ready.get()></div>
            </div>
        </Section>
    }
    .into_any()
}

/// What the two sides are called.
#[derive(Debug, Clone)]
struct Labels {
    before: String,
    after: String,
}

impl Labels {
    fn of(model: &RevisionPage) -> Self {
        let before = model.against.as_ref().map_or("Before".to_owned(), |row| history::title(row.version));
        Self { before, after: history::title(model.revision.version) }
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::html::Div;
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use monaco::{DiffEditor, DiffEditorOptions, Monaco};

    use super::Labels;
    use crate::document::monaco_entry;
    use crate::pages::admin::theme_watch::{ThemeWatch, is_dark};

    /// Loads Monaco once the page is interactive; when it can't be had, the plain texts stay.
    pub fn mount(host: NodeRef<Div>, is_ready: RwSignal<bool>, texts: [String; 2], labels: Labels) {
        let mounted = StoredValue::new_local(None::<(DiffEditor, ThemeWatch)>);
        on_cleanup(move || {
            mounted.try_update_value(Option::take);
        });
        Effect::new(move |_| {
            let (texts, labels) = (texts.clone(), labels.clone());
            if host.get().is_none() || is_ready.get_untracked() {
                return;
            }
            spawn_local(async move {
                let Some((script, stylesheet)) = monaco_entry() else { return };
                let Ok(monaco) = Monaco::load(&script, &stylesheet).await else { return };
                // The page may have been left meanwhile.
                let Some(host) = host.try_get_untracked().flatten() else { return };
                host.set_hidden(false);
                let editor = monaco.diff_editor(
                    &host,
                    &DiffEditorOptions {
                        before: &texts[0],
                        after: &texts[1],
                        dark: is_dark(),
                        before_label: &labels.before,
                        after_label: &labels.after,
                    },
                );
                let theme = ThemeWatch::new(move |dark| monaco.set_dark(dark));
                mounted.try_set_value(Some((editor, theme)));
                is_ready.try_set(true);
            });
        });
    }
}

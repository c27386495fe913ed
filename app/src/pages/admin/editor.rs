//! Monaco over a text area. The text area stays the form's source of truth: it lies underneath, every edit is
//! written into it, and what else changes it (discarding, taking over a value) is shown in the editor.

use leptos::html::{Div, Textarea};
use leptos::prelude::*;

use super::dom;

/// How far the editor has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser gets beyond the first"))]
pub enum Stage {
    /// The text area alone: without JavaScript, and until the editor is wanted.
    Plain,
    Loading,
    Ready,
    /// The text area alone, for good.
    Failed,
}

/// The editor of one text area; on the server it stays [`Stage::Plain`].
#[derive(Debug, Clone, Copy)]
pub struct Editor {
    pub stage: RwSignal<Stage>,
    /// Whether Tab leaves the editor from here on; `None` until it was switched.
    pub tab_leaves: RwSignal<Option<bool>>,
    pub textarea: NodeRef<Textarea>,
    /// Where Monaco goes; covers the text area.
    pub host: NodeRef<Div>,
    #[cfg(feature = "hydrate")]
    mounted: StoredValue<Option<browser::Mounted>, LocalStorage>,
}

impl Editor {
    pub fn new() -> Self {
        Self {
            stage: RwSignal::new(Stage::Plain),
            tab_leaves: RwSignal::new(None),
            textarea: NodeRef::new(),
            host: NodeRef::new(),
            #[cfg(feature = "hydrate")]
            mounted: StoredValue::new_local(None),
        }
    }

    /// Replaces the text, in the form as in the editor.
    pub fn set_text(self, text: &str) {
        if let Some(textarea) = self.textarea.get_untracked() {
            dom::type_into(&textarea, text);
        }
    }

    /// Puts the cursor at a place (both from 1, the column in characters).
    pub fn go_to(self, line: u32, column: u32) {
        #[cfg(feature = "hydrate")]
        if self.with_mounted(|mounted| mounted.json.go_to(line, column)) {
            return;
        }
        if let Some(textarea) = self.textarea.get_untracked() {
            dom::put_cursor(&textarea, line, column);
        }
    }
}

/// What a server never does.
#[cfg(not(feature = "hydrate"))]
mod server {
    use leptos::prelude::*;

    use super::Editor;
    use crate::pages::admin::problems::Problem;

    impl Editor {
        pub fn mount_when_near(self, _: Memo<Vec<Problem>>) {}
        pub fn mount(self, _: Memo<Vec<Problem>>) {}
        pub fn show_problems(self, _: &[Problem]) {}
        pub fn follow(self) {}
        pub fn format(self) {}
        pub fn focus(self) {}
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use monaco::{JsonEditor, JsonEditorOptions, Marker, Monaco, Severity};

    use super::{Editor, Stage};
    use crate::pages::admin::dom;
    use crate::pages::admin::near::NearWatch;
    use crate::pages::admin::problems::Problem;
    use crate::pages::admin::theme_watch::{ThemeWatch, is_dark};

    /// The editor on the page, and what follows it around.
    pub struct Mounted {
        pub json: JsonEditor,
        _theme: ThemeWatch,
    }

    impl Editor {
        /// Loads Monaco once the editor comes near the viewport. Call from an effect.
        pub fn mount_when_near(self, problems: Memo<Vec<Problem>>) {
            let Some(textarea) = self.textarea.get() else { return };
            let watch = NearWatch::new(&textarea, move || self.mount(problems));
            let watch = StoredValue::new_local(Some(watch));
            on_cleanup(move || {
                watch.try_update_value(Option::take);
                self.mounted.try_update_value(Option::take);
            });
        }

        /// Loads Monaco now, unless that happened already.
        pub fn mount(self, problems: Memo<Vec<Problem>>) {
            if self.stage.get_untracked() != Stage::Plain {
                return;
            }
            self.stage.set(Stage::Loading);
            spawn_local(async move {
                let loaded = match crate::document::monaco_entry() {
                    Some((script, stylesheet)) => Monaco::load(&script, &stylesheet).await.ok(),
                    None => None,
                };
                // The page may have been left meanwhile; then nothing below finds its element.
                let attached = loaded.and_then(|monaco| self.attach(&monaco));
                let stage = if attached.is_some() { Stage::Ready } else { Stage::Failed };
                self.stage.try_set(stage);
                self.show_problems(&problems.try_get_untracked().unwrap_or_default());
            });
        }

        pub fn show_problems(self, problems: &[Problem]) {
            let markers: Vec<Marker> = problems
                .iter()
                .map(|problem| Marker {
                    severity: if problem.warning { Severity::Warning } else { Severity::Error },
                    line: problem.line.max(1),
                    column: problem.column.max(1),
                    message: problem.message.clone(),
                })
                .collect();
            self.with_mounted(|mounted| mounted.json.set_markers(&markers));
        }

        /// Shows what the text area holds now.
        pub fn follow(self) {
            if let Some(textarea) = self.textarea.get_untracked() {
                let text = textarea.value();
                self.with_mounted(|mounted| mounted.json.set_value(&text));
            }
        }

        pub fn format(self) {
            self.with_mounted(|mounted| mounted.json.format());
        }

        pub fn focus(self) {
            self.with_mounted(|mounted| mounted.json.focus());
        }

        /// Whether there was an editor to do it to.
        pub fn with_mounted(self, act: impl FnOnce(&Mounted)) -> bool {
            self.mounted.try_with_value(|mounted| mounted.as_ref().map(act).is_some()).unwrap_or(false)
        }

        fn attach(self, monaco: &Monaco) -> Option<()> {
            let host = self.host.try_get_untracked().flatten()?;
            let textarea = self.textarea.try_get_untracked().flatten()?;
            let had_focus = document().active_element().as_ref() == Some(&textarea);
            // Monaco measures its surroundings while it is made.
            host.set_hidden(false);
            let json = monaco.json_editor(
                &host,
                JsonEditorOptions {
                    value: textarea.value(),
                    schema: domain::settings::WORKSPACE_SCHEMA,
                    dark: is_dark(),
                    aria_label: "JSON editor. Press Ctrl+M so that Tab leaves the editor.",
                    on_change: Box::new({
                        let textarea = textarea.clone();
                        move |text| dom::type_into(&textarea, &text)
                    }),
                    on_tab_key: Box::new(move |leaves| self.tab_leaves.set(Some(leaves))),
                },
            );
            let theme = ThemeWatch::new(move |dark| {
                self.with_mounted(|mounted| mounted.json.set_dark(dark));
            });
            self.mounted.set_value(Some(Mounted { json, _theme: theme }));
            if had_focus {
                self.focus();
            }
            Some(())
        }
    }
}

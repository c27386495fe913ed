//! What Tab does inside an editor. It indents, as people expect there, so there must be a way out by keyboard:
//! Ctrl+M switches Tab between indenting and leaving, and Escape makes just the next Tab leave.

use std::cell::Cell;
use std::rc::Rc;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::bindings::{CodeEditor, EditorOptions, object};
use crate::events::{KeyCapture, Subscription};

#[derive(Clone, Copy, PartialEq, Eq)]
enum TabKey {
    Indents,
    /// Until Ctrl+M is pressed again.
    Leaves,
    /// Until the editor loses focus or another key is pressed.
    LeavesOnce,
}

/// Popups of the editor that Escape closes first; closing one is not asking to leave.
const OPEN_POPUPS: &str = ".suggest-widget.visible, .find-widget.visible, .monaco-hover:not(.hidden)";

pub struct TabKeyGuard {
    _keys: KeyCapture,
    _blur: Subscription,
}

impl TabKeyGuard {
    /// `on_change` hears whether Tab leaves the editor from now on.
    pub fn new(editor: &CodeEditor, container: &HtmlElement, on_change: Box<dyn Fn(bool)>) -> Self {
        let mode = Rc::new(Cell::new(TabKey::Indents));
        let switch = {
            let (editor, mode) = (editor.clone(), Rc::clone(&mode));
            Rc::new(move |to: TabKey| {
                let from = mode.replace(to);
                if from != to {
                    let options: EditorOptions = object();
                    options.set_tab_focus_mode(to != TabKey::Indents);
                    editor.update_options(&options);
                    on_change(to != TabKey::Indents);
                }
            })
        };
        let keys = {
            let (container, mode, switch) = (container.clone(), Rc::clone(&mode), Rc::clone(&switch));
            KeyCapture::new(&container.clone(), move |event| match (meaning(&event, &container), mode.get()) {
                (Meaning::Toggle, now) => {
                    // Monaco binds the same key to a switch of its own, which would undo this one.
                    event.prevent_default();
                    event.stop_propagation();
                    switch(if now == TabKey::Leaves { TabKey::Indents } else { TabKey::Leaves });
                }
                (Meaning::Leave, TabKey::Indents) => switch(TabKey::LeavesOnce),
                (Meaning::Other, TabKey::LeavesOnce) => switch(TabKey::Indents),
                _ => {}
            })
        };
        let blur = Subscription::new(
            |listener| editor.on_did_blur_editor_widget(listener),
            move || {
                if mode.get() == TabKey::LeavesOnce {
                    switch(TabKey::Indents);
                }
            },
        );
        Self { _keys: keys, _blur: blur }
    }
}

enum Meaning {
    Toggle,
    Leave,
    /// Tab itself, or a modifier on its way to something.
    Neutral,
    Other,
}

fn meaning(event: &KeyboardEvent, container: &Element) -> Meaning {
    match event.key().as_str() {
        "m" | "M" if event.ctrl_key() && !event.alt_key() => Meaning::Toggle,
        "Escape" if !matches!(container.query_selector(OPEN_POPUPS), Ok(Some(_))) => Meaning::Leave,
        "Escape" | "Tab" | "Shift" | "Control" | "Alt" | "Meta" => Meaning::Neutral,
        _ => Meaning::Other,
    }
}

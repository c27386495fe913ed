//! Light, dark, or as the system has it.

use leptos::prelude::*;
use ui::{Icon, use_interactive};

const KEY: &str = "theme";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    fn stored() -> Self {
        match storage().and_then(|storage| storage.get_item(KEY).ok().flatten()).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    const fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// The button's label: what holds, and what a press does.
    const fn label(self) -> &'static str {
        match self {
            Self::System => "Theme: as the system. Switch to light",
            Self::Light => "Theme: light. Switch to dark",
            Self::Dark => "Theme: dark. Switch to the system's",
        }
    }

    fn icon(self) -> AnyView {
        match self {
            Self::System => Icon::Monitor.view(),
            Self::Light => Icon::Sun.view(),
            Self::Dark => Icon::Moon.view(),
        }
    }

    /// Applies and remembers it. Where storage is refused, it holds until the page goes.
    fn apply(self) {
        let root = document().document_element();
        match self.name() {
            Some(name) => {
                root.map(|root| root.set_attribute("data-theme", name));
                storage().map(|storage| storage.set_item(KEY, name));
            }
            None => {
                root.map(|root| root.remove_attribute("data-theme"));
                storage().map(|storage| storage.remove_item(KEY));
            }
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Goes round the three themes.
#[component]
pub fn ThemeButton() -> AnyView {
    let theme = RwSignal::new(Theme::System);
    let interactive = use_interactive();
    Effect::new(move |_| {
        if interactive.get() {
            theme.set(Theme::stored());
        }
    });
    let press = move |_| {
        theme.update(|theme| *theme = theme.next());
        theme.get_untracked().apply();
    };
    view! {
        <button
            type="button"
            class="btn btn-ghost btn-square needs-js"
            aria-label=move || theme.get().label()
            data-tip=move || theme.get().label()
            on:click=press
        >
            {move || theme.get().icon()}
        </button>
    }
    .into_any()
}

//! Buttons.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::Icon;

/// What a button, badge or message means; each has its colour in either theme, and never its colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Neutral,
    /// The one thing the page is for.
    Primary,
    Success,
    Warning,
    /// Destroys something; filled.
    Danger,
    /// Leads to something destructive; outlined.
    DangerOutline,
    /// No border until hovered.
    Ghost,
}

impl Tone {
    /// The classes of a button or of a link that looks like one.
    pub const fn button_class(self) -> &'static str {
        match self {
            Self::Neutral | Self::Success | Self::Warning => "btn btn-quiet",
            Self::Primary => "btn btn-primary",
            Self::Danger => "btn btn-error",
            Self::DangerOutline => "btn btn-error btn-outline",
            Self::Ghost => "btn btn-ghost",
        }
    }
}

/// A button that acts in the page. Without JavaScript it does nothing, so give it a fallback or the class `needs-js`.
#[component]
pub fn Button(
    #[prop(into)] label: String,
    on_press: Callback<MouseEvent>,
    #[prop(optional)] tone: Tone,
    #[prop(optional)] icon: Option<Icon>,
    /// Shows the icon alone; the label is still there for screen readers and as a tooltip.
    #[prop(optional)]
    icon_only: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
) -> AnyView {
    let tip = icon_only.then(|| label.clone());
    view! {
        <button
            type="button"
            class=join(tone.button_class(), class)
            class:btn-square=icon_only
            data-tip=tip
            disabled=disabled
            on:click=move |event| on_press.run(event)
        >
            {icon.map(Icon::view)}
            <span class:sr-only=icon_only>{label}</span>
        </button>
    }
    .into_any()
}

/// The button that sends a form. While `pending` it says so and takes no second press; while `blocked` it stays
/// focusable and says why.
#[component]
pub fn SubmitButton(
    #[prop(into)] label: String,
    /// “Saving…”
    #[prop(into)]
    busy_label: String,
    pending: Signal<bool>,
    #[prop(default = Tone::Primary)] tone: Tone,
    /// Why the form can't be sent as it stands.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
    #[prop(optional)] icon: Option<Icon>,
    /// Sent as part of the form when this button is pressed.
    #[prop(optional)]
    name: Option<&'static str>,
    #[prop(optional, into)] value: Option<String>,
) -> AnyView {
    let unavailable = move || pending.get() || blocked.with(Option::is_some);
    view! {
        <button
            type="submit"
            class=tone.button_class()
            name=name
            value=value
            aria-disabled=move || unavailable().then_some("true")
            aria-busy=move || pending.get().then_some("true")
            data-tip=move || blocked.get()
            on:click=move |event| {
                if unavailable() {
                    event.prevent_default();
                }
            }
        >
            <span class="spinner" hidden=move || !pending.get() aria-hidden="true"></span>
            {icon.map(Icon::view)}
            <span>{move || if pending.get() { busy_label.clone() } else { label.clone() }}</span>
            <span class="sr-only">{move || blocked.get()}</span>
        </button>
    }
    .into_any()
}

/// Two class lists as one.
pub(crate) fn join(first: &'static str, second: &'static str) -> String {
    if second.is_empty() { first.to_owned() } else { [first, second].join(" ") }
}

//! What the parts of the Admin page's form share: the saved values, the typed ones, and the errors beside fields.

use domain::host::HostName;
use domain::settings::{LIMITED, SettingsForm, field};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlFormElement, HtmlInputElement};

use super::idna::to_ascii;
use super::{dom, values};
use crate::form::FormStatus;

/// Copied into every field.
#[derive(Clone, Copy)]
pub struct AdminState {
    /// Around all fields.
    pub root: NodeRef<leptos::html::Div>,
    /// What the server holds.
    pub saved: RwSignal<SettingsForm>,
    /// What the form holds, read at every input.
    pub typed: RwSignal<SettingsForm>,
    status: FormStatus,
    /// Fields left once: from then on their errors show while typing.
    left: RwSignal<Vec<&'static str>>,
    /// Fields changed since the server's last answer, whose errors from it are out of date.
    edited: RwSignal<Vec<&'static str>>,
}

impl AdminState {
    pub fn new(status: FormStatus, saved: SettingsForm) -> Self {
        let typed = values::typed_or_saved(status, &saved);
        let state = Self {
            root: NodeRef::new(),
            saved: RwSignal::new(saved),
            typed: RwSignal::new(typed),
            status,
            left: RwSignal::new(Vec::new()),
            edited: RwSignal::new(Vec::new()),
        };
        Effect::new(move |_| {
            status.fault.track();
            state.edited.set(Vec::new());
        });
        // A browser may have filled the form before the page woke up.
        Effect::new(move |_| {
            if state.root.get().is_some() {
                state.read();
            }
        });
        state
    }

    /// The form around the fields, while it is in the page.
    pub fn form(self) -> Option<HtmlFormElement> {
        self.root.try_get_untracked().flatten()?.closest("form").ok()??.dyn_into().ok()
    }

    /// The seat limit as saved, which a form may keep even where nobody could type it.
    pub fn stored_seats(self) -> Option<u32> {
        self.saved.with(|saved| if saved.seats_mode == LIMITED { saved.seats.parse().ok() } else { None })
    }

    /// What to say beside a field: the rules' verdict while typing, else the server's on the last save.
    pub fn error(self, name: &'static str) -> Signal<Option<String>> {
        let from_server = self.status.field_error(name);
        let live = Memo::new(move |_| {
            if !self.left.with(|left| left.contains(&name)) {
                return None;
            }
            let stored = self.stored_seats();
            let error = self.typed.with(|typed| typed.check_field(name, stored, &to_ascii))?;
            // The rules hold the report's switch responsible for its recipients; the page says it beside those.
            if error.field != name {
                return None;
            }
            Some(match error.at {
                Some(at) => [&error.message, " (", &at.to_string(), ")"].concat(),
                None => error.message,
            })
        });
        let out_of_date = move || self.edited.with(|edited| edited.contains(&name));
        Signal::derive(move || live.get().or_else(|| if out_of_date() { None } else { from_server.get() }))
    }

    /// Call with every `input` and `change` inside the form's fields.
    pub fn on_edit(self, event: &Event) {
        if let Some(name) = field_of(event) {
            note(self.edited, name);
        }
        self.read();
    }

    /// Call with every `focusout` inside the form's fields.
    pub fn on_leave(self, event: &Event) {
        let Some(name) = field_of(event) else { return };
        if [field::PLATFORM_DOMAIN, field::DEFAULT_USER_HOST, field::LOGIN_DOMAIN].contains(&name) {
            reduce_to_host(event);
        }
        note(self.left, name);
    }

    /// Takes over what the form holds.
    fn read(self) {
        if let Some(typed) = self.form().and_then(|form| values::read(&form))
            && self.typed.with_untracked(|known| *known != typed)
        {
            self.typed.set(typed);
        }
    }
}

/// A pasted address becomes its host at once, as saving would have it.
fn reduce_to_host(event: &Event) {
    let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
    if let Ok(host) = HostName::parse(&input.value(), &to_ascii)
        && host.as_str() != input.value()
    {
        input.set_value(host.as_str());
        dom::announce(&input, "input");
    }
}

/// The field that an event's control belongs to.
fn field_of(event: &Event) -> Option<&'static str> {
    let name = event.target()?.dyn_into::<web_sys::Element>().ok()?.get_attribute("name")?;
    let name = name.strip_prefix("form[")?.strip_suffix(']')?;
    let name = if name == field::SEATS_MODE { field::SEATS } else { name };
    field::ALL.iter().copied().find(|field| *field == name)
}

fn note(list: RwSignal<Vec<&'static str>>, name: &'static str) {
    if list.with_untracked(|list| !list.contains(&name)) {
        list.update(|list| list.push(name));
    }
}

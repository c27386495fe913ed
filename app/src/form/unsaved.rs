//! Unsaved edits of a settings form, read off its controls: a control is changed when it holds something else than
//! where it began (`data-saved`, or the default that its markup gave it).

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventInit, HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

/// Marks every changed field of the form and counts them. A group of controls counts as one field.
pub fn mark(form: &HtmlFormElement) -> usize {
    let mut count = 0;
    for field in elements(form, ".field") {
        let changed = controls(&field).iter().any(Control::is_changed);
        let _ = field.toggle_attribute_with_force("data-changed", changed);
        let nested = field.parent_element().is_some_and(|parent| parent.closest(".field").ok().flatten().is_some());
        if changed && !nested {
            count += 1;
        }
    }
    count
}

/// Remembers what is being sent, for [`settle`]: somebody may go on typing until the answer comes.
pub fn sending(form: &HtmlFormElement) {
    controls(form).iter().for_each(Control::sending);
}

/// Makes what was sent the state that later changes are counted against.
pub fn settle(form: &HtmlFormElement) {
    controls(form).iter().for_each(Control::settle);
}

/// Puts every control back to what the server holds. Each tells its listeners, as if a person had done it.
pub fn discard(form: &HtmlFormElement) {
    for control in controls(form) {
        if control.is_changed() {
            control.restore();
        }
    }
}

/// The named controls below `root` that a person can change; the reason for a save is none of the settings.
fn controls(root: &Element) -> Vec<Control> {
    elements(root, "input[name]:not([type=hidden]), select[name], textarea[name]")
        .into_iter()
        .filter(|element| !element.has_attribute("data-uncounted"))
        .filter_map(|element| match element.dyn_into::<HtmlInputElement>() {
            Ok(input) if matches!(input.type_().as_str(), "checkbox" | "radio") => Some(Control::Box(input)),
            Ok(input) => Some(Control::Line(input)),
            Err(element) => match element.dyn_into::<HtmlTextAreaElement>() {
                Ok(area) => Some(Control::Text(area)),
                Err(element) => element.dyn_into::<HtmlSelectElement>().ok().map(Control::Select),
            },
        })
        .collect()
}

fn elements(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = root.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect()
}

enum Control {
    Box(HtmlInputElement),
    Line(HtmlInputElement),
    Text(HtmlTextAreaElement),
    Select(HtmlSelectElement),
}

impl Control {
    fn element(&self) -> &Element {
        match self {
            Self::Box(input) | Self::Line(input) => input,
            Self::Text(area) => area,
            Self::Select(select) => select,
        }
    }

    fn current(&self) -> String {
        match self {
            Self::Box(input) => input.checked().to_string(),
            Self::Line(input) => input.value(),
            Self::Text(area) => area.value(),
            Self::Select(select) => select.value(),
        }
    }

    fn saved(&self) -> String {
        self.element().get_attribute("data-saved").unwrap_or_else(|| match self {
            Self::Box(input) => input.default_checked().to_string(),
            Self::Line(input) => input.default_value(),
            Self::Text(area) => area.default_value().unwrap_or_default(),
            Self::Select(select) => elements(select, "option[selected]")
                .first()
                .and_then(|option| option.get_attribute("value"))
                .unwrap_or_else(|| select.value()),
        })
    }

    fn is_changed(&self) -> bool {
        self.current() != self.saved()
    }

    fn sending(&self) {
        let _ = self.element().set_attribute("data-sent", &self.current());
    }

    fn settle(&self) {
        if let Some(sent) = self.element().get_attribute("data-sent") {
            let _ = self.element().set_attribute("data-saved", &sent);
        }
    }

    fn restore(&self) {
        let saved = self.saved();
        match self {
            Self::Box(input) => input.set_checked(saved == "true"),
            Self::Line(input) => input.set_value(&saved),
            Self::Text(area) => area.set_value(&saved),
            Self::Select(select) => select.set_value(&saved),
        }
        for name in ["input", "change"] {
            let init = EventInit::new();
            init.set_bubbles(true);
            if let Ok(event) = Event::new_with_event_init_dict(name, &init) {
                let _ = self.element().dispatch_event(&event);
            }
        }
    }
}

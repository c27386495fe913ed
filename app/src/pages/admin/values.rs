//! The form's fields by name: in [`SettingsForm`]s, and in the page, where controls are uncontrolled and hold what was
//! typed.

use domain::Fault;
use domain::settings::{SettingsForm, field};
use leptos::form::FromFormData;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, FormData, HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use super::dom;
use crate::api::admin::SaveAdmin;
use crate::form::FormStatus;

/// The `name` of the control for a field.
pub fn input_name(field: &str) -> String {
    ["form[", field, "]"].concat()
}

/// The controls that make up a field.
fn inputs_of(field: &'static str) -> &'static [&'static str] {
    match field {
        field::SEATS => &[field::SEATS_MODE, field::SEATS],
        field::PARTNER => &[field::PARTNER],
        field::ENFORCE_MFA => &[field::ENFORCE_MFA],
        field::REPORT => &[field::REPORT],
        field::REPORT_RECIPIENTS => &[field::REPORT_RECIPIENTS],
        field::REPORT_SCHEDULE => &[field::REPORT_SCHEDULE],
        field::REPORT_TIME_ZONE => &[field::REPORT_TIME_ZONE],
        field::PLATFORM_DOMAIN => &[field::PLATFORM_DOMAIN],
        field::DEFAULT_USER_HOST => &[field::DEFAULT_USER_HOST],
        field::LOGIN_DOMAIN => &[field::LOGIN_DOMAIN],
        field::PLAN => &[field::PLAN],
        field::WORKSPACE => &[field::WORKSPACE],
        _ => &[],
    }
}

fn flag<'a>(form: &'a mut SettingsForm, input: &str) -> Option<&'a mut bool> {
    match input {
        field::PARTNER => Some(&mut form.partner),
        field::ENFORCE_MFA => Some(&mut form.enforce_mfa),
        field::REPORT => Some(&mut form.report),
        _ => None,
    }
}

fn text<'a>(form: &'a mut SettingsForm, input: &str) -> Option<&'a mut String> {
    match input {
        field::REPORT_RECIPIENTS => Some(&mut form.report_recipients),
        field::REPORT_SCHEDULE => Some(&mut form.report_schedule),
        field::REPORT_TIME_ZONE => Some(&mut form.report_time_zone),
        field::PLATFORM_DOMAIN => Some(&mut form.platform_domain),
        field::SEATS_MODE => Some(&mut form.seats_mode),
        field::SEATS => Some(&mut form.seats),
        field::DEFAULT_USER_HOST => Some(&mut form.default_user_host),
        field::LOGIN_DOMAIN => Some(&mut form.login_domain),
        field::PLAN => Some(&mut form.plan),
        field::WORKSPACE => Some(&mut form.workspace),
        _ => None,
    }
}

/// Fills every input with what `value` knows of it.
fn fill(form: &mut SettingsForm, flag_of: impl Fn(&str) -> Option<bool>, text_of: impl Fn(&str) -> Option<String>) {
    for input in field::ALL.iter().flat_map(|field| inputs_of(field)) {
        if let (Some(slot), Some(value)) = (flag(form, input), flag_of(input)) {
            *slot = value;
        }
        if let (Some(slot), Some(value)) = (text(form, input), text_of(input)) {
            *slot = value;
        }
    }
}

/// What a page should show at first: after a refused post the values as typed, but for fields that only somebody else
/// changed meanwhile, so that saving again leaves theirs alone.
pub fn typed_or_saved(status: FormStatus, saved: &SettingsForm) -> SettingsForm {
    let mut form = saved.clone();
    status.fault.with_untracked(|fault| {
        if fault.is_some() {
            // Browsers post the lines of a text area with CR LF.
            let text = |input: &str| status.typed(input).map(|text| text.replace("\r\n", "\n"));
            fill(&mut form, |input| status.typed_flag(input), text);
        }
        if let Some(Fault::Stale { fields, .. }) = fault {
            for conflict in fields.iter().filter(|conflict| !conflict.touched) {
                copy_field(&conflict.field, saved, &mut form);
            }
        }
    });
    form
}

/// Puts the value of one field from `from` into `to`.
pub fn copy_field(name: &str, from: &SettingsForm, to: &mut SettingsForm) {
    let mut from = from.clone();
    let inputs = field::ALL.iter().find(|field| **field == name).map_or(&[][..], |field| inputs_of(field));
    for input in inputs {
        if let (Some(from), Some(to)) = (flag(&mut from, input), flag(to, input)) {
            *to = *from;
        }
        if let (Some(from), Some(to)) = (text(&mut from, input), text(to, input)) {
            to.clone_from(from);
        }
    }
}

/// The form as it stands in the page.
pub fn read(form: &HtmlFormElement) -> Option<SettingsForm> {
    let data = FormData::new_with_form(form).ok()?;
    SaveAdmin::from_form_data(&data).ok().map(|save| save.form)
}

/// Shows one field's value in the page.
pub fn write(form: &HtmlFormElement, name: &str, values: &SettingsForm) {
    for_controls(form, name, values, show);
}

/// Makes `saved` what changes are counted against. Fields that nobody changed here follow it.
pub fn rebase(form: &HtmlFormElement, saved: &SettingsForm) {
    for name in field::ALL {
        let changed = is_marked_changed(form, name);
        for_controls(form, name, saved, |control, value| {
            // Fails only for a name that no attribute can have.
            let _ = control.set_attribute("data-saved", value);
            if !changed {
                show(control, value);
            }
        });
    }
    // Counts anew what is unsaved.
    dom::announce(form, "input");
}

/// Whether the form's shell marked the field as changed.
fn is_marked_changed(form: &HtmlFormElement, name: &'static str) -> bool {
    inputs_of(name)
        .iter()
        .flat_map(|input| controls(form, input))
        .any(|control| matches!(control.closest(".field[data-changed]"), Ok(Some(_))))
}

/// Calls `act` with every control of a field and what it shows for `values`; `true` and `false` for boxes.
fn for_controls(form: &HtmlFormElement, name: &str, values: &SettingsForm, act: impl Fn(&Element, &str)) {
    let mut values = values.clone();
    let inputs = field::ALL.iter().find(|field| **field == name).map_or(&[][..], |field| inputs_of(field));
    for input in inputs {
        let value = match flag(&mut values, input) {
            Some(on) => on.to_string(),
            None => text(&mut values, input).cloned().unwrap_or_default(),
        };
        for control in controls(form, input) {
            match control.dyn_ref::<HtmlInputElement>() {
                Some(radio) if radio.type_() == "radio" => act(&control, &(radio.value() == value).to_string()),
                _ => act(&control, &value),
            }
        }
    }
}

/// Sets a control and tells everyone who listens to it.
fn show(control: &Element, value: &str) {
    if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        match input.type_().as_str() {
            "checkbox" | "radio" => input.set_checked(value == "true"),
            _ => input.set_value(value),
        }
    } else if let Some(area) = control.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(value);
    } else if let Some(select) = control.dyn_ref::<HtmlSelectElement>() {
        select.set_value(value);
    }
    dom::announce(control, "input");
    dom::announce(control, "change");
}

/// The controls called `input`; several when they are radio buttons.
pub fn controls(form: &HtmlFormElement, input: &str) -> Vec<Element> {
    let selector = ["[name=\"", &input_name(input), "\"]"].concat();
    let Ok(found) = form.query_selector_all(&selector) else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered() -> SettingsForm {
        let mut form = SettingsForm::default();
        fill(&mut form, |_| Some(true), |input| Some(input.to_owned()));
        form
    }

    #[test]
    fn every_field_can_be_copied() {
        let from = numbered();
        let mut to = SettingsForm::default();
        for name in field::ALL {
            copy_field(name, &from, &mut to);
        }
        assert_eq!(to, from);
        assert!(from.partner && from.enforce_mfa && from.report);
        assert_eq!(from.seats_mode, field::SEATS_MODE);
        assert_eq!(from.workspace, field::WORKSPACE);
    }

    #[test]
    fn copying_one_field_leaves_the_others() {
        let mut to = SettingsForm::default();
        copy_field(field::SEATS, &numbered(), &mut to);
        let expected = SettingsForm { seats_mode: "seats_mode".into(), seats: "seats".into(), ..Default::default() };
        assert_eq!(to, expected);
    }
}

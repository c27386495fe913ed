//! What differs between settings, in words that show no secret.

use super::form::{LIMITED, line_feeds};
use super::{Limits, Schedule, Settings, SettingsForm, field, workspace};
use crate::revision::{FieldChange, FieldConflict};

const NOT_SET: &str = "Not set";

impl Settings {
    /// Every field that differs, in the page's order. Of the workspace settings it tells keys and places only.
    pub fn changes(before: &Self, after: &Self) -> Vec<FieldChange> {
        let change = |name: &str, before: String, after: String| FieldChange {
            field: name.to_owned(),
            label: field::label(name).to_owned(),
            before,
            after,
        };
        let (old, new) = (before.to_form(), after.to_form());
        let limits = Limits::changes(&before.limits, &after.limits);
        let plain = old.changed_fields(&new).into_iter().filter(|name| *name != field::WORKSPACE);
        let mut changes: Vec<FieldChange> = plain.map(|name| change(name, old.words(name), new.words(name))).collect();
        if let Some((before, after)) = workspace::changes(&before.workspace, &after.workspace) {
            changes.push(change(field::WORKSPACE, before, after));
        }
        changes.extend(limits);
        changes
    }
}

/// Every field that differs between what was loaded, what is saved now and what was typed. Values of `envs` are masked
/// in the saved ones, and kept in what the person typed.
pub fn conflicts(base: &SettingsForm, theirs: &SettingsForm, yours: &SettingsForm) -> Vec<FieldConflict> {
    let differs = |name: &str| {
        let base = base.content(name);
        base != theirs.content(name) || base != yours.content(name)
    };
    let fields = field::ALL.iter().copied().filter(|name| differs(name));
    fields
        .map(|name| {
            let touched = base.content(name) != yours.content(name);
            let (base, theirs) = if name == field::WORKSPACE {
                workspace::mask_pair(&base.workspace, &theirs.workspace)
            } else {
                (base.words(name), theirs.words(name))
            };
            let (field, label) = (name.to_owned(), field::label(name).to_owned());
            FieldConflict { field, label, base, theirs, yours: yours.words(name), touched }
        })
        .collect()
}

impl SettingsForm {
    /// A field's value as a person says it.
    fn words(&self, name: &str) -> String {
        let flag = |on: bool| if on { "On" } else { "Off" }.to_owned();
        match name {
            field::PARTNER => flag(self.partner),
            field::ENFORCE_MFA => flag(self.enforce_mfa),
            field::REPORT => flag(self.report),
            field::SEATS => self.seats_words(),
            field::REPORT_SCHEDULE => {
                let typed = self.report_schedule.trim();
                Schedule::from_name(typed).map_or(typed, |schedule| schedule.label()).to_owned()
            }
            field::WORKSPACE => line_feeds(&self.workspace).into_owned(),
            _ => {
                let content = self.content(name);
                if content.is_empty() { NOT_SET.to_owned() } else { content.into_owned() }
            }
        }
    }

    fn seats_words(&self) -> String {
        match (self.seats_mode.trim(), self.seats.trim()) {
            (LIMITED, "0") => "0 (nobody)".to_owned(),
            (LIMITED, "") => NOT_SET.to_owned(),
            (LIMITED, seats) => seats.to_owned(),
            _ => "Unlimited".to_owned(),
        }
    }
}

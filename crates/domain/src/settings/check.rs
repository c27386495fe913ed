//! From the form to [`Settings`]: the rules of the Admin page, one function a field.

use std::collections::HashSet;

use super::form::{LIMITED, UNLIMITED, line_feeds};
use super::{RECIPIENTS_MAX, Report, SEATS_MAX, Schedule, Settings, SettingsForm, field, workspace};
use crate::billing::PlanKey;
use crate::email::Email;
use crate::error::FieldError;
use crate::host::HostName;
use crate::time_zone;

/// Longest list of recipients, in bytes: room for the most addresses there may be, at a usual length.
const RECIPIENTS_TEXT_MAX: usize = 16 * 1024;
/// Most of a wrong address that its message repeats, in characters.
const ADDRESS_SHOWN: usize = 80;

type Checked<T> = Result<T, Vec<FieldError>>;

impl SettingsForm {
    /// The settings this form asks for, or everything that is wrong with it, in the page's order. What the form doesn't
    /// hold stays as `stored`; a stored seat limit of 0 stays 0, while typing 0 means unlimited. `to_ascii` gives an
    /// international domain's ASCII form.
    pub fn check(
        &self,
        stored: &Settings,
        to_ascii: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Settings, Vec<FieldError>> {
        let mut errors = Vec::new();
        let settings = Settings {
            partner: self.partner,
            enforce_mfa: self.enforce_mfa,
            report: Report {
                enabled: self.report,
                recipients: value(self.recipients(), &mut errors),
                schedule: value(self.schedule(), &mut errors),
                time_zone: value(self.time_zone(), &mut errors),
            },
            platform_domain: value(host(field::PLATFORM_DOMAIN, &self.platform_domain, to_ascii), &mut errors),
            seats: value(self.seats(stored.seats), &mut errors),
            default_user_host: value(host(field::DEFAULT_USER_HOST, &self.default_user_host, to_ascii), &mut errors),
            login_domain: value(host(field::LOGIN_DOMAIN, &self.login_domain, to_ascii), &mut errors),
            plan: value(self.plan(), &mut errors),
            limits: stored.limits.clone(),
            workspace: value(self.workspace(), &mut errors),
        };
        if errors.is_empty() { Ok(settings) } else { Err(errors) }
    }

    /// The first thing wrong with one field, for a form that tells while a person types.
    pub fn check_field(
        &self,
        field: &str,
        stored_seats: Option<u32>,
        to_ascii: &dyn Fn(&str) -> Option<String>,
    ) -> Option<FieldError> {
        let errors = match field {
            field::REPORT | field::REPORT_RECIPIENTS => self.recipients().err(),
            field::REPORT_SCHEDULE => self.schedule().err(),
            field::REPORT_TIME_ZONE => self.time_zone().err(),
            field::PLATFORM_DOMAIN => host(field::PLATFORM_DOMAIN, &self.platform_domain, to_ascii).err(),
            field::SEATS | field::SEATS_MODE => self.seats(stored_seats).err(),
            field::DEFAULT_USER_HOST => host(field::DEFAULT_USER_HOST, &self.default_user_host, to_ascii).err(),
            field::LOGIN_DOMAIN => host(field::LOGIN_DOMAIN, &self.login_domain, to_ascii).err(),
            field::PLAN => self.plan().err(),
            field::WORKSPACE => self.workspace().err(),
            _ => None,
        };
        errors.into_iter().flatten().next()
    }

    /// Whether there is such a plan is asked where plans are.
    fn plan(&self) -> Checked<Option<PlanKey>> {
        match self.plan.trim() {
            "" => Ok(None),
            key => PlanKey::parse(key).map(Some).ok_or_else(|| wrong(field::PLAN, "Choose one of the plans.")),
        }
    }

    fn recipients(&self) -> Checked<Vec<Email>> {
        let name = field::REPORT_RECIPIENTS;
        if self.report_recipients.len() > RECIPIENTS_TEXT_MAX {
            return Err(wrong(name, "This list is too long; use a mailing list's address instead."));
        }
        let mut errors = Vec::new();
        let mut recipients = Vec::new();
        let mut seen = HashSet::new();
        let separators = |c: char| matches!(c, ',' | ';' | '\n' | '\r');
        for address in self.report_recipients.split(separators).map(str::trim).filter(|text| !text.is_empty()) {
            match Email::parse(address) {
                Ok(email) if seen.insert(email.folded()) => recipients.push(email),
                Ok(_) => {}
                Err(error) => errors.push(FieldError::new(name, format!("“{}”: {error}", shorten(address)))),
            }
        }
        if recipients.len() > RECIPIENTS_MAX {
            let message =
                format!("A report goes to at most {RECIPIENTS_MAX} addresses; these are {}.", recipients.len());
            errors.push(FieldError::new(name, message));
        }
        if self.report && recipients.is_empty() && errors.is_empty() {
            errors.push(FieldError::new(name, "Enter at least one address, or turn the report off."));
        }
        if errors.is_empty() { Ok(recipients) } else { Err(errors) }
    }

    fn schedule(&self) -> Checked<Schedule> {
        match self.report_schedule.trim() {
            "" => Ok(Schedule::default()),
            name => Schedule::from_name(name)
                .ok_or_else(|| wrong(field::REPORT_SCHEDULE, "Choose weekly, daily or monthly.")),
        }
    }

    fn time_zone(&self) -> Checked<String> {
        match self.report_time_zone.trim() {
            "" => Ok(time_zone::UTC.to_owned()),
            name => time_zone::check(name).map_err(|message| wrong(field::REPORT_TIME_ZONE, message)),
        }
    }

    fn seats(&self, stored: Option<u32>) -> Checked<Option<u32>> {
        let refuse = |message: String| Err(wrong(field::SEATS, message));
        let typed = self.seats.trim();
        match self.seats_mode.trim() {
            UNLIMITED => return Ok(None),
            // Neither choice nor number: a form sent in part.
            "" if typed.is_empty() => return Ok(None),
            LIMITED => {}
            _ => return refuse("Choose between unlimited and limited.".into()),
        }
        if typed.is_empty() {
            return refuse("Enter the number of seats, or choose unlimited.".into());
        }
        if !typed.bytes().all(|b| b.is_ascii_digit()) {
            return refuse("Enter the number of seats in digits, such as 25.".into());
        }
        match typed.parse() {
            Ok(seats) if stored == Some(seats) => Ok(stored),
            Ok(0) => Ok(None),
            Ok(seats) if seats <= SEATS_MAX => Ok(Some(seats)),
            _ => refuse(format!("Enter at most {SEATS_MAX} seats, or choose unlimited.")),
        }
    }

    fn workspace(&self) -> Checked<String> {
        let text = line_feeds(&self.workspace);
        workspace::check(&text)?;
        Ok(text.into_owned())
    }
}

/// A field's value, or its default after the errors were noted.
fn value<T: Default>(checked: Checked<T>, errors: &mut Vec<FieldError>) -> T {
    checked.unwrap_or_else(|found| {
        errors.extend(found);
        T::default()
    })
}

fn wrong(name: &'static str, message: impl Into<String>) -> Vec<FieldError> {
    vec![FieldError::new(name, message)]
}

/// Empty is `None`.
fn host(name: &'static str, text: &str, to_ascii: &dyn Fn(&str) -> Option<String>) -> Checked<Option<HostName>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    HostName::parse(text, to_ascii).map(Some).map_err(|error| wrong(name, error.to_string()))
}

fn shorten(text: &str) -> String {
    let shown: String = text.chars().take(ADDRESS_SHOWN).filter(|c| !c.is_control()).collect();
    if text.chars().count() > ADDRESS_SHOWN { format!("{shown}…") } else { shown }
}

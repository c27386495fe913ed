//! The Admin page's form as it crosses the wire: text as typed, one field an input.

use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::fmt;

use super::{Settings, field};

/// Form value of [`SettingsForm::seats_mode`].
pub const UNLIMITED: &str = "unlimited";
/// Form value of [`SettingsForm::seats_mode`].
pub const LIMITED: &str = "limited";

/// What the Admin page's form holds. A field that a browser leaves out (an unticked box, say) reads as its default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SettingsForm {
    #[serde(deserialize_with = "checkbox")]
    pub partner: bool,
    #[serde(deserialize_with = "checkbox")]
    pub enforce_mfa: bool,
    #[serde(deserialize_with = "checkbox")]
    pub report: bool,
    /// Separated by commas, semicolons or lines.
    pub report_recipients: String,
    /// The name of a [`super::Schedule`].
    pub report_schedule: String,
    pub report_time_zone: String,
    pub platform_domain: String,
    /// [`UNLIMITED`] or [`LIMITED`].
    pub seats_mode: String,
    /// A number while limited.
    pub seats: String,
    pub default_user_host: String,
    pub login_domain: String,
    /// A plan's key, or empty.
    pub plan: String,
    /// JSON.
    pub workspace: String,
}

impl Settings {
    /// The form that shows these settings; checking it gives them back.
    pub fn to_form(&self) -> SettingsForm {
        let recipients: Vec<&str> = self.report.recipients.iter().map(|email| email.as_str()).collect();
        let host = |host: &Option<crate::host::HostName>| host.as_ref().map_or("", |h| h.as_str()).to_owned();
        SettingsForm {
            partner: self.partner,
            enforce_mfa: self.enforce_mfa,
            report: self.report.enabled,
            report_recipients: recipients.join(", "),
            report_schedule: self.report.schedule.name().to_owned(),
            report_time_zone: self.report.time_zone.clone(),
            platform_domain: host(&self.platform_domain),
            seats_mode: if self.seats.is_some() { LIMITED } else { UNLIMITED }.to_owned(),
            seats: self.seats.map(|seats| seats.to_string()).unwrap_or_default(),
            default_user_host: host(&self.default_user_host),
            login_domain: host(&self.login_domain),
            plan: self.plan.as_ref().map(ToString::to_string).unwrap_or_default(),
            workspace: self.workspace.clone(),
        }
    }
}

impl SettingsForm {
    /// The fields whose content differs from `loaded`, in the page's order.
    pub fn changed_fields(&self, loaded: &Self) -> Vec<&'static str> {
        field::ALL.iter().copied().filter(|name| self.content(name) != loaded.content(name)).collect()
    }

    /// What tells two values of a field apart, so that spaces around a value and the line ends that browsers send
    /// are no change.
    pub(super) fn content(&self, name: &str) -> Cow<'_, str> {
        let flag = |on: bool| Cow::Borrowed(if on { "on" } else { "off" });
        match name {
            field::PARTNER => flag(self.partner),
            field::ENFORCE_MFA => flag(self.enforce_mfa),
            field::REPORT => flag(self.report),
            field::SEATS if self.seats_mode.trim() == LIMITED => self.seats.trim().into(),
            field::SEATS => Cow::Borrowed(UNLIMITED),
            field::WORKSPACE => line_feeds(&self.workspace),
            field::REPORT_RECIPIENTS => line_feeds(self.report_recipients.trim()),
            field::REPORT_SCHEDULE => self.report_schedule.trim().into(),
            field::REPORT_TIME_ZONE => self.report_time_zone.trim().into(),
            field::PLATFORM_DOMAIN => self.platform_domain.trim().into(),
            field::DEFAULT_USER_HOST => self.default_user_host.trim().into(),
            field::LOGIN_DOMAIN => self.login_domain.trim().into(),
            field::PLAN => self.plan.trim().into(),
            _ => Cow::Borrowed(""),
        }
    }
}

/// Browsers post a text area's lines with CR LF; settings are kept with LF.
pub(super) fn line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

/// Reads a flag from JSON (`true`) as well as from a form (`on`, `true`, `1`).
fn checkbox<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    struct Flag;

    impl serde::de::Visitor<'_> for Flag {
        type Value = bool;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("true, false, or what a checkbox sends")
        }

        fn visit_bool<E>(self, value: bool) -> Result<bool, E> {
            Ok(value)
        }

        /// A field without a value.
        fn visit_unit<E>(self) -> Result<bool, E> {
            Ok(false)
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<bool, E> {
            match text {
                "true" | "on" | "1" => Ok(true),
                "false" | "off" | "0" | "" => Ok(false),
                _ => Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)),
            }
        }
    }

    deserializer.deserialize_any(Flag)
}

//! What platform administrators set for the whole instance.

use serde::{Deserialize, Serialize};

use crate::error::FieldError;
use crate::people::Viewer;

/// Longest time of grace, in days.
pub const GRACE_MAX_DAYS: u32 = 365;
/// What the first administrator is advised to choose.
pub const GRACE_RECOMMENDED_DAYS: u32 = 30;
/// An organization that its partner deletes always has at least this many days.
pub const PARTNER_GRACE_DAYS: u32 = 7;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InstanceSettings {
    /// Days between deleting an organization and its end; 0 is at once.
    pub deletion_grace_days: u32,
    /// Whether owners may delete their organization themselves.
    pub owners_may_delete: bool,
}

impl Default for InstanceSettings {
    fn default() -> Self {
        Self { deletion_grace_days: 0, owners_may_delete: true }
    }
}

impl InstanceSettings {
    /// As stored; what is unknown or can't be read has its default.
    pub fn from_pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut settings = Self::default();
        for (name, value) in pairs {
            match name {
                "deletion_grace_days" => {
                    settings.deletion_grace_days = value.parse().unwrap_or(settings.deletion_grace_days);
                }
                "owners_may_delete" => {
                    settings.owners_may_delete = value.parse().unwrap_or(settings.owners_may_delete);
                }
                _ => {}
            }
        }
        settings
    }

    pub fn to_pairs(&self) -> [(&'static str, String); 2] {
        [
            ("deletion_grace_days", self.deletion_grace_days.to_string()),
            ("owners_may_delete", self.owners_may_delete.to_string()),
        ]
    }
}

/// The settings as they are typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct InstanceForm {
    pub deletion_grace_days: String,
    pub owners_may_delete: bool,
}

impl InstanceForm {
    pub fn check(&self) -> Result<InstanceSettings, Vec<FieldError>> {
        match self.deletion_grace_days.trim().parse() {
            Ok(days) if days <= GRACE_MAX_DAYS => {
                Ok(InstanceSettings { deletion_grace_days: days, owners_may_delete: self.owners_may_delete })
            }
            _ => {
                let message = format!("Enter a number of days from 0 to {GRACE_MAX_DAYS}.");
                Err(vec![FieldError::new("deletion_grace_days", message)])
            }
        }
    }
}

impl From<&InstanceSettings> for InstanceForm {
    fn from(settings: &InstanceSettings) -> Self {
        Self {
            deletion_grace_days: settings.deletion_grace_days.to_string(),
            owners_may_delete: settings.owners_may_delete,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstancePage {
    pub viewer: Viewer,
    pub settings: InstanceSettings,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_what_they_write() {
        let settings = InstanceSettings { deletion_grace_days: 30, owners_may_delete: false };
        let pairs = settings.to_pairs();
        assert_eq!(InstanceSettings::from_pairs(pairs.iter().map(|(name, value)| (*name, value.as_str()))), settings);
        assert_eq!(
            InstanceSettings::from_pairs([("deletion_grace_days", "x"), ("?", "1")].into_iter()),
            InstanceSettings::default()
        );
        assert_eq!(InstanceForm::from(&settings).check(), Ok(settings));
        for bad in ["", "-1", "366", "1.5", "x"] {
            let form = InstanceForm { deletion_grace_days: bad.into(), owners_may_delete: true };
            assert!(form.check().is_err(), "{bad}");
        }
    }
}

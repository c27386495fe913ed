//! What the platform sets beside the Admin page's fields: externals, archiving, terms of service (product §6,
//! *Lifecycle & limits*; set through the administration API).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::field;
use crate::revision::FieldChange;
use crate::time::{Span, Timestamp};

/// Seconds an archived workspace stays before it can be deleted, unless set otherwise: 30 days.
pub const ARCHIVING_DEFAULT: u32 = 2_592_000;
/// The largest integer that the administration API takes.
pub const INTEGER_MAX: u32 = i32::MAX as u32;

const LOCALE_MAX: usize = 35;
const LINK_MAX: usize = 2_000;
const LOCALES_MAX: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Whether people may be invited as externals.
    pub externals_allowed: bool,
    /// Seconds between archiving a workspace and its deletion.
    pub archiving_seconds: u32,
    /// What people accept before they enter.
    pub terms: Option<Terms>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { externals_allowed: true, archiving_seconds: ARCHIVING_DEFAULT, terms: None }
    }
}

/// Terms of service: a link a locale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub links: BTreeMap<String, String>,
    /// Moves on every set, even to the same links: people are asked anew.
    pub updated_at: Timestamp,
}

/// Whether a locale and its link can be kept. A link whose scheme can run script is refused; one that is neither
/// http(s) nor relative is kept but never rendered as a link.
pub fn check_terms(links: &BTreeMap<String, String>) -> Result<(), (String, String)> {
    if links.len() > LOCALES_MAX {
        return Err((String::new(), format!("Terms of service have at most {LOCALES_MAX} locales.")));
    }
    for (locale, link) in links {
        let refuse = |message: String| Err((locale.clone(), message));
        if locale.chars().count() > LOCALE_MAX || locale.chars().any(char::is_control) {
            return refuse(format!("A locale has at most {LOCALE_MAX} characters, none of them a control."));
        }
        if link.chars().count() > LINK_MAX || link.chars().any(char::is_control) {
            return refuse(format!("A link has at most {LINK_MAX} characters, none of them a control."));
        }
        if scheme(link).is_some_and(|scheme| matches!(scheme.as_str(), "javascript" | "data" | "vbscript")) {
            return refuse("A link can't begin with a scheme that runs script.".to_owned());
        }
    }
    Ok(())
}

/// The scheme of an address, lowercase; browsers skip leading spaces.
fn scheme(link: &str) -> Option<String> {
    let (scheme, _) = link.trim_start().split_once(':')?;
    let plain = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    plain.then(|| scheme.to_ascii_lowercase())
}

impl Limits {
    pub(super) fn changes(before: &Self, after: &Self) -> Vec<FieldChange> {
        let words = |limits: &Self, name: &str| match name {
            field::EXTERNALS => if limits.externals_allowed { "On" } else { "Off" }.to_owned(),
            field::ARCHIVING => archiving_words(limits.archiving_seconds),
            _ => limits.terms.as_ref().map_or_else(|| "Not set".to_owned(), Terms::words),
        };
        let differs = |name: &str| match name {
            field::EXTERNALS => before.externals_allowed != after.externals_allowed,
            field::ARCHIVING => before.archiving_seconds != after.archiving_seconds,
            _ => before.terms != after.terms,
        };
        let names = [field::EXTERNALS, field::ARCHIVING, field::TERMS].into_iter().filter(|name| differs(name));
        names
            .map(|name| FieldChange {
                field: name.to_owned(),
                label: field::label(name).to_owned(),
                before: words(before, name),
                after: words(after, name),
            })
            .collect()
    }
}

impl Terms {
    fn words(&self) -> String {
        let links: Vec<String> = self.links.iter().map(|(locale, link)| format!("{locale}: {link}")).collect();
        format!("{} (set {})", if links.is_empty() { "none".to_owned() } else { links.join(", ") }, self.updated_at)
    }
}

fn archiving_words(seconds: u32) -> String {
    let day = Span::days(1).seconds();
    let seconds = i64::from(seconds);
    match (seconds / day, seconds % day) {
        (days, 0) if days != 1 => format!("{days} days"),
        (1, 0) => "1 day".to_owned(),
        _ => format!("{seconds} seconds"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(link: &str) -> BTreeMap<String, String> {
        BTreeMap::from([("en".to_owned(), link.to_owned())])
    }

    #[test]
    fn links_that_run_script_are_refused() {
        for bad in ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "vbscript:x", "a\nb"] {
            assert!(check_terms(&terms(bad)).is_err(), "{bad}");
        }
        for good in ["https://example.com/tos", "/tos.pdf", "link-to-tos.pdf", "parsec3://x/tos-FR", "1:2", ""] {
            assert_eq!(check_terms(&terms(good)), Ok(()), "{good}");
        }
    }

    #[test]
    fn setting_the_same_terms_again_is_a_change() {
        let set = |micros| Limits {
            terms: Some(Terms { links: terms("/tos"), updated_at: Timestamp::from_micros(micros) }),
            ..Limits::default()
        };
        assert_eq!(Limits::changes(&set(1), &set(1)), []);
        assert_eq!(Limits::changes(&set(1), &set(2)).len(), 1);
    }

    #[test]
    fn periods_are_told_in_days_where_they_are_whole() {
        for (seconds, words) in
            [(0, "0 days"), (86_400, "1 day"), (ARCHIVING_DEFAULT, "30 days"), (1234, "1234 seconds")]
        {
            assert_eq!(archiving_words(seconds), words);
        }
    }
}

//! Handles, DNS labels and the names of people and organizations.

use serde::{Deserialize, Serialize};
use std::fmt;

pub const HANDLE_MAX: usize = 32;
pub const DISPLAY_NAME_MAX: usize = 100;

/// Words that URLs, mail and DNS need for themselves. Compared with the folded handle and with its DNS label.
pub const RESERVED: &[&str] = &[
    "account",
    "admin",
    "administration",
    "api",
    "assets",
    "audit",
    "auth",
    "billing",
    "bootstrap",
    "console",
    "deletions",
    "docs",
    "fn",
    "healthz",
    "help",
    "instance",
    "join",
    "live",
    "login",
    "logout",
    "mail",
    "me",
    "metrics",
    "new",
    "oauth",
    "organization",
    "organizations",
    "pkg",
    "postmaster",
    "processes",
    "public",
    "readyz",
    "root",
    "settings",
    "setup",
    "sign-in",
    "sign-out",
    "sign-up",
    "static",
    "status",
    "support",
    "system",
    "tenantry",
    "webhooks",
    "well-known",
    "www",
];

/// An organization's identifier in URLs; keeps its case, unique without regard to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Handle(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandleError {
    Empty,
    TooLong,
    Start,
    Character(char),
    EmptyLabel,
    Reserved,
}

impl Handle {
    pub fn parse(text: &str) -> Result<Self, HandleError> {
        let mut characters = text.chars();
        match characters.next() {
            None => return Err(HandleError::Empty),
            Some(c) if c.is_ascii_alphanumeric() => {}
            Some('_' | '-') => return Err(HandleError::Start),
            Some(c) => return Err(HandleError::Character(c)),
        }
        if let Some(c) = characters.find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')) {
            return Err(HandleError::Character(c));
        }
        if text.len() > HANDLE_MAX {
            return Err(HandleError::TooLong);
        }
        let handle = Self(text.to_owned());
        let label = handle.dns_label();
        if label.is_empty() {
            return Err(HandleError::EmptyLabel);
        }
        if RESERVED.contains(&handle.folded().as_str()) || RESERVED.contains(&label.as_str()) {
            return Err(HandleError::Reserved);
        }
        Ok(handle)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What uniqueness is decided on.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The handle's part of workspace DNS names: lowercase, `_` as `-`, no edge or double hyphen.
    pub fn dns_label(&self) -> String {
        let mut label = String::with_capacity(self.0.len());
        for c in self.0.chars() {
            match c {
                '_' | '-' => {
                    if !label.is_empty() && !label.ends_with('-') {
                        label.push('-');
                    }
                }
                c => label.push(c.to_ascii_lowercase()),
            }
        }
        label.truncate(label.trim_end_matches('-').len());
        label
    }

    /// A handle that `display_name` suggests, or an empty text when it suggests none.
    pub fn suggest(display_name: &str) -> String {
        let mut text = String::new();
        for c in display_name.chars() {
            if c.is_ascii_alphanumeric() {
                text.push(c.to_ascii_lowercase());
            } else if !text.is_empty() && !text.ends_with('-') {
                text.push('-');
            }
        }
        text.truncate(HANDLE_MAX);
        text.truncate(text.trim_end_matches('-').len());
        text
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for HandleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Enter a handle."),
            Self::TooLong => write!(f, "A handle has at most {HANDLE_MAX} characters."),
            Self::Start => f.write_str("A handle starts with a letter or a digit."),
            Self::Character(c) => {
                write!(f, "A handle has only letters a to z, digits, “-” and “_”; {} isn't one of them.", Visible(*c))
            }
            Self::EmptyLabel => f.write_str("A handle needs at least one letter or digit."),
            Self::Reserved => f.write_str("This handle is reserved for the console itself."),
        }
    }
}

/// A character as a message can show it, whatever it is.
pub(crate) struct Visible(pub char);

impl fmt::Display for Visible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ' ' => f.write_str("a space"),
            c if c.is_control() || is_direction_control(c) => write!(f, "U+{:04X}", u32::from(c)),
            c => write!(f, "“{c}”"),
        }
    }
}

impl std::error::Error for HandleError {}

impl TryFrom<String> for Handle {
    type Error = HandleError;
    fn try_from(text: String) -> Result<Self, HandleError> {
        Self::parse(&text)
    }
}

impl From<Handle> for String {
    fn from(handle: Handle) -> Self {
        handle.0
    }
}

/// A label for people: 1 to 100 characters, trimmed, no control or direction-override characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisplayName(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisplayNameError {
    Empty,
    TooLong,
    Control(char),
}

impl DisplayName {
    pub fn parse(text: &str) -> Result<Self, DisplayNameError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DisplayNameError::Empty);
        }
        if let Some(c) = text.chars().find(|c| c.is_control() || is_direction_control(*c)) {
            return Err(DisplayNameError::Control(c));
        }
        if text.chars().count() > DISPLAY_NAME_MAX {
            return Err(DisplayNameError::TooLong);
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What lists sort and search by.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    /// One or two letters for a generated avatar.
    pub fn initials(&self) -> String {
        let mut words = self.0.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
        let mut initials: String = words.next().into_iter().chain(words.next()).collect();
        if initials.is_empty() {
            initials.push('?');
        }
        initials.to_uppercase()
    }
}

/// Bidirectional controls and zero-width characters, which make a name look like another.
pub const fn is_direction_control(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{061C}' | '\u{FEFF}')
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for DisplayNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Enter a name."),
            Self::TooLong => write!(f, "A name has at most {DISPLAY_NAME_MAX} characters."),
            Self::Control(c) => write!(f, "A name can't contain {}.", Visible(*c)),
        }
    }
}

impl std::error::Error for DisplayNameError {}

impl TryFrom<String> for DisplayName {
    type Error = DisplayNameError;
    fn try_from(text: String) -> Result<Self, DisplayNameError> {
        Self::parse(&text)
    }
}

impl From<DisplayName> for String {
    fn from(name: DisplayName) -> Self {
        name.0
    }
}

/// The lowercase words that search finds a name by.
pub fn search_words(display_name: &DisplayName, handle: &Handle) -> Vec<String> {
    let mut words: Vec<String> = display_name
        .folded()
        .split(|c: char| !c.is_alphanumeric())
        .chain(handle.folded().split(['-', '_']))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.push(handle.folded());
    words.sort();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_each_fault_of_a_handle() {
        for (text, error) in [
            ("", HandleError::Empty),
            ("-a", HandleError::Start),
            ("_a", HandleError::Start),
            ("é", HandleError::Character('é')),
            ("a b", HandleError::Character(' ')),
            ("a.b", HandleError::Character('.')),
            (&"a".repeat(HANDLE_MAX + 1), HandleError::TooLong),
            ("Admin", HandleError::Reserved),
            ("sign_in", HandleError::Reserved),
        ] {
            assert_eq!(Handle::parse(text), Err(error), "{text}");
            assert!(error.to_string().ends_with('.'), "{error}");
        }
        assert_eq!(Handle::parse("Acme_-_1-").map(|handle| handle.dns_label()), Ok("acme-1".into()));
    }

    #[test]
    fn reserved_words_can_be_compared_with() {
        assert!(RESERVED.is_sorted());
        assert!(RESERVED.iter().all(|word| *word == word.to_ascii_lowercase()));
    }

    #[test]
    fn refuses_names_that_deceive() {
        for text in ["", "  ", "a\u{202E}b", "a\u{200B}", "a\nb", &"x".repeat(DISPLAY_NAME_MAX + 1)] {
            assert!(DisplayName::parse(text).is_err(), "{text:?}");
        }
        let name = DisplayName::parse("  Ada  Lovelace ").unwrap();
        assert_eq!((name.as_str(), name.initials().as_str()), ("Ada  Lovelace", "AL"));
        assert_eq!(DisplayName::parse("…").unwrap().initials(), "?");
    }

    #[test]
    fn search_finds_by_every_word() {
        let words = search_words(&DisplayName::parse("Ada's Labs").unwrap(), &Handle::parse("ada_labs-2").unwrap());
        assert_eq!(words, ["2", "ada", "ada_labs-2", "labs", "s"]);
    }

    proptest! {
        #![proptest_config(crate::testing::config())]

        #[test]
        fn a_handle_has_a_valid_dns_label(text in "[A-Za-z0-9_-]{1,34}|.{0,8}") {
            let Ok(handle) = Handle::parse(&text) else { return Ok(()) };
            let label = handle.dns_label();
            let host = [&label, ".example"].concat();
            prop_assert!(crate::host::check_labels(&host).is_ok());
            prop_assert!(!label.contains("--") && label.len() <= HANDLE_MAX);
            prop_assert_eq!(handle.as_str(), &text);
        }

        #[test]
        fn folding_twice_is_folding_once(text in "[A-Za-z0-9][A-Za-z0-9_-]{0,31}") {
            let Ok(handle) = Handle::parse(&text) else { return Ok(()) };
            let folded = Handle::parse(&handle.folded());
            prop_assert_eq!(folded.as_ref().map(Handle::folded), Ok(handle.folded()));
            prop_assert_eq!(folded.map(|folded| folded.dns_label()), Ok(handle.dns_label()));
        }

        #[test]
        fn a_suggestion_is_a_handle_or_empty_or_reserved(name in ".{0,60}|[A-Za-z ]{0,60}") {
            let suggestion = Handle::suggest(&name);
            let parsed = Handle::parse(&suggestion);
            prop_assert!(suggestion.is_empty() || parsed.is_ok() || parsed == Err(HandleError::Reserved));
        }

        #[test]
        fn a_display_name_parses_as_itself(text in any::<String>()) {
            if let Ok(name) = DisplayName::parse(&text) {
                prop_assert_eq!(DisplayName::parse(name.as_str()), Ok(name.clone()));
                prop_assert!(!name.initials().is_empty());
            }
        }
    }
}

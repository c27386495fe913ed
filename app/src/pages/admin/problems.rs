//! What the rules say of a workspace settings text, as the editor and the list beside it show it.

use domain::FieldError;
use domain::settings::workspace::{self, DnsView};

/// One remark on the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub warning: bool,
    /// From 1, as is the column; both 0 when the remark is about the whole text.
    pub line: u32,
    pub column: u32,
    /// JSON pointer.
    pub pointer: String,
    pub message: String,
}

impl Problem {
    fn new(warning: bool, error: FieldError) -> Self {
        let at = error.at;
        Self {
            warning,
            line: at.as_ref().map_or(0, |at| at.line),
            column: at.as_ref().map_or(0, |at| at.column),
            pointer: at.map(|at| at.pointer).unwrap_or_default(),
            message: error.message,
        }
    }

    /// “line 3, column 7”, or nothing for the whole text.
    pub fn place(&self) -> Option<String> {
        (self.line > 0).then(|| ["line ", &self.line.to_string(), ", column ", &self.column.to_string()].concat())
    }
}

/// Everything there is to say of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Errors when there are any, else warnings.
    pub problems: Vec<Problem>,
    /// The entries of `dns`, when the text is right and has some.
    pub dns: Option<DnsView>,
}

pub fn report(text: &str) -> Report {
    match workspace::check(text) {
        Ok(checked) => Report {
            problems: checked.warnings.into_iter().map(|warning| Problem::new(true, warning)).collect(),
            dns: (!checked.settings.dns.is_empty()).then(|| workspace::classify_dns(&checked.settings.dns)),
        },
        Err(errors) => of_errors(errors),
    }
}

/// The report of errors that the server found.
pub fn of_errors(errors: impl IntoIterator<Item = FieldError>) -> Report {
    Report { problems: errors.into_iter().map(|error| Problem::new(false, error)).collect(), dns: None }
}

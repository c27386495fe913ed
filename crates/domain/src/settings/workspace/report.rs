//! Collects what the rules find, with places in words that people and editors understand.

use super::LISTED_MAX;
use crate::error::{FieldError, Position};
use crate::settings::field;

/// What was found so far, in the order of the text.
pub(super) struct Report<'t> {
    text: &'t str,
    errors: Findings,
    warnings: Findings,
}

/// A value's place: byte offset and JSON pointer.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub offset: usize,
    pub pointer: &'p str,
}

#[derive(Default)]
struct Findings {
    listed: Vec<(usize, String, String)>,
    unlisted: usize,
}

impl<'t> Report<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, errors: Findings::default(), warnings: Findings::default() }
    }

    pub fn error(&mut self, at: Place<'_>, message: impl Into<String>) {
        self.errors.add(at, message.into());
    }

    pub fn warn(&mut self, at: Place<'_>, message: impl Into<String>) {
        self.warnings.add(at, message.into());
    }

    /// The value of a rule's answer; its sentence becomes an error.
    pub fn take<T>(&mut self, at: Place<'_>, answer: Result<T, String>) -> Option<T> {
        answer.map_err(|message| self.error(at, message)).ok()
    }

    /// The warnings, or the errors if there are any.
    pub fn into_result(self) -> Result<Vec<FieldError>, Vec<FieldError>> {
        if self.errors.listed.is_empty() {
            Ok(self.warnings.into_field_errors(self.text, "warnings"))
        } else {
            Err(self.errors.into_field_errors(self.text, "errors"))
        }
    }
}

impl Findings {
    /// Past the bound only counts: a hostile text must not cost more than it is worth.
    fn add(&mut self, at: Place<'_>, message: String) {
        if self.listed.len() < LISTED_MAX {
            self.listed.push((at.offset, at.pointer.to_owned(), message));
        } else {
            self.unlisted += 1;
        }
    }

    fn into_field_errors(mut self, text: &str, what: &str) -> Vec<FieldError> {
        if self.listed.is_empty() {
            return Vec::new();
        }
        let lines = Lines::new(text);
        self.listed.sort_by_key(|(offset, ..)| *offset);
        let mut found: Vec<FieldError> = self
            .listed
            .into_iter()
            .map(|(offset, pointer, message)| {
                let (line, column) = lines.place(offset);
                let at = Some(Position { line, column, pointer });
                FieldError { at, ..FieldError::new(field::WORKSPACE, message) }
            })
            .collect();
        if self.unlisted > 0 {
            found.push(FieldError::new(field::WORKSPACE, format!("{} more {what} aren't listed.", self.unlisted)));
        }
        found
    }
}

/// Byte offsets as lines and columns. Lines end with LF, CR LF or CR, as editors see them.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(i, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(i + 1) != Some(&b'\n'),
            _ => false,
        });
        Self { text, starts: std::iter::once(0).chain(ends.map(|(i, _)| i + 1)).collect() }
    }

    /// Line and column, both from 1, the column in characters.
    pub fn place(&self, offset: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }
}

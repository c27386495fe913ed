//! Strict JSON with positions: text to tree, or one error that says where and why.

use jsonc_parser::ast::Value;
use jsonc_parser::errors::ParseErrorKind as Kind;
use jsonc_parser::{CollectOptions, ParseOptions, ParseStringErrorKind as StringKind, parse_to_ast};

use super::report::Lines;
use super::{DEPTH_MAX, TEXT_MAX};
use crate::error::{FieldError, Position};
use crate::settings::field;

/// The tree of a text; `None` when it is blank.
pub(super) fn parse(text: &str) -> Result<Option<Value<'_>>, FieldError> {
    if text.len() > TEXT_MAX {
        return Err(FieldError::new(
            field::WORKSPACE,
            format!("Workspace settings have at most {} KiB.", TEXT_MAX / 1024),
        ));
    }
    if text.trim_matches([' ', '\t', '\n', '\r']).is_empty() {
        return Ok(None);
    }
    // Before the parser, which recurses: brackets by the thousand must not exhaust the stack.
    if let Err(offset) = walk(text, text.len()) {
        return Err(error(text, offset, format!("Brackets are nested more than {DEPTH_MAX} deep.")));
    }
    let tree = parse_to_ast(text, &CollectOptions::default(), &strict())
        .map_err(|e| error(text, e.range().start, odd_space(text, e.range().start).unwrap_or(sentence(e.kind()))))?;
    // That parser still lets pass what only JSON5 allows, such as control characters in strings.
    serde_json::from_str::<serde_json::Value>(text).map_err(|e| not_strict(text, &e))?;
    Ok(tree.value)
}

fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn error(text: &str, offset: usize, message: impl Into<String>) -> FieldError {
    let pointer = walk(text, offset).unwrap_or_default();
    let (line, column) = Lines::new(text).place(offset);
    FieldError { at: Some(Position { line, column, pointer }), ..FieldError::new(field::WORKSPACE, message) }
}

fn not_strict(text: &str, error_found: &serde_json::Error) -> FieldError {
    let line_start = text.split_inclusive('\n').take(error_found.line().saturating_sub(1)).map(str::len).sum::<usize>();
    // Column 0 is the line end before the line.
    let mut offset = (line_start + error_found.column()).saturating_sub(1).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let message = odd_space(text, offset).unwrap_or(match text[offset..].chars().next() {
        Some(c) if c.is_control() => {
            "A control character can't stand here as such; in a text write it as an escape, such as \\n."
        }
        _ => "This is not valid JSON.",
    });
    error(text, offset, message)
}

/// What to say when the fault is a space that only looks like one, or a byte order mark, which doesn't look at all.
fn odd_space(text: &str, offset: usize) -> Option<&'static str> {
    let c = text.get(offset..)?.chars().next()?;
    let is_odd = c == '\u{FEFF}' || (c.is_whitespace() && !c.is_control());
    (is_odd && c != ' ').then_some("Only plain spaces, tabs and line ends may stand between values.")
}

fn sentence(kind: &Kind) -> &'static str {
    match kind {
        Kind::CommentsNotAllowed | Kind::UnterminatedCommentBlock => "JSON has no comments; remove it.",
        Kind::TrailingCommasNotAllowed => "Remove the comma after the last entry.",
        Kind::ExpectedComma => "A comma is missing here.",
        Kind::UnexpectedComma => "There is a comma where a value should stand.",
        Kind::ExpectedColonAfterObjectKey => "A key is followed by a colon and its value.",
        Kind::UnexpectedColon => "There is a colon where a value should stand.",
        Kind::ExpectedObjectValue => "The value after the colon is missing.",
        Kind::ExpectedStringObjectProperty => "Put the key in double quotes.",
        Kind::SingleQuotedStringsNotAllowed => "Use double quotes; JSON has no single ones.",
        Kind::UnterminatedObject => "This object is never closed; a “}” is missing.",
        Kind::UnterminatedArray => "This array is never closed; a “]” is missing.",
        Kind::UnexpectedCloseBrace => "There is a “}” too many, or a value is missing before it.",
        Kind::UnexpectedCloseBracket => "There is a “]” too many, or a value is missing before it.",
        Kind::UnexpectedTokenInObject => "An object holds keys in double quotes, each with a colon and a value.",
        Kind::UnexpectedWord | Kind::UnexpectedToken => "This is no JSON value; put text in double quotes.",
        Kind::MultipleRootJsonValues => "The text goes on after its end; there may be a bracket too many.",
        Kind::BareDecimalPointNumbersNotAllowed
        | Kind::ExpectedDigit
        | Kind::ExpectedDigitFollowingNegativeSign
        | Kind::ExpectedPlusMinusOrDigitInNumberLiteral
        | Kind::HexadecimalNumbersNotAllowed
        | Kind::NonFiniteNumbersNotAllowed
        | Kind::UnaryPlusNumbersNotAllowed => "JSON writes numbers in digits, such as 42, -1 or 0.5.",
        Kind::String(StringKind::UnterminatedStringLiteral) => "This text is never closed; a double quote is missing.",
        Kind::String(_) => "This escape is unknown to JSON; a backslash itself is written “\\\\”.",
        Kind::NestingDepthExceeded => "Brackets are nested too deep.",
    }
}

/// A bracket that is open at the place reached, with where in it that place is.
enum Open<'a> {
    Array(usize),
    Object { key: Option<&'a str>, at_key: bool },
}

/// Goes through the text up to `end` without judging it, and answers with the JSON pointer of that place; or with the
/// offset of a bracket that is nested too deep.
fn walk(text: &str, end: usize) -> Result<String, usize> {
    let bytes = text.as_bytes();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut at = 0;
    while at < end.min(bytes.len()) {
        let start = at;
        at += 1;
        match bytes[start] {
            b'"' => {
                at = string_end(bytes, at);
                if let Some(Open::Object { key, at_key: true }) = open.last_mut() {
                    *key = text.get(start..at);
                }
            }
            b'[' | b'{' if open.len() == DEPTH_MAX => return Err(start),
            b'[' => open.push(Open::Array(0)),
            b'{' => open.push(Open::Object { key: None, at_key: true }),
            b']' | b'}' => drop(open.pop()),
            b':' => {
                if let Some(Open::Object { at_key, .. }) = open.last_mut() {
                    *at_key = false;
                }
            }
            b',' => match open.last_mut() {
                Some(Open::Array(index)) => *index += 1,
                Some(Open::Object { key, at_key }) => (*key, *at_key) = (None, true),
                None => {}
            },
            _ => {}
        }
    }
    Ok(open.iter().map(segment).collect())
}

/// Where the string that began before `at` ends, its closing quote included.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\\' => at += 1,
            b'"' => break,
            _ => {}
        }
    }
    at.min(bytes.len())
}

fn segment(open: &Open<'_>) -> String {
    match open {
        Open::Array(index) => format!("/{index}"),
        Open::Object { key: Some(key), .. } => {
            pointer_segment(&serde_json::from_str::<String>(key).unwrap_or_default())
        }
        Open::Object { key: None, .. } => String::new(),
    }
}

/// `/key`, escaped as RFC 6901 wants it.
pub(super) fn pointer_segment(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

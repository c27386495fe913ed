//! Squiggles under what breaks a rule.

use js_sys::Array;
use wasm_bindgen::JsCast;

use crate::bindings::{MarkerData, MarkerFilter, Module, Position, TextModel, object};

/// Whose markers ours are.
const OWNER: &str = "rules";
/// Whose markers Monaco's JSON language service sets, from syntax and schema.
const JSON_SERVICE: &str = "json";

/// A remark on a place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    pub severity: Severity,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
}

/// Shows the markers, except on lines where the JSON service already says something: one remark a mistake.
pub fn show(module: &Module, model: &TextModel, markers: &[Marker]) {
    let taken = service_lines(module, model);
    let shown = Array::new();
    for marker in markers.iter().filter(|marker| !taken.contains(&marker.line)) {
        shown.push(&data(module, model, marker));
    }
    module.editor().set_model_markers(model, OWNER, &shown);
}

/// The position in Monaco's counting, moved into the text when it lies outside.
pub fn position(model: &TextModel, line: u32, column: u32) -> Position {
    let line = line.clamp(1, model.get_line_count().max(1));
    let (start, _) = columns(&model.get_line_content(line), column);
    let position: Position = object();
    position.set_line_number(line);
    position.set_column(start);
    position
}

/// Lines the JSON service remarks on.
pub fn service_lines(module: &Module, model: &TextModel) -> Vec<u32> {
    let filter: MarkerFilter = object();
    filter.set_owner(JSON_SERVICE);
    filter.set_resource(&model.uri());
    let markers = module.editor().get_model_markers(&filter);
    markers.iter().map(|marker| marker.unchecked_into::<MarkerData>().start_line_number()).collect()
}

fn data(module: &Module, model: &TextModel, marker: &Marker) -> MarkerData {
    let line = marker.line.clamp(1, model.get_line_count().max(1));
    let (start, end) = columns(&model.get_line_content(line), marker.column);
    let severities = module.marker_severity();
    let data: MarkerData = object();
    data.set_severity(match marker.severity {
        Severity::Error => severities.error(),
        Severity::Warning => severities.warning(),
    });
    data.set_message(&marker.message);
    data.set_start_line_number(line);
    data.set_start_column(start);
    data.set_end_line_number(line);
    data.set_end_column(end);
    data
}

/// Where the JSON token at a column (from 1, in characters) starts and ends, counted as Monaco does: from 1, in
/// UTF-16 units, the end exclusive.
fn columns(line: &str, column: u32) -> (u32, u32) {
    let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX - 1);
    let skipped = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
    let offset = line.char_indices().nth(skipped).map_or(line.len(), |(offset, _)| offset);
    let (before, rest) = line.split_at(offset);
    let start = units(before) + 1;
    (start, start + units(&rest[..token_length(rest)]).max(1))
}

/// Bytes of the string, or of the word, that `text` starts with.
fn token_length(text: &str) -> usize {
    let Some(body) = text.strip_prefix('"') else {
        return text.find([',', ':', '[', ']', '{', '}', ' ', '\t']).unwrap_or(text.len());
    };
    let mut escaped = false;
    for (offset, character) in body.char_indices() {
        match character {
            '"' if !escaped => return offset + 2,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn a_marker_covers_its_token() {
        for (line, column, covers) in [
            (r#"  "envs": ["A=1", true],"#, 3, (3, 9)),
            (r#"  "envs": ["A=1", true],"#, 19, (19, 23)),
            (r#"["a\"b", 1]"#, 2, (2, 8)),
            (r#"["unfinished"#, 2, (2, 13)),
            ("[]", 1, (1, 2)),
            ("", 1, (1, 2)),
            ("ab", 99, (3, 4)),
        ] {
            assert_eq!(columns(line, column), covers, "{line} at {column}");
        }
    }

    #[test]
    fn monaco_counts_utf_16_units() {
        // Column 5 in characters; the emoji takes two units.
        assert_eq!(columns(r#"["😀""#, 2), (2, 6));
        assert_eq!(columns(r#""😀",1"#, 5), (6, 7));
    }
}

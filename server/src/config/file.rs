//! Reading `tenantry.toml` with the line of every key.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::Value;

/// A key of the file, its value, or why the value can't be used.
pub struct Entry {
    pub line: usize,
    pub key: String,
    pub value: Result<Value, String>,
}

/// The entries in their order, or the line and the reason why the text is no TOML.
pub fn entries(text: &str) -> Result<Vec<Entry>, (usize, String)> {
    let table = DeTable::parse(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        (line(text, start), error.message().to_owned())
    })?;
    let mut entries = Vec::new();
    collect(text, "", table.get_ref(), &mut entries);
    entries.sort_by_key(|entry| entry.line);
    Ok(entries)
}

/// Takes a table's entries; those of an inner table are named with its name before a dot.
fn collect(text: &str, prefix: &str, table: &DeTable<'_>, entries: &mut Vec<Entry>) {
    for (key, value) in table {
        let name = format!("{prefix}{}", key.get_ref());
        match value.get_ref() {
            DeValue::Table(inner) => collect(text, &format!("{name}."), inner, entries),
            _ => entries.push(Entry { line: line(text, key.span().start), key: name, value: read(value) }),
        }
    }
}

fn read(value: &Spanned<DeValue<'_>>) -> Result<Value, String> {
    const EXPECTED: &str = "a text in quotes is expected";
    match value.get_ref() {
        DeValue::String(text) => Ok(Value::Text(text.to_string())),
        DeValue::Array(items) => items
            .iter()
            .map(|item| item.get_ref().as_str().map(str::to_owned).ok_or_else(|| format!("{EXPECTED} for every item")))
            .collect::<Result<_, _>>()
            .map(Value::List),
        _ => Err(EXPECTED.to_owned()),
    }
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

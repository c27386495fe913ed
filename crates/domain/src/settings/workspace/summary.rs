//! What changed between two texts, in words: keys, counts and pointers, never a value of `envs`.

use serde_json::Value;

use super::rules::KEYS;
use super::value::quoted;

/// Most pointers told of one key.
const POINTERS_MAX: usize = 8;

/// A line for before and one for after; `None` when the texts are the same.
pub(in crate::settings) fn changes(before: &str, after: &str) -> Option<(String, String)> {
    if before == after {
        return None;
    }
    let (Some(old), Some(new)) = (read(before), read(after)) else {
        return Some(("unreadable".into(), "unreadable".into()));
    };
    let mut lines = (Vec::new(), Vec::new());
    for key in KEYS {
        let (old, new) = (old.get(*key), new.get(*key));
        if old != new {
            lines.0.push(describe(key, old));
            let pointers = changed_pointers(key, old, new);
            let separator = if pointers.is_empty() { "" } else { "; " };
            lines.1.push(format!("{}{separator}{pointers}", describe(key, new)));
        }
    }
    if lines.0.is_empty() {
        return Some(("same settings".into(), "same settings, formatted differently".into()));
    }
    Some((lines.0.join(". "), lines.1.join(". ")))
}

fn read(text: &str) -> Option<Value> {
    if text.trim().is_empty() { Some(Value::Null) } else { serde_json::from_str(text).ok() }
}

fn describe(key: &str, value: Option<&Value>) -> String {
    match value {
        None => format!("{key}: not set"),
        Some(Value::Array(list)) if list.len() == 1 => format!("{key}: 1 entry"),
        Some(Value::Array(list)) => format!("{key}: {} entries", list.len()),
        // Only the scalar keys hold a text; `envs` as one would be an invalid document.
        Some(Value::String(text)) if key != "envs" => format!("{key}: {}", quoted(text)),
        Some(_) => format!("{key}: set"),
    }
}

/// `/dns/0 changed, /dns/1 added`, entry by entry; empty for what isn't a list.
fn changed_pointers(key: &str, old: Option<&Value>, new: Option<&Value>) -> String {
    let (old, new) = (list(old), list(new));
    let mut words: Vec<String> = (0..old.len().max(new.len()))
        .filter_map(|i| match (old.get(i), new.get(i)) {
            (Some(old), Some(new)) if old == new => None,
            (Some(_), Some(_)) => Some(format!("/{key}/{i} changed")),
            (None, _) => Some(format!("/{key}/{i} added")),
            (_, None) => Some(format!("/{key}/{i} removed")),
        })
        .collect();
    if words.len() > POINTERS_MAX {
        let more = words.len() - POINTERS_MAX;
        words.truncate(POINTERS_MAX);
        words.push(format!("{more} more"));
    }
    words.join(", ")
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

//! Values of `envs` out of sight: the text as its author wrote it, with each literal replaced.

use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::{Range, Ranged};
use std::collections::HashMap;

use super::syntax;

/// Stands for a value that is not shown.
pub const MASK: &str = "••••••";
/// Stands for a value that is gone for good.
pub const REDACTED: &str = "(redacted)";

/// Stands for a text that is no JSON, of which nobody can tell where its secrets are.
const UNREADABLE: &str = "\"••••••\"";

/// The text with [`MASK`] for every literal value of `envs`.
pub fn mask_envs(text: &str) -> String {
    rewrite(text, |_| Some(MASK.to_owned())).unwrap_or_else(|| UNREADABLE.to_owned())
}

/// Two texts side by side, both masked; a literal of `after` that differs from that in `before` says so.
pub fn mask_pair(before: &str, after: &str) -> (String, String) {
    let tree = syntax::parse(before).ok().flatten();
    let old: HashMap<String, String> =
        tree.iter().flat_map(literals).filter_map(|literal| Some((literal.name?, literal.value))).collect();
    let after = rewrite(after, |literal| {
        let name = literal.name.as_ref()?;
        let changed = old.get(name).is_some_and(|value| *value != literal.value);
        Some(if changed { format!("{MASK} (changed)") } else { MASK.to_owned() })
    });
    (mask_envs(before), after.unwrap_or_else(|| UNREADABLE.to_owned()))
}

/// The text with [`REDACTED`] for every literal value of `envs`, and whether there was one to blank.
pub fn redact_envs(text: &str) -> (String, bool) {
    let redacted = rewrite(text, |_| Some(REDACTED.to_owned())).unwrap_or_else(|| UNREADABLE.to_owned());
    let changed = has_env_literals(text);
    (redacted, changed)
}

/// Whether the text holds a literal value that could be redacted.
pub fn has_env_literals(text: &str) -> bool {
    match syntax::parse(text) {
        Ok(root) => root.iter().flat_map(literals).any(|literal| literal.value != REDACTED),
        // What can't be read may hold anything.
        Err(_) => true,
    }
}

/// A literal value in the text.
struct Literal {
    /// The JSON value that holds it.
    range: Range,
    /// `None` where the entry is not written as it should be.
    name: Option<String>,
    value: String,
    /// Whether `range` is a `NAME=value` text rather than the value alone.
    with_name: bool,
}

/// The text with each literal's value replaced by what `label` says; `None` when the text is no JSON.
fn rewrite(text: &str, label: impl Fn(&Literal) -> Option<String>) -> Option<String> {
    let root = syntax::parse(text).ok()?;
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for literal in root.iter().flat_map(literals) {
        let label = label(&literal).unwrap_or_else(|| MASK.to_owned());
        let value = match &literal.name {
            Some(name) if literal.with_name => format!("{name}={label}"),
            _ => label,
        };
        out.push_str(text.get(copied..literal.range.start)?);
        out.push_str(&serde_json::Value::String(value).to_string());
        copied = literal.range.end;
    }
    out.push_str(text.get(copied..)?);
    Some(out)
}

/// All literals in the text's order. Sees a secret in everything under `envs` that isn't plainly something else, so
/// that an entry written wrong leaks nothing either.
fn literals(root: &Value<'_>) -> Vec<Literal> {
    let properties = root.as_object().map_or(&[][..], |object| &object.properties);
    let lists = properties.iter().filter(|property| property.name.as_str() == "envs").map(|property| &property.value);
    let mut found = Vec::new();
    for list in lists {
        match list {
            Value::Array(array) => array.elements.iter().for_each(|entry| add_entry(entry, &mut found)),
            other => found.push(opaque(other)),
        }
    }
    found
}

fn add_entry(entry: &Value<'_>, found: &mut Vec<Literal>) {
    match entry {
        Value::StringLit(text) => {
            let Some((name, value)) = text.value.split_once('=') else { return found.push(opaque(entry)) };
            let (name, value) = (Some(name.to_owned()), value.to_owned());
            found.push(Literal { range: text.range, name, value, with_name: true });
        }
        Value::Object(object) => {
            let name = object.get_string("name").map(|name| name.value.to_string());
            let is_shown = |property: &&ObjectProp<'_>| matches!(property.name.as_str(), "name" | "secret");
            for property in object.properties.iter().filter(|property| !is_shown(property)) {
                found.push(Literal { name: name.clone(), ..opaque(&property.value) });
            }
        }
        other => found.push(opaque(other)),
    }
}

/// A value that is replaced as a whole.
fn opaque(value: &Value<'_>) -> Literal {
    let shown = match value {
        Value::StringLit(text) => text.value.to_string(),
        _ => String::new(),
    };
    Literal { range: value.range(), name: None, value: shown, with_name: false }
}

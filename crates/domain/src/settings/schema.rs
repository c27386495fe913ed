//! The JSON Schema of the workspace settings, made from their Rust types.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::workspace::WorkspaceSettings;

/// Draft 07, which the editor reads; without references, so that its hover texts stand where they apply.
pub fn workspace_schema() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<WorkspaceSettings>().to_value();
    unwrap_lines(&mut schema);
    schema
}

/// Descriptions come from doc comments; where these were wrapped means nothing to their readers.
fn unwrap_lines(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(text) if key == "description" => *text = text.replace('\n', " "),
                    other => unwrap_lines(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(unwrap_lines),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{WORKSPACE_SCHEMA, workspace};

    #[test]
    fn the_committed_schema_is_that_of_the_types() {
        let committed: Value = serde_json::from_str(WORKSPACE_SCHEMA).unwrap();
        assert_eq!(committed, workspace_schema());
    }

    #[test]
    fn its_examples_pass_the_rules() {
        let schema = workspace_schema();
        let keys = schema["properties"].as_object().unwrap();
        for (key, property) in keys {
            assert!(property["title"].is_string() && property["description"].is_string(), "{key}");
            for example in property["examples"].as_array().unwrap() {
                let text = serde_json::json!({ key: example }).to_string();
                assert!(workspace::check(&text).is_ok(), "{text}");
            }
        }
    }
}

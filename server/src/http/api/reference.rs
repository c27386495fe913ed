//! The reference page: the OpenAPI document for people, without script.

use std::fmt::Write;

use axum::response::Response;
use http::StatusCode;
use serde_json::Value;

use crate::http::plain::{self, escape};

/// `GET /api/v1/reference`.
pub async fn show() -> Response {
    let document = serde_json::to_value(super::document::document()).unwrap_or_default();
    plain::document(StatusCode::OK, "REST API", &page(&document))
}

/// In the order that HTTP knows them.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn page(document: &Value) -> String {
    let mut html = format!("<h1>REST API</h1><p>{}</p>", marked(text(document, "/info/description")));
    html += "<p>The same for programs: <a href=\"openapi.json\">openapi.json</a> (OpenAPI 3.1).</p>";
    let mut tags: Vec<&str> = operations(document).map(|(.., operation)| text(operation, "/tags/0")).collect();
    tags.dedup();
    tags.sort_unstable();
    tags.dedup();
    for tag in tags {
        let _ = write!(html, "<h2>{}</h2>", escape(tag));
        for (path, method, operation) in operations(document).filter(|(.., op)| text(op, "/tags/0") == tag) {
            show_operation(&mut html, document, path, method, operation);
        }
    }
    html
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        METHODS.iter().filter_map(move |method| Some((path.as_str(), *method, item.get(*method)?)))
    })
}

fn show_operation(html: &mut String, document: &Value, path: &str, method: &str, operation: &Value) {
    let id = text(operation, "/operationId");
    let _ = write!(
        html,
        "<section aria-labelledby=\"{id}\"><h3 id=\"{id}\">{summary}</h3><p><code>{method} {base}{path}</code></p>",
        id = escape(id),
        summary = escape(text(operation, "/summary")),
        method = method.to_ascii_uppercase(),
        base = super::BASE,
        path = escape(path),
    );
    let parameters: Vec<Row> =
        operation["parameters"].as_array().into_iter().flatten().map(Row::of_parameter).collect();
    table(html, "Parameters", &parameters);
    if let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") {
        table(html, "Body", &fields(document, schema));
    }
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        if status == "default" {
            continue;
        }
        match answer.pointer("/content/application~1json/schema") {
            Some(schema) => table(html, &format!("Answer {status}"), &fields(document, schema)),
            None => {
                let _ = write!(html, "<p>Answer {status}{}</p>", about(text(answer, "/description")));
            }
        }
    }
    html.push_str("</section>");
}

fn about(text: &str) -> String {
    if text.is_empty() { ", empty.".to_owned() } else { format!(": {}.", marked(text)) }
}

struct Row {
    name: String,
    kind: String,
    about: String,
}

impl Row {
    fn of_parameter(parameter: &Value) -> Self {
        Self {
            name: text(parameter, "/name").to_owned(),
            kind: format!("{}, in {}", kind(&parameter["schema"]), text(parameter, "/in")),
            about: text(parameter, "/description").to_owned(),
        }
    }
}

fn table(html: &mut String, title: &str, rows: &[Row]) {
    if rows.is_empty() {
        return;
    }
    let _ = write!(html, "<table><caption>{title}</caption><tr><th>Name<th>Type<th>Meaning");
    for Row { name, kind, about } in rows {
        let _ = write!(html, "<tr><td><code>{}</code><td>{}<td>{}", escape(name), escape(kind), marked(about));
    }
    html.push_str("</table>");
}

/// The fields of an object's schema; those of objects inside it after a dot.
fn fields(document: &Value, schema: &Value) -> Vec<Row> {
    let schema = resolve(document, schema);
    let mut rows = Vec::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        rows.extend(fields(document, part));
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        rows.push(Row { name: name.clone(), kind: kind(field), about: text(field, "/description").to_owned() });
        let inner = if field["type"] == "array" { &field["items"] } else { field };
        let alternatives = inner["oneOf"].as_array().map_or_else(|| vec![inner], |all| all.iter().collect());
        for inner in alternatives.into_iter().filter(|inner| inner.get("$ref").is_some()) {
            rows.extend(
                fields(document, inner).into_iter().map(|row| Row { name: format!("{name}.{}", row.name), ..row }),
            );
        }
    }
    rows
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(|reference| document.pointer(reference.trim_start_matches('#'))) {
        Some(target) => target,
        None => schema,
    }
}

fn kind(schema: &Value) -> String {
    if let Some(alternatives) = schema["oneOf"].as_array() {
        return alternatives.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("list of {}", kind(&schema["items"])),
        Value::String(name) => name.clone(),
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ if schema.get("$ref").is_some() => "object".to_owned(),
        _ => "any".to_owned(),
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Text with its `code` marked.
fn marked(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(n, part)| if n % 2 == 1 { format!("<code>{}</code>", escape(part)) } else { escape(part) }).collect()
}

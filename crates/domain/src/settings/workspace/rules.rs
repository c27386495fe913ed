//! The rules of the document: which keys there are, what each holds, and what its entries look like. Goes on after a
//! fault, so that one check lists them all.

use jsonc_parser::ast::{Array, Object, Value};
use jsonc_parser::common::Ranged;
use std::collections::HashMap;

use super::report::{Place, Report};
use super::secret;
use super::syntax::pointer_segment;
use super::types::{Env, EnvValue, K8sMount, K8sSource, Mount, WorkspaceSettings};
use super::value::{self, quoted};

/// The keys of the document, in the order in which changes are told.
pub(super) const KEYS: &[&str] = &["k8sMounts", "mounts", "envs", "dns", "homeDirPrefix", "dockerNetwork"];

const K8S_SOURCES: &[&str] = &["claim", "configMap", "secret", "hostPath"];
const K8S_MOUNT_KEYS: &[&str] = &["claim", "configMap", "secret", "hostPath", "mountPath", "readOnly"];
const MOUNT_KEYS: &[&str] = &["source", "target", "readOnly"];
const ENV_KEYS: &[&str] = &["name", "value", "secret"];

/// From this likeness on an unknown key is taken for a slip of the nearest one.
const CLOSE: f64 = 0.5;

/// Builds the settings; whatever `report` has errors for is missing in them.
pub(super) fn read(root: &Value<'_>, report: &mut Report<'_>) -> WorkspaceSettings {
    let mut settings = WorkspaceSettings::default();
    let Value::Object(object) = root else {
        let at = Place { offset: root.start(), pointer: "" };
        report.error(at, format!("Workspace settings are an object, written in braces; this is {}.", kind(root)));
        return settings;
    };
    for member in Members::read(object, "", KEYS, report).0 {
        let (at, value) = (member.place(), member.value);
        match member.key {
            "k8sMounts" => settings.k8s_mounts = entries(at, value, report, k8s_mount),
            "mounts" => settings.mounts = entries(at, value, report, mount),
            "envs" => settings.envs = envs(at, value, report),
            "dns" => {
                settings.dns = entries(at, value, report, |at, value, report| text(at, value, value::dns_entry, report))
            }
            "homeDirPrefix" => settings.home_dir_prefix = text(at, value, value::absolute_path, report),
            "dockerNetwork" => settings.docker_network = text(at, value, value::docker_network, report),
            _ => {}
        }
    }
    settings
}

fn k8s_mount(at: Place<'_>, value: &Value<'_>, report: &mut Report<'_>) -> Option<K8sMount> {
    let members = match value {
        Value::StringLit(text) => return report.take(at, K8sMount::from_text(&text.value)),
        Value::Object(object) => Members::read(object, at.pointer, K8S_MOUNT_KEYS, report),
        _ => {
            return wrong_kind(
                at,
                value,
                "A Kubernetes mount is a text such as “claim:/mount/path” or an object",
                report,
            );
        }
    };
    let source = members.one_of(at, K8S_SOURCES, report).and_then(|member| {
        let rule = if member.key == "hostPath" { value::absolute_path } else { value::k8s_name };
        let name = text(member.place(), member.value, rule, report)?;
        Some(match member.key {
            "claim" => K8sSource::Claim(name),
            "configMap" => K8sSource::ConfigMap(name),
            "secret" => K8sSource::Secret(name),
            _ => K8sSource::HostPath(name),
        })
    });
    let mount_path = members.text(at, "mountPath", value::absolute_path, report);
    let read_only = members.flag("readOnly", report);
    Some(K8sMount { source: source?, mount_path: mount_path?, read_only: read_only? })
}

fn mount(at: Place<'_>, value: &Value<'_>, report: &mut Report<'_>) -> Option<Mount> {
    let members = match value {
        Value::StringLit(text) => return report.take(at, Mount::from_text(&text.value)),
        Value::Object(object) => Members::read(object, at.pointer, MOUNT_KEYS, report),
        _ => return wrong_kind(at, value, "A mount is a text such as “source:target” or an object", report),
    };
    let source = members.text(at, "source", value::mount_source, report);
    let target = members.text(at, "target", value::absolute_path, report);
    let read_only = members.flag("readOnly", report);
    Some(Mount { source: source?, target: target?, read_only: read_only? })
}

/// The list of `envs`, in which no name stands twice.
fn envs(at: Place<'_>, value: &Value<'_>, report: &mut Report<'_>) -> Vec<Env> {
    let mut first_by_name: HashMap<String, String> = HashMap::new();
    entries(at, value, report, |at, value, report| {
        let env = env(at, value, report)?;
        if let Some(first) = first_by_name.get(&env.name) {
            report.error(at, format!("{} is set twice; {first} sets it already.", quoted(&env.name)));
            return None;
        }
        first_by_name.insert(env.name.clone(), at.pointer.to_owned());
        Some(env)
    })
}

fn env(at: Place<'_>, value: &Value<'_>, report: &mut Report<'_>) -> Option<Env> {
    let members = match value {
        Value::StringLit(text) => {
            let env = report.take(at, Env::from_text(&text.value))?;
            warn_of_secret(at, &env, report);
            return Some(env);
        }
        Value::Object(object) => Members::read(object, at.pointer, ENV_KEYS, report),
        _ => {
            return wrong_kind(
                at,
                value,
                "An environment variable is a text such as “NAME=value” or an object",
                report,
            );
        }
    };
    let name = members.text(at, "name", value::env_name, report);
    let source = members.one_of(at, &["value", "secret"], report);
    let value = source.and_then(|member| match member.key {
        "value" => text(member.place(), member.value, value::env_value, report).map(EnvValue::Literal),
        _ => text(member.place(), member.value, value::secret_name, report).map(EnvValue::Secret),
    });
    let env = Env { name: name?, value: value? };
    warn_of_secret(source.map_or(at, |member| member.place()), &env, report);
    Some(env)
}

fn warn_of_secret(at: Place<'_>, env: &Env, report: &mut Report<'_>) {
    if let EnvValue::Literal(literal) = &env.value
        && secret::looks_secret(&env.name, literal)
    {
        let name = quoted(&env.name);
        report.warn(
            at,
            format!("{name} looks like a secret, and everyone who can see these settings can read its value."),
        );
    }
}

/// An array's entries that pass, each read by `read`.
fn entries<T>(
    at: Place<'_>,
    value: &Value<'_>,
    report: &mut Report<'_>,
    mut read: impl FnMut(Place<'_>, &Value<'_>, &mut Report<'_>) -> Option<T>,
) -> Vec<T> {
    let Value::Array(Array { elements, .. }) = value else {
        report.error(at, format!("This is a list in square brackets, not {}.", kind(value)));
        return Vec::new();
    };
    let mut list = Vec::with_capacity(elements.len());
    for (i, element) in elements.iter().enumerate() {
        let pointer = format!("{}/{i}", at.pointer);
        let at = Place { offset: element.start(), pointer: &pointer };
        if matches!(element, Value::NullKeyword(_)) {
            report.error(at, "An entry can't be null; remove it.");
        } else {
            list.extend(read(at, element, report));
        }
    }
    list
}

fn text(
    at: Place<'_>,
    value: &Value<'_>,
    rule: impl Fn(&str) -> Result<(), String>,
    report: &mut Report<'_>,
) -> Option<String> {
    match value {
        Value::StringLit(literal) => report.take(at, rule(&literal.value).map(|()| literal.value.to_string())),
        _ => wrong_kind(at, value, "This is a text in double quotes", report),
    }
}

fn wrong_kind<T>(at: Place<'_>, value: &Value<'_>, wanted: &str, report: &mut Report<'_>) -> Option<T> {
    report.error(at, format!("{wanted}, not {}.", kind(value)));
    None
}

fn kind(value: &Value<'_>) -> &'static str {
    match value {
        Value::StringLit(_) => "a text",
        Value::NumberLit(_) => "a number",
        Value::BooleanLit(_) => "true or false",
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        Value::NullKeyword(_) => "null",
    }
}

/// A key of an object that is known, not null, and there for the first time.
struct Member<'v> {
    key: &'static str,
    value: &'v Value<'v>,
    pointer: String,
}

impl Member<'_> {
    fn place(&self) -> Place<'_> {
        Place { offset: self.value.start(), pointer: &self.pointer }
    }
}

struct Members<'v>(Vec<Member<'v>>);

impl<'v> Members<'v> {
    /// Sorts out unknown, repeated and null keys.
    fn read(object: &'v Object<'v>, pointer: &str, keys: &[&'static str], report: &mut Report<'_>) -> Self {
        let mut members: Vec<Member<'v>> = Vec::new();
        // Among them those that are null, so that repeating one of these is told, too.
        let mut seen: Vec<&'static str> = Vec::new();
        for property in &object.properties {
            let name = property.name.as_str();
            let pointer = format!("{pointer}{}", pointer_segment(name));
            let at_key = Place { offset: property.start(), pointer: &pointer };
            let Some(key) = keys.iter().copied().find(|key| *key == name) else {
                report.error(at_key, unknown_key(name, keys));
                continue;
            };
            if seen.contains(&key) {
                report.error(at_key, format!("“{key}” stands here twice; keep one of them."));
                continue;
            }
            seen.push(key);
            if matches!(property.value, Value::NullKeyword(_)) {
                let at_value = Place { offset: property.value.start(), pointer: &pointer };
                report.error(at_value, format!("“{key}” can't be null; leave the key out instead."));
                continue;
            }
            members.push(Member { key, value: &property.value, pointer });
        }
        Self(members)
    }

    fn get(&self, key: &str) -> Option<&Member<'v>> {
        self.0.iter().find(|member| member.key == key)
    }

    /// A text that has to be there. `at`: the object.
    fn text(
        &self,
        at: Place<'_>,
        key: &str,
        rule: impl Fn(&str) -> Result<(), String>,
        report: &mut Report<'_>,
    ) -> Option<String> {
        let Some(member) = self.get(key) else {
            report.error(at, format!("“{key}” is missing here."));
            return None;
        };
        text(member.place(), member.value, rule, report)
    }

    /// `true` or `false`; `false` when it isn't there.
    fn flag(&self, key: &str, report: &mut Report<'_>) -> Option<bool> {
        match self.get(key) {
            None => Some(false),
            Some(Member { value: Value::BooleanLit(literal), .. }) => Some(literal.value),
            Some(member) => wrong_kind(member.place(), member.value, "This is true or false", report),
        }
    }

    /// The only one of `keys` that is there; none or several are an error. `at`: the object.
    fn one_of(&self, at: Place<'_>, keys: &[&str], report: &mut Report<'_>) -> Option<&Member<'v>> {
        let mut present = self.0.iter().filter(|member| keys.contains(&member.key));
        let Some(first) = present.next() else {
            report.error(at, format!("One of {} is missing here.", listed(keys)));
            return None;
        };
        if let Some(second) = present.next() {
            let message = format!("Only one of {} can stand here; “{}” does already.", listed(keys), first.key);
            report.error(second.place(), message);
            return None;
        }
        Some(first)
    }
}

fn unknown_key(name: &str, keys: &[&str]) -> String {
    let folded = name.to_lowercase();
    let nearest = keys
        .iter()
        .map(|key| (strsim::normalized_damerau_levenshtein(&folded, &key.to_lowercase()), key))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((likeness, key)) if likeness >= CLOSE => {
            format!("{} is no key here. The nearest valid key is “{key}”.", quoted(name))
        }
        _ => format!("{} is no key here. Valid keys are {}.", quoted(name), listed(keys)),
    }
}

/// “a”, “b” and “c”.
fn listed(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    match words.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => words.concat(),
    }
}

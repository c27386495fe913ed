//! The rules of single values, each answering with the sentence that its author reads.

use std::fmt::Write as _;

use crate::host::{self, HostError};
use crate::name::is_direction_control;

/// Longest path that Linux opens.
const PATH_MAX: usize = 4096;
/// Longest name of a Docker volume or network, or of a secret.
const NAME_MAX: usize = 128;
/// Most of a text that a message repeats, in characters.
const QUOTED_MAX: usize = 60;

/// `text` in quotation marks, fit for a message: short, and with nothing invisible.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("“");
    for (i, c) in text.chars().enumerate() {
        if i == QUOTED_MAX {
            out.push('…');
            break;
        }
        if c.is_control() || is_direction_control(c) {
            // Writing to a string can't fail.
            let _ = write!(out, "U+{:04X}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out.push('”');
    out
}

pub(super) fn absolute_path(path: &str) -> Result<(), String> {
    if !path.starts_with('/') {
        return Err(format!("{} is not an absolute path; start it with “/”.", quoted(path)));
    }
    if path.len() > PATH_MAX {
        return Err(format!("A path has at most {PATH_MAX} characters."));
    }
    if path.chars().any(char::is_control) {
        return Err("A path can't contain control characters.".into());
    }
    if path.split('/').any(|part| part == "..") {
        return Err(format!("{} can't contain “..”; write the path it leads to.", quoted(path)));
    }
    Ok(())
}

/// An absolute path, or the name of a Docker volume.
pub(super) fn mount_source(source: &str) -> Result<(), String> {
    if source.starts_with('/') {
        return absolute_path(source);
    }
    if is_docker_name(source) {
        return Ok(());
    }
    Err(format!(
        "{} is neither an absolute path nor a volume name (letters, digits, “_”, “.” and “-”, starting with a letter or \
         digit, at most {NAME_MAX}).",
        quoted(source)
    ))
}

pub(super) fn docker_network(name: &str) -> Result<(), String> {
    if is_docker_name(name) {
        return Ok(());
    }
    Err(format!(
        "{} is no network name: use letters, digits, “_”, “.” and “-”, starting with a letter or digit, at most {NAME_MAX}.",
        quoted(name)
    ))
}

fn is_docker_name(name: &str) -> bool {
    name.len() <= NAME_MAX
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

/// RFC 1123 as Kubernetes reads it: lowercase parts between dots.
pub(super) fn k8s_name(name: &str) -> Result<(), String> {
    let is_part = |part: &str| {
        let edge = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        edge(part.bytes().next())
            && edge(part.bytes().last())
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if name.len() <= host::HOST_MAX && name.split('.').all(is_part) {
        return Ok(());
    }
    Err(format!(
        "{} is no Kubernetes name: use lowercase letters, digits, “-” and “.”, starting and ending with a letter or digit.",
        quoted(name)
    ))
}

pub(super) fn env_name(name: &str) -> Result<(), String> {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return Ok(());
    }
    Err(format!("{} is no variable name: use letters, digits and “_”, not starting with a digit.", quoted(name)))
}

/// The sentence doesn't show the value.
pub(super) fn env_value(value: &str) -> Result<(), String> {
    if value.contains('\0') { Err("A value can't contain the character U+0000.".into()) } else { Ok(()) }
}

pub(crate) fn secret_name(name: &str) -> Result<(), String> {
    if is_docker_name(name) {
        return Ok(());
    }
    Err(format!(
        "{} is no secret's name: use letters, digits, “_”, “.” and “-”, starting with a letter or digit, at most {NAME_MAX}.",
        quoted(name)
    ))
}

/// An IP address, or a search domain of one label or more.
pub(super) fn dns_entry(entry: &str) -> Result<(), String> {
    if super::dns::is_server(entry) {
        return Ok(());
    }
    let domain = entry.strip_suffix('.').unwrap_or(entry);
    host::check_labels(domain).map_err(|error| match error {
        HostError::Empty => "A DNS entry is an IP address or a search domain; this one is empty.".into(),
        HostError::NumericEnd => format!("{} looks like an IP address but isn't one.", quoted(entry)),
        HostError::Character(':') => {
            format!("{} is no IP address; a server stands without a port or brackets.", quoted(entry))
        }
        error => format!("{} is neither an IP address nor a search domain. {error}", quoted(entry)),
    })
}

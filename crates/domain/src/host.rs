//! Host names: ASCII inside, IDNA at the edges.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

pub const HOST_MAX: usize = 253;
pub const LABEL_MAX: usize = 63;

/// Longest text that is looked at: room for a pasted URL.
const TEXT_MAX: usize = 2048;

/// A DNS host name of at least two labels: lowercase ASCII, no trailing dot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HostName(String);

/// Why a text is no host name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostError {
    Empty,
    TooLong,
    /// A `*`.
    Wildcard,
    Underscore,
    Ipv4,
    Ipv6,
    /// Not ASCII, and IDNA has no form for it.
    NotInternational,
    SingleLabel,
    EmptyLabel,
    LongLabel(String),
    EdgeHyphen(String),
    /// The last label is a number, which would read as an address.
    NumericEnd,
    Character(char),
}

impl HostName {
    /// Reads a host name as people paste it: `https://Host:8443/path` is `host`. `to_ascii` gives the ASCII form of an
    /// international name, or `None` when there is none.
    pub fn parse(text: &str, to_ascii: &dyn Fn(&str) -> Option<String>) -> Result<Self, HostError> {
        if text.len() > TEXT_MAX {
            return Err(HostError::TooLong);
        }
        let host = host_part(text)?;
        let ascii = if host.is_ascii() {
            host.to_ascii_lowercase()
        } else {
            to_ascii(host).map(|name| name.to_ascii_lowercase()).ok_or(HostError::NotInternational)?
        };
        let name = ascii.strip_suffix('.').unwrap_or(&ascii);
        check_labels(name)?;
        if !name.contains('.') {
            return Err(HostError::SingleLabel);
        }
        Ok(Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What stands between the scheme, the user, the port and the path of a URL; a bare name as it is.
fn host_part(text: &str) -> Result<&str, HostError> {
    let text = text.trim();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.starts_with('[') || host.parse::<Ipv6Addr>().is_ok() {
        return Err(HostError::Ipv6);
    }
    let host = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => host,
    };
    if host.is_empty() { Err(HostError::Empty) } else { Ok(host) }
}

/// The rules that hold for any DNS name in ASCII, whatever its case and number of labels.
pub(crate) fn check_labels(name: &str) -> Result<(), HostError> {
    if name.is_empty() {
        return Err(HostError::Empty);
    }
    if name.contains('*') {
        return Err(HostError::Wildcard);
    }
    if name.contains('_') {
        return Err(HostError::Underscore);
    }
    if name.parse::<Ipv4Addr>().is_ok() {
        return Err(HostError::Ipv4);
    }
    if let Some(c) = name.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.')) {
        return Err(HostError::Character(c));
    }
    if name.len() > HOST_MAX {
        return Err(HostError::TooLong);
    }
    for label in name.split('.') {
        if label.is_empty() {
            return Err(HostError::EmptyLabel);
        }
        if label.len() > LABEL_MAX {
            return Err(HostError::LongLabel(label.to_owned()));
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(HostError::EdgeHyphen(label.to_owned()));
        }
    }
    let last = name.rsplit('.').next().unwrap_or(name);
    if last.bytes().all(|b| b.is_ascii_digit()) {
        return Err(HostError::NumericEnd);
    }
    Ok(())
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Enter a host name, such as login.example.com."),
            Self::TooLong => write!(f, "A host name has at most {HOST_MAX} characters."),
            Self::Wildcard => f.write_str("A host name here can't be a wildcard; leave out the “*”."),
            Self::Underscore => f.write_str("A host name can't contain “_”; use “-” instead."),
            Self::Ipv4 => f.write_str("This is an IPv4 address. Enter a host name, such as login.example.com."),
            Self::Ipv6 => f.write_str("This is an IPv6 address. Enter a host name, such as login.example.com."),
            Self::NotInternational => f.write_str("This name has characters that no international domain name allows."),
            Self::SingleLabel => f.write_str("A host name has at least two parts, as in login.example.com."),
            Self::EmptyLabel => f.write_str("A part between two dots is empty, or the name starts with a dot."),
            Self::LongLabel(label) => {
                write!(f, "“{label}” is too long: a part between dots has at most {LABEL_MAX} characters.")
            }
            Self::EdgeHyphen(label) => write!(f, "“{label}” can't start or end with “-”."),
            Self::NumericEnd => f.write_str("The last part of a host name can't be a number."),
            Self::Character(c) => write!(
                f,
                "A host name has only letters a to z, digits, “-” and dots; {} isn't one of them.",
                crate::name::Visible(*c)
            ),
        }
    }
}

impl std::error::Error for HostError {}

impl TryFrom<String> for HostName {
    type Error = HostError;
    /// For stored names, which are ASCII already.
    fn try_from(text: String) -> Result<Self, HostError> {
        Self::parse(&text, &|_| None)
    }
}

impl From<HostName> for String {
    fn from(host: HostName) -> Self {
        host.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<String, HostError> {
        // Stands in for IDNA: one name it knows, and none else.
        HostName::parse(text, &|name| (name == "bücher.example").then(|| "xn--bcher-kva.example".to_owned()))
            .map(String::from)
    }

    #[test]
    fn reads_what_people_paste() {
        for (text, host) in [
            ("login.example.com", "login.example.com"),
            ("  Login.Example.COM. ", "login.example.com"),
            ("https://Login.example.com:8443/path?x=1#y", "login.example.com"),
            ("https://ada:secret@login.example.com/", "login.example.com"),
            ("//login.example.com/x", "login.example.com"),
            ("login.example.com:443", "login.example.com"),
            ("https://bücher.example/", "xn--bcher-kva.example"),
            ("1.example", "1.example"),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(host), "{text}");
        }
    }

    #[test]
    fn names_each_fault() {
        let label = "a".repeat(64);
        let long = format!("{}example", "abcdefgh.".repeat(30));
        for (text, error) in [
            ("", HostError::Empty),
            ("https://", HostError::Empty),
            (long.as_str(), HostError::TooLong),
            (&"x".repeat(5000), HostError::TooLong),
            ("*.example.com", HostError::Wildcard),
            ("my_host.example.com", HostError::Underscore),
            ("192.0.2.1", HostError::Ipv4),
            ("http://192.0.2.1:80/", HostError::Ipv4),
            ("2001:db8::1", HostError::Ipv6),
            ("http://[2001:db8::1]/", HostError::Ipv6),
            ("xü.example", HostError::NotInternational),
            ("localhost", HostError::SingleLabel),
            ("a..example", HostError::EmptyLabel),
            (".example.com", HostError::EmptyLabel),
            (&format!("{label}.example"), HostError::LongLabel(label.clone())),
            ("-a.example", HostError::EdgeHyphen("-a".into())),
            ("a-.example", HostError::EdgeHyphen("a-".into())),
            ("example.123", HostError::NumericEnd),
            ("999.1.1.1", HostError::NumericEnd),
            ("a b.example", HostError::Character(' ')),
            ("a:b.example", HostError::Character(':')),
        ] {
            assert_eq!(parse(text), Err(error.clone()), "{text}");
            assert!(error.to_string().ends_with('.'), "{error}");
        }
    }

    proptest! {
        #![proptest_config(crate::testing::config())]

        #[test]
        fn parsing_twice_is_parsing_once(text in "(https?://)?([A-Za-z0-9-]{1,8}\\.){1,4}[A-Za-z]{1,8}\\.?(:[0-9]{1,4})?(/[a-z]*)?") {
            if let Ok(host) = parse(&text) {
                prop_assert_eq!(parse(&host), Ok(host));
            }
        }

        #[test]
        fn any_text_is_refused_or_a_dns_name(text in any::<String>()) {
            if let Ok(host) = parse(&text) {
                prop_assert!(host.len() <= HOST_MAX && host.contains('.'));
                prop_assert!(host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.')));
            }
        }
    }
}

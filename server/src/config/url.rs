//! The two addresses of the configuration: the one people open and the database's.

use std::fmt;

use http::Uri;

/// `http://` or `https://`, a host, perhaps a port; no path, no slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    pub fn parse(text: &str) -> Result<Self, String> {
        let refuse = || format!("`{text}` is no address like https://console.example.com, without a path");
        let uri: Uri = text.trim_end_matches('/').parse().map_err(|_| refuse())?;
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https")).ok_or_else(refuse)?;
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(refuse)?;
        if uri.path() != "/" || uri.query().is_some() || authority.host().is_empty() {
            return Err(refuse());
        }
        Ok(Self(format!("{scheme}://{}", authority.as_str().to_ascii_lowercase())))
    }

    pub fn localhost(port: u16) -> Self {
        Self(format!("http://localhost:{port}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host alone, without scheme and port; an IPv6 address keeps its brackets.
    pub fn host(&self) -> &str {
        let authority = self.0.split_once("://").map_or(self.0.as_str(), |(_, authority)| authority);
        match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => host,
            _ => authority,
        }
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `postgres://…`; its `Debug` hides the password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    pub fn parse(text: &str) -> Result<Self, String> {
        let known = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
        // The value may hold a password, so the complaint doesn't quote it.
        if known {
            Ok(Self(text.to_owned()))
        } else {
            Err("an address that begins with postgres:// is expected; without one the data lives in SQLite under data_dir".to_owned())
        }
    }

    /// The address with its secrets, for the driver alone.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The address with `***` in the place of its password.
    pub fn masked(&self) -> String {
        let (base, query) = match self.0.split_once('?') {
            Some((base, query)) => (base, Some(query)),
            None => (self.0.as_str(), None),
        };
        let mut masked = mask_authority(base);
        if let Some(query) = query {
            let shown: Vec<String> = query.split('&').map(mask_parameter).collect();
            masked.push('?');
            masked.push_str(&shown.join("&"));
        }
        masked
    }
}

fn mask_authority(base: &str) -> String {
    let Some((scheme, rest)) = base.split_once("://") else { return base.to_owned() };
    // A password may hold an unescaped `@` or `/`: everything up to the last `@` is credentials.
    let Some((credentials, host)) = rest.rsplit_once('@') else { return base.to_owned() };
    match credentials.split_once(':') {
        Some((user, _)) => format!("{scheme}://{user}:***@{host}"),
        None => base.to_owned(),
    }
}

fn mask_parameter(parameter: &str) -> String {
    match parameter.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("password") => format!("{name}=***"),
        _ => parameter.to_owned(),
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_urls_are_origins() {
        assert_eq!(PublicUrl::parse("https://Console.example.com/").unwrap().as_str(), "https://console.example.com");
        assert_eq!(PublicUrl::parse("http://[::1]:3000").unwrap().as_str(), "http://[::1]:3000");
        for (url, host) in [
            ("https://console.example.com", "console.example.com"),
            ("http://localhost:3000", "localhost"),
            ("http://[::1]:3000", "[::1]"),
            ("http://[::1]", "[::1]"),
        ] {
            assert_eq!(PublicUrl::parse(url).unwrap().host(), host);
        }
        for text in [
            "",
            "console.example.com",
            "ftp://a.example",
            "https://a.example/base",
            "https://a@b.example",
            "https://a.example/?x",
        ] {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_database_password_is_never_shown() {
        for (url, shown) in [
            ("postgres://app:s3cret@db.example/app", "postgres://app:***@db.example/app"),
            ("postgres://app:s3c@et@db.example/app", "postgres://app:***@db.example/app"),
            ("postgres://app@db.example/app?host=/run/pg", "postgres://app@db.example/app?host=/run/pg"),
            (
                "postgresql://db.example/app?user=app&password=s3cret",
                "postgresql://db.example/app?user=app&password=***",
            ),
        ] {
            let parsed = DatabaseUrl::parse(url).unwrap();
            assert_eq!(parsed.masked(), shown);
            assert!(!format!("{parsed:?}").contains("s3c"), "{url}");
        }
        assert!(!DatabaseUrl::parse("mysql://app:s3cret@db").unwrap_err().contains("s3cret"));
    }
}

//! The two settings of mail: the server, and whom mails are from.

use std::fmt;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use percent_encoding::percent_decode_str;
use reqwest::Url;
use service::Secret;

/// How a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// From its first byte.
    Tls,
    /// After the greeting, or not used.
    StartTls,
    /// Not at all.
    None,
}

/// `smtp://` or `smtps://`, perhaps a user and password, a host, perhaps a port; its `Debug` hides the password.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl {
    security: Security,
    host: String,
    port: u16,
    user: Option<(String, Secret)>,
}

impl SmtpUrl {
    /// Reads the address. `smtp://` demands STARTTLS unless `?tls=none` follows.
    pub fn parse(text: &str) -> Result<Self, String> {
        // The value may hold a password, so the complaint doesn't quote it.
        let refuse = || {
            "an address like smtps://user:password@mail.example.com or smtp://localhost:25?tls=none is expected, with \
             `%` forms for odd characters of the password"
                .to_owned()
        };
        let url = Url::parse(text).map_err(|_| refuse())?;
        let security = match (url.scheme(), url.query()) {
            ("smtps", None) => Security::Tls,
            ("smtp", None) => Security::StartTls,
            ("smtp", Some("tls=none")) => Security::None,
            _ => return Err(refuse()),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(refuse)?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(refuse());
        }
        let decode = |text: &str| percent_decode_str(text).decode_utf8().map(String::from).map_err(|_| refuse());
        let user = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) if !user.is_empty() => Some((decode(user)?, Secret::from(decode(password)?))),
            _ => return Err(refuse()),
        };
        let port = url.port().unwrap_or(if security == Security::Tls { 465 } else { 587 });
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { security, host, port, user })
    }

    /// The address with `***` in the place of its password.
    pub fn masked(&self) -> String {
        let (scheme, query) = match self.security {
            Security::Tls => ("smtps", ""),
            Security::StartTls => ("smtp", ""),
            Security::None => ("smtp", "?tls=none"),
        };
        let user = self.user.as_ref().map(|(user, _)| format!("{user}:***@")).unwrap_or_default();
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("{scheme}://{user}{host}:{}{query}", self.port)
    }

    pub(super) const fn security(&self) -> Security {
        self.security
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn credentials(&self) -> Option<Credentials> {
        let (user, password) = self.user.as_ref()?;
        Some(Credentials::new(user.clone(), password.expose().to_owned()))
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// Whom mails are from: an address, perhaps with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFrom(Mailbox);

impl MailFrom {
    /// Reads `console@example.com` or `Tenantry <console@example.com>`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refuse = || format!("`{text}` is no sender, like console@example.com or Tenantry <console@example.com>");
        let mailbox: Mailbox = text.parse().map_err(|_| refuse())?;
        if text.contains(char::is_control) { Err(refuse()) } else { Ok(Self(mailbox)) }
    }

    pub(super) const fn mailbox(&self) -> &Mailbox {
        &self.0
    }
}

impl fmt::Display for MailFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read_and_their_passwords_never_shown() {
        for (text, shown) in [
            ("smtp://mail.example.com", "smtp://mail.example.com:587"),
            ("smtp://mail.example.com:25/", "smtp://mail.example.com:25"),
            ("smtps://app:s3c%40ret@mail.example.com", "smtps://app:***@mail.example.com:465"),
            ("smtp://app%40example.com:s3cret@[::1]:2525", "smtp://app@example.com:***@[::1]:2525"),
            ("smtp://localhost:25?tls=none", "smtp://localhost:25?tls=none"),
        ] {
            let url = SmtpUrl::parse(text).unwrap();
            assert_eq!((url.masked(), format!("{url:?}")), (shown.to_owned(), shown.to_owned()));
        }
        assert_eq!(
            SmtpUrl::parse("smtps://app:s3c%40ret@mail.example.com").unwrap().credentials(),
            Some(Credentials::new("app".to_owned(), "s3c@ret".to_owned()))
        );
        for text in [
            "",
            "mail.example.com:587",
            "https://app:s3cret@mail.example.com",
            "smtp://",
            "smtp://app@mail.example.com",
            "smtp://:s3cret@mail.example.com",
            "smtp://app:s3cret@mail.example.com/path",
            "smtp://app:s3cret@mail.example.com?tls=maybe",
            "smtps://app:s3cret@mail.example.com?tls=none",
            "smtps://app:s3cret%ff@mail.example.com",
        ] {
            assert!(!SmtpUrl::parse(text).unwrap_err().contains("s3cret"), "{text}");
        }
    }

    #[test]
    fn senders_are_addresses() {
        assert_eq!(MailFrom::parse("console@example.com").unwrap().to_string(), "console@example.com");
        assert_eq!(
            MailFrom::parse("Tenantry <console@example.com>").unwrap().to_string(),
            "Tenantry <console@example.com>"
        );
        for text in ["", "console", "a@b@c", "a@example.com\r\nBcc: b@example.com", "A\r\n <a@example.com>"] {
            assert!(MailFrom::parse(text).is_err(), "{text:?}");
        }
    }
}

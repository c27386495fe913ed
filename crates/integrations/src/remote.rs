//! What the command line's clients share: where a server is, whom it is believed from, and what can go wrong on the way.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use reqwest::{Certificate, Client, RequestBuilder, StatusCode, redirect};
use serde_json::Value;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the server is: `http://`, `https://`, or `parsec3://host[:port][?no_ssl=true]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerAddress(String);

impl ServerAddress {
    pub fn parse(text: &str) -> Result<Self, String> {
        let refuse = || {
            format!(
                "`{text}` is no server address, like https://console.example.com or parsec3://console.example.com?no_ssl=true"
            )
        };
        let text = text.trim();
        let base = match text.strip_prefix("parsec3://") {
            Some(rest) => {
                let (host, query) = rest.split_once('?').unwrap_or((rest, ""));
                let plain = match query {
                    "" | "no_ssl=false" => false,
                    "no_ssl=true" => true,
                    _ => return Err(refuse()),
                };
                format!("{}://{}", if plain { "http" } else { "https" }, host.trim_end_matches('/'))
            }
            None => text.trim_end_matches('/').to_owned(),
        };
        let url = reqwest::Url::parse(&base).map_err(|_| refuse())?;
        let is_origin = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        if is_origin { Ok(Self(base)) } else { Err(refuse()) }
    }

    /// A path's address there.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    pub(crate) fn foreign(&self, surface: &'static str, status: StatusCode) -> ClientError {
        ClientError::Foreign { address: self.0.clone(), surface, status: status.as_u16() }
    }
}

/// `http://…` or `https://…`, without a slash at its end.
impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("{0}")]
    Certificates(String),
    #[error("{address} can't be reached: {reason}")]
    Unreachable { address: String, reason: String },
    /// The server refused; its words.
    #[error("the server refused: {detail} (HTTP {status})")]
    Refused { status: u16, detail: String },
    #[error("{address} answers, but not as {surface} (HTTP {status})")]
    Foreign { address: String, surface: &'static str, status: u16 },
}

/// `ca_file` holds further authorities, in PEM, that may vouch for the server.
pub(crate) fn client(ca_file: Option<&Path>) -> Result<Client, ClientError> {
    // Whoever came first has installed the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder().timeout(PATIENCE).redirect(redirect::Policy::none());
    if let Some(file) = ca_file {
        let complain = |error: String| ClientError::Certificates(format!("SSL_CAFILE, {}: {error}", file.display()));
        let pem = std::fs::read(file).map_err(|error| complain(error.to_string()))?;
        let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| complain(words(&error)))?;
        if certificates.is_empty() {
            return Err(complain("no certificate in PEM form".to_owned()));
        }
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().map_err(|error| ClientError::Certificates(words(&error)))
}

/// Sends a request; answers the status and what came as JSON, if it was JSON.
pub(crate) async fn send(
    address: &ServerAddress,
    request: RequestBuilder,
) -> Result<(StatusCode, Option<Value>), ClientError> {
    let unreachable = |error: reqwest::Error| ClientError::Unreachable {
        address: address.to_string(),
        reason: words(&error.without_url()),
    };
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    let bytes = response.bytes().await.map_err(unreachable)?;
    Ok((status, serde_json::from_slice(&bytes).ok()))
}

/// An error with its causes, which tell what reqwest's own words leave out.
fn words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        cause = error.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_in_both_forms() {
        for (text, base) in [
            ("https://console.example.com/", "https://console.example.com"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("parsec3://console.example.com", "https://console.example.com"),
            ("parsec3://console.example.com:6777/?no_ssl=true", "http://console.example.com:6777"),
            ("parsec3://[::1]:6777?no_ssl=false", "https://[::1]:6777"),
        ] {
            assert_eq!(ServerAddress::parse(text), Ok(ServerAddress(base.to_owned())), "{text}");
        }
        for text in [
            "",
            "console.example.com",
            "ftp://console.example.com",
            "https://user:pass@console.example.com",
            "https://console.example.com/path",
            "parsec3://console.example.com?no_ssl=yes",
            "parsec3://",
        ] {
            assert!(ServerAddress::parse(text).is_err(), "{text}");
        }
    }
}

//! A client of the administration API, for the command line: of this server, or of any that speaks it.

use std::path::Path;
use std::time::Duration;

use reqwest::{Certificate, Client, Method, StatusCode, redirect};
use serde_json::Value;
use service::Secret;

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
    #[error("{address} answers, but not as an administration API (HTTP {status})")]
    Foreign { address: String, status: u16 },
}

#[derive(Debug)]
pub struct AdministrationClient {
    client: Client,
    address: ServerAddress,
    token: Secret,
}

impl AdministrationClient {
    /// `ca_file` holds further authorities, in PEM, that may vouch for the server.
    pub fn new(address: ServerAddress, token: Secret, ca_file: Option<&Path>) -> Result<Self, ClientError> {
        // Whoever came first has installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder().timeout(PATIENCE).redirect(redirect::Policy::none());
        if let Some(file) = ca_file {
            let complain =
                |error: String| ClientError::Certificates(format!("SSL_CAFILE, {}: {error}", file.display()));
            let pem = std::fs::read(file).map_err(|error| complain(error.to_string()))?;
            let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| complain(words(&error)))?;
            if certificates.is_empty() {
                return Err(complain("no certificate in PEM form".to_owned()));
            }
            builder = builder.tls_certs_merge(certificates);
        }
        let client = builder.build().map_err(|error| ClientError::Certificates(words(&error)))?;
        Ok(Self { client, address, token })
    }

    /// Creates an organization and answers its bootstrap links.
    pub async fn create(&self, name: &str) -> Result<Value, ClientError> {
        let body = serde_json::json!({ "organization_id": name });
        let answer = self.ask(Method::POST, "/administration/organizations", Some(body)).await?;
        match answer["bootstrap_url"].as_str() {
            Some(_) => Ok(answer),
            None => Err(ClientError::Foreign { address: self.address.0.clone(), status: 200 }),
        }
    }

    /// An organization's options.
    pub async fn status(&self, name: &str) -> Result<Value, ClientError> {
        self.ask(Method::GET, &format!("/administration/organizations/{}", escape(name)), None).await
    }

    pub async fn stats(&self, name: &str) -> Result<Value, ClientError> {
        self.ask(Method::GET, &format!("/administration/organizations/{}/stats", escape(name)), None).await
    }

    /// Every organization's counts.
    pub async fn server_stats(&self) -> Result<Value, ClientError> {
        self.ask(Method::GET, "/administration/stats", None).await
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, ClientError> {
        let address = self.address.0.clone();
        let mut request = self.client.request(method, format!("{address}{path}")).bearer_auth(self.token.expose());
        if let Some(body) = body {
            request = request.json(&body);
        }
        let unreachable = |error: reqwest::Error| ClientError::Unreachable {
            address: address.clone(),
            reason: words(&error.without_url()),
        };
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let bytes = response.bytes().await.map_err(unreachable)?;
        let foreign = || ClientError::Foreign { address: address.clone(), status: status.as_u16() };
        let answer: Value = serde_json::from_slice(&bytes).map_err(|_| foreign())?;
        match (status, answer.get("detail")) {
            (StatusCode::OK, _) => Ok(answer),
            (_, Some(Value::String(detail))) => {
                Err(ClientError::Refused { status: status.as_u16(), detail: detail.clone() })
            }
            (_, Some(Value::Array(details))) => {
                let detail = details.iter().filter_map(|detail| detail["msg"].as_str()).collect::<Vec<_>>().join("; ");
                Err(ClientError::Refused { status: status.as_u16(), detail })
            }
            _ => Err(foreign()),
        }
    }
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

/// A path's segment; whatever isn't unreserved is escaped, so that a name stays one segment. No organization is called `.`
/// or `..`, which would be steps; they get a mark that no name may hold.
fn escape(name: &str) -> String {
    if matches!(name, "." | "..") {
        return format!("{name}!");
    }
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    name.bytes().map(|b| if unreserved(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
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

    #[test]
    fn a_name_stays_one_segment() {
        assert_eq!(escape("a/../b?c d"), "a%2F..%2Fb%3Fc%20d");
    }
}

//! A client of the administration API, for the command line: of this server, or of any that speaks it.

use std::path::Path;

use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use service::Secret;

use crate::remote::{self, ClientError, ServerAddress};

/// What answers are expected from.
const SURFACE: &str = "an administration API";

#[derive(Debug)]
pub struct AdministrationClient {
    client: Client,
    address: ServerAddress,
    token: Secret,
}

impl AdministrationClient {
    /// `ca_file` holds further authorities, in PEM, that may vouch for the server.
    pub fn new(address: ServerAddress, token: Secret, ca_file: Option<&Path>) -> Result<Self, ClientError> {
        let client = remote::client(ca_file)?;
        Ok(Self { client, address, token })
    }

    /// Creates an organization and answers its bootstrap links.
    pub async fn create(&self, name: &str) -> Result<Value, ClientError> {
        let body = serde_json::json!({ "organization_id": name });
        let answer = self.ask(Method::POST, "/administration/organizations", Some(body)).await?;
        match answer["bootstrap_url"].as_str() {
            Some(_) => Ok(answer),
            None => Err(self.address.foreign(SURFACE, StatusCode::OK)),
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
        let mut request = self.client.request(method, self.address.at(path)).bearer_auth(self.token.expose());
        if let Some(body) = body {
            request = request.json(&body);
        }
        let (status, answer) = remote::send(&self.address, request).await?;
        match (status, answer.as_ref().and_then(|answer| answer.get("detail")), &answer) {
            (StatusCode::OK, _, Some(answer)) => Ok(answer.clone()),
            (_, Some(Value::String(detail)), _) => {
                Err(ClientError::Refused { status: status.as_u16(), detail: detail.clone() })
            }
            (_, Some(Value::Array(details)), _) => {
                let detail = details.iter().filter_map(|detail| detail["msg"].as_str()).collect::<Vec<_>>().join("; ");
                Err(ClientError::Refused { status: status.as_u16(), detail })
            }
            _ => Err(self.address.foreign(SURFACE, status)),
        }
    }
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
    fn a_name_stays_one_segment() {
        assert_eq!(escape("a/../b?c d"), "a%2F..%2Fb%3Fc%20d");
    }
}

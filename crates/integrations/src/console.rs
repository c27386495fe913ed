//! A client of a console's own REST surface, for signing in and out from the command line.

use std::path::Path;

use domain::device::{COMMAND_LINE, Refusal};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use service::Secret;

use crate::remote::{self, ClientError, ServerAddress};

/// What answers are expected from.
const SURFACE: &str = "a console";

#[derive(Debug)]
pub struct ConsoleClient {
    client: Client,
    address: ServerAddress,
}

/// What a sign-in begins with.
#[derive(Debug)]
pub struct DeviceCodes {
    device_code: Secret,
    /// For the person.
    pub user_code: String,
    pub verification_uri: String,
    /// With the code in it.
    pub verification_uri_complete: String,
    /// Seconds.
    pub expires_in: u64,
    pub interval: u64,
}

/// How far a sign-in is.
#[derive(Debug)]
pub enum Progress {
    SignedIn(Secret),
    NotYet(Refusal),
}

/// Whom a token stands for, as the server has it.
#[derive(Debug)]
pub struct Account {
    /// The whole answer.
    pub answer: Value,
    pub name: Option<String>,
    pub email: Option<String>,
    pub scopes: String,
    /// `None`: never.
    pub expires_at: Option<String>,
}

impl ConsoleClient {
    /// `ca_file` holds further authorities, in PEM, that may vouch for the server.
    pub fn new(address: ServerAddress, ca_file: Option<&Path>) -> Result<Self, ClientError> {
        Ok(Self { client: remote::client(ca_file)?, address })
    }

    pub fn address(&self) -> &ServerAddress {
        &self.address
    }

    /// Asks for the codes of a sign-in.
    pub async fn authorize(&self) -> Result<DeviceCodes, ClientError> {
        let (status, answer) = self.post("/api/v1/device/authorize", &json!({ "client_id": COMMAND_LINE })).await?;
        let text = |key: &str| answer[key].as_str().map(str::to_owned);
        let codes = || {
            Some(DeviceCodes {
                device_code: Secret::from(text("device_code")?),
                user_code: text("user_code")?,
                verification_uri: text("verification_uri")?,
                verification_uri_complete: text("verification_uri_complete")?,
                expires_in: answer["expires_in"].as_u64()?,
                interval: answer["interval"].as_u64()?,
            })
        };
        match (status, codes()) {
            (StatusCode::OK, Some(codes)) => Ok(codes),
            _ => Err(self.refused(status, &answer)),
        }
    }

    /// Asks whether somebody has approved.
    pub async fn poll(&self, codes: &DeviceCodes) -> Result<Progress, ClientError> {
        let grant_type = "urn:ietf:params:oauth:grant-type:device_code";
        let asked = json!({
            "client_id": COMMAND_LINE, "grant_type": grant_type, "device_code": codes.device_code.expose(),
        });
        let (status, answer) = self.post("/api/v1/device/token", &asked).await?;
        let refusal = answer["error"].as_str().and_then(Refusal::from_code);
        match (status, answer["access_token"].as_str(), refusal) {
            (StatusCode::OK, Some(token), _) => Ok(Progress::SignedIn(Secret::from(token.to_owned()))),
            (_, None, Some(refusal)) => Ok(Progress::NotYet(refusal)),
            _ => Err(self.refused(status, &answer)),
        }
    }

    /// Whom a token stands for; `None` when it isn't good any more.
    pub async fn account(&self, token: &Secret) -> Result<Option<Account>, ClientError> {
        let (status, answer) = self.with_token(Method::GET, "/api/v1/me", token).await?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        match (status, text(&answer["scopes"])) {
            (StatusCode::OK, Some(scopes)) => Ok(Some(Account {
                name: text(&answer["person"]["name"]),
                email: text(&answer["person"]["email"]),
                scopes,
                expires_at: text(&answer["expires_at"]),
                answer,
            })),
            (StatusCode::UNAUTHORIZED, _) => Ok(None),
            _ => Err(self.refused(status, &answer)),
        }
    }

    /// Deletes the token itself; `false` when it wasn't good any more.
    pub async fn sign_out(&self, token: &Secret) -> Result<bool, ClientError> {
        match self.with_token(Method::DELETE, "/api/v1/me/token", token).await? {
            (StatusCode::NO_CONTENT, _) => Ok(true),
            (StatusCode::UNAUTHORIZED, _) => Ok(false),
            (status, answer) => Err(self.refused(status, &answer)),
        }
    }

    async fn post(&self, path: &str, body: &Value) -> Result<(StatusCode, Value), ClientError> {
        let (status, answer) = remote::send(&self.address, self.client.post(self.address.at(path)).json(body)).await?;
        Ok((status, answer.unwrap_or_default()))
    }

    async fn with_token(&self, method: Method, path: &str, token: &Secret) -> Result<(StatusCode, Value), ClientError> {
        let request = self.client.request(method, self.address.at(path)).bearer_auth(token.expose());
        let (status, answer) = remote::send(&self.address, request).await?;
        Ok((status, answer.unwrap_or_default()))
    }

    /// The server's words, where it has any that we know.
    fn refused(&self, status: StatusCode, answer: &Value) -> ClientError {
        match ["error_description", "detail"].iter().find_map(|key| answer[*key].as_str()) {
            Some(detail) => ClientError::Refused { status: status.as_u16(), detail: detail.to_owned() },
            None => self.address.foreign(SURFACE, status),
        }
    }
}

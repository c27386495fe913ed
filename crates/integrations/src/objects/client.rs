//! The HTTP client under S3: ours, so that there is one TLS stack in the program.

use std::time::Duration;

use http_body_util::{BodyExt, Full};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
};
use reqwest::{Client, redirect};

const CONNECT: Duration = Duration::from_secs(5);
/// How long a whole file may take.
const TOTAL: Duration = Duration::from_secs(60);

/// Hands out one client.
#[derive(Debug, Clone)]
pub struct Connector(Client);

impl Connector {
    /// Fails when the system has no authorities to trust.
    pub fn new() -> Result<Self, String> {
        // Whoever came first has installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder().no_proxy().redirect(redirect::Policy::none());
        let client = builder.connect_timeout(CONNECT).timeout(TOTAL).build();
        client.map(Self).map_err(|error| format!("the object store can't be reached over TLS: {error}"))
    }
}

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait::async_trait]
impl HttpService for Connector {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let asked = self.0.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body).send();
        let mut answer = asked.await.map_err(explain)?;
        let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
        let body = answer.bytes().await.map_err(explain)?;
        let mut response = HttpResponse::new(HttpResponseBody::new(Full::new(body).map_err(|never| match never {})));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

/// Says whether another try may help.
fn explain(error: reqwest::Error) -> HttpError {
    let kind = if error.is_timeout() {
        HttpErrorKind::Timeout
    } else if error.is_connect() {
        HttpErrorKind::Connect
    } else if error.is_builder() {
        HttpErrorKind::Unknown
    } else {
        HttpErrorKind::Interrupted
    };
    HttpError::new(kind, error.without_url())
}

//! The one way to addresses that people configure in the console.
//!
//! A name is resolved once, every address of it is judged, and the connection goes to exactly those addresses. So no
//! second answer of a name server, no redirect and no spelling of an address leads into the machine's own networks.

mod network;
mod public;
mod resolve;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Certificate, Client, Method, StatusCode, Url, redirect, retry};
use tokio::time::timeout;

pub use network::Network;
pub use resolve::{Resolve, SystemResolver};

/// How long a connection may take to stand.
const CONNECT: Duration = Duration::from_secs(5);
/// How long everything may take, from resolving the name to the last byte.
const TOTAL: Duration = Duration::from_secs(20);
/// The longest body of an answer, unless a request expects more.
const LONGEST: usize = 1024 * 1024;

/// What is asked of an address that somebody configured.
pub struct Request<'a> {
    pub method: Method,
    pub url: &'a str,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Authorities to trust beside the public ones, as PEM.
    pub ca: Option<&'a str>,
    /// Whether it holds a secret as it is: then it travels over TLS, or inside the allowed networks.
    pub is_confidential: bool,
    /// The longest body that the answer may have, in bytes.
    pub longest: usize,
}

impl<'a> Request<'a> {
    /// A request without headers or body.
    pub fn new(method: Method, url: &'a str) -> Self {
        let headers = HeaderMap::new();
        Self { method, url, headers, body: Vec::new(), ca: None, is_confidential: false, longest: LONGEST }
    }
}

/// What came back: any status but a redirect.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// Why there is no answer. The words name the host and hold nothing of what it said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    #[error("the address is no http:// or https:// one without a user name")]
    BadAddress,
    #[error("{0} may not be reached from here: it lies in a network that outbound.allow doesn't list")]
    Closed(String),
    #[error("{0} would be told a secret without encryption; an https:// address is needed")]
    Unencrypted(String),
    #[error("the authorities to trust aren't certificates in PEM form")]
    BadAuthorities,
    #[error("{0}")]
    Unreachable(String),
    #[error("{0} leads elsewhere, and redirects aren't followed")]
    Redirected(String),
    #[error("{0} answered more than {1} bytes")]
    TooLong(String, usize),
}

/// The guard. It keeps no connection, so that every request's addresses are judged anew.
pub struct Outbound {
    allow: Vec<Network>,
    resolver: Arc<dyn Resolve>,
    connect: Duration,
    total: Duration,
}

impl Outbound {
    /// A guard that lets through to public addresses and to those in `allow`.
    pub fn new(allow: Vec<Network>, resolver: Arc<dyn Resolve>) -> Self {
        Self { allow, resolver, connect: CONNECT, total: TOTAL }
    }

    /// A guard that asks the operating system for addresses.
    pub fn system(allow: Vec<Network>) -> Self {
        Self::new(allow, Arc::new(SystemResolver))
    }

    /// Asks once; whoever wants another try asks again.
    pub async fn send(&self, request: Request<'_>) -> Result<Answer, OutboundError> {
        let url = read(request.url)?;
        let host = url.host_str().ok_or(OutboundError::BadAddress)?.to_owned();
        let exchange = self.exchange(url, &host, request);
        let late = || OutboundError::Unreachable(format!("{host} gave no whole answer in time"));
        timeout(self.total, exchange).await.unwrap_or_else(|_| Err(late()))
    }

    async fn exchange(&self, url: Url, host: &str, request: Request<'_>) -> Result<Answer, OutboundError> {
        let addresses = self.addresses(host).await?;
        let is_listed = |address: &IpAddr| self.allow.iter().any(|network| network.contains(*address));
        if !addresses.iter().all(|address| is_listed(address) || public::is_public(*address)) {
            return Err(OutboundError::Closed(host.to_owned()));
        }
        if request.is_confidential && url.scheme() == "http" && !addresses.iter().all(is_listed) {
            return Err(OutboundError::Unencrypted(host.to_owned()));
        }
        let client = self.client(host, &addresses, url.port_or_known_default().unwrap_or(443), request.ca)?;
        let sending = client.request(request.method, url).headers(request.headers).body(request.body);
        let mut response = sending.send().await.map_err(|error| unreachable(host, &error))?;
        if response.status().is_redirection() {
            return Err(OutboundError::Redirected(host.to_owned()));
        }
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| unreachable(host, &error))? {
            if body.len() + part.len() > request.longest {
                return Err(OutboundError::TooLong(host.to_owned(), request.longest));
            }
            body.extend_from_slice(&part);
        }
        Ok(Answer { status, headers, body })
    }

    /// The host's addresses: itself when it is one (`Url` has read 0x7f.1 and its like by then), otherwise the resolver's.
    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, OutboundError> {
        let literal = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        if let Ok(address) = literal.parse() {
            return Ok(vec![address]);
        }
        match self.resolver.resolve(host).await {
            Ok(addresses) if !addresses.is_empty() => Ok(addresses),
            _ => Err(OutboundError::Unreachable(format!("{host} has no address"))),
        }
    }

    /// A client that can connect to these addresses only.
    fn client(&self, host: &str, addresses: &[IpAddr], port: u16, ca: Option<&str>) -> Result<Client, OutboundError> {
        // Whoever came first has installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let sockets: Vec<SocketAddr> = addresses.iter().map(|address| SocketAddr::new(*address, port)).collect();
        let mut builder = Client::builder()
            .user_agent(concat!("tenantry/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .pool_max_idle_per_host(0)
            .connect_timeout(self.connect)
            .dns_resolver(resolve::NoResolver)
            .resolve_to_addrs(host, &sockets);
        if let Some(pem) = ca {
            let certificates = Certificate::from_pem_bundle(pem.as_bytes());
            let certificates = certificates.ok().filter(|certificates| !certificates.is_empty());
            builder = builder.tls_certs_merge(certificates.ok_or(OutboundError::BadAuthorities)?);
        }
        // With authorities of its own, only what they are can make this fail.
        builder.build().map_err(|error| match ca {
            Some(_) => OutboundError::BadAuthorities,
            None => unreachable(host, &error),
        })
    }

    #[cfg(test)]
    fn within(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }
}

fn read(text: &str) -> Result<Url, OutboundError> {
    let url = Url::parse(text).map_err(|_| OutboundError::BadAddress)?;
    let is_plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    if is_plain { Ok(url) } else { Err(OutboundError::BadAddress) }
}

/// Of errors in the midst of an answer nothing is quoted, since they may hold some of it.
fn unreachable(host: &str, error: &reqwest::Error) -> OutboundError {
    OutboundError::Unreachable(if error.is_timeout() {
        format!("{host} didn't take the connection in time")
    } else if error.is_connect() || error.is_builder() {
        format!("{host} can't be reached: {}", innermost(error))
    } else {
        format!("{host} broke off its answer, or speaks no HTTP")
    })
}

/// The cause that all others are about.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}

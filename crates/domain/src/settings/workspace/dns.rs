//! DNS entries by what they are.

use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// The entries of `dns`, classified.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DnsView {
    /// IP addresses.
    pub servers: Vec<String>,
    /// Search domains.
    pub search: Vec<String>,
}

/// Splits the entries, each side in the author's order.
pub fn classify_dns(entries: &[String]) -> DnsView {
    let (servers, search) = entries.iter().cloned().partition(|entry| is_server(entry));
    DnsView { servers, search }
}

pub(super) fn is_server(entry: &str) -> bool {
    entry.parse::<IpAddr>().is_ok()
}

//! International domain names in the ASCII form that everything inside uses.

/// `host` in ASCII; `None` when it is no domain name.
#[cfg(feature = "ssr")]
pub fn to_ascii(host: &str) -> Option<String> {
    idna::domain_to_ascii(host).ok().filter(|ascii| !ascii.is_empty())
}

/// As on the server, by the browser's own URL parser, which spares its visitors the tables.
#[cfg(not(feature = "ssr"))]
pub fn to_ascii(host: &str) -> Option<String> {
    // What ends a host or starts another part of a URL would be parsed away instead of refused.
    if host.contains(['/', '\\', '?', '#', '@', ':', '[', ']', '%']) {
        return None;
    }
    let url = web_sys::Url::new(&["https://", host, "/"].concat()).ok()?;
    Some(url.hostname()).filter(|ascii| !ascii.is_empty())
}

//! Whether a POST comes from the console itself: the defence against forged requests of other sites.

use http::header::{HOST, ORIGIN};
use http::{HeaderMap, Uri};

use crate::config::PublicUrl;

/// Whether a POST with these headers may act.
///
/// `Sec-Fetch-Site` is the browser's own word and can't be forged by a page; where it is missing (old browsers, plain
/// HTTP to a host other than localhost) `Origin` must name this site. Requests with neither come from no browser and
/// carry no one else's cookies.
pub fn may_post(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    let own_origin = match text(headers, ORIGIN.as_str()) {
        Some(origin) => is_own(origin, headers, public_url),
        None => true,
    };
    match text(headers, "sec-fetch-site") {
        Some("same-origin" | "none") | None => own_origin,
        Some(_) => false,
    }
}

/// Whether `origin` (or any address) lies on this site: under the public address, or on the host that was asked.
pub fn is_own(address: &str, headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
    let authority = authority.as_str().to_ascii_lowercase();
    let asked = text(headers, HOST.as_str()).is_some_and(|host| host.eq_ignore_ascii_case(&authority));
    matches!(scheme, "http" | "https") && (asked || public_url.as_str() == format!("{scheme}://{authority}"))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    // An unreadable value counts as a foreign one.
    headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_console_itself_may_post() {
        let public_url = PublicUrl::parse("https://console.example").unwrap();
        for (site, origin, allowed) in [
            (None, None, true),
            (Some("same-origin"), Some("http://inside:3000"), true),
            (Some("same-origin"), Some("https://console.example"), true),
            (Some("same-origin"), None, true),
            (Some("none"), None, true),
            (Some("none"), Some("https://evil.example"), false),
            (Some("same-site"), Some("https://console.example"), false),
            (Some("cross-site"), None, false),
            (None, Some("https://console.example"), true),
            (None, Some("HTTPS://CONSOLE.example"), true),
            (None, Some("http://console.example"), false),
            (None, Some("https://console.example.evil.example"), false),
            (None, Some("https://evil.example"), false),
            (None, Some("null"), false),
            (None, Some(""), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, "inside:3000".parse().unwrap());
            for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
                if let Some(value) = value {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            assert_eq!(may_post(&headers, &public_url), allowed, "{site:?} {origin:?}");
        }
    }
}

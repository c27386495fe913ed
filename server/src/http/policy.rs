//! Security headers.

use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue};
use leptos::nonce::Nonce;
use service::ports::PaymentBrowser;

/// What an answer may do that is no page: nothing.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What an asset may do where it runs under its own policy, which is in a worker: load more of the site.
pub const ASSET: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);

/// The policy of a page. `wasm-unsafe-eval` lets the console start; style *attributes* are allowed because Monaco draws
/// with them, style elements only with the nonce.
/// `provider`: who brings the script with which a card is entered; only for the page where that is done.
pub fn with_nonce(nonce: &Nonce, provider: Option<&PaymentBrowser>) -> HeaderValue {
    let more = |origins: fn(&PaymentBrowser) -> &[String]| {
        provider.map(|provider| [" ", &origins(provider).join(" ")].concat()).unwrap_or_default()
    };
    let (scripts, connects) = (more(|provider| &provider.script_origins), more(|provider| &provider.connect_origins));
    let frames = more(|provider| &provider.frame_origins);
    let frames = if frames.is_empty() { frames } else { format!("; frame-src{frames}") };
    let text = format!(
        "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
         connect-src 'self'{connects}; img-src 'self' data:; font-src 'self'; worker-src 'self'; \
         script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'{scripts}; style-src 'self' 'nonce-{nonce}'; \
         style-src-attr 'unsafe-inline'{frames}"
    );
    // A nonce is base64; should it ever not be, the page loses its scripts rather than its protection.
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(NOTHING))
}

/// Completes an answer's headers; what the answer already says of itself stays.
pub fn complete(headers: &mut HeaderMap) {
    const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
    const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
    const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, NOTHING),
        // Not `no-referrer`: forms without script are answered on the page that their Referer names.
        (REFERRER_POLICY, "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (OPENER, "same-origin"),
        (RESOURCE, "same-origin"),
        (PERMISSIONS, "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

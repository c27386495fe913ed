//! The console's cookies: opaque random tokens, HttpOnly, SameSite=Lax, `__Host-` and Secure under TLS.

use crate::secret::Secret;

/// The session.
pub const SESSION: &str = "tenantry_session";
/// A browser that signed in before.
pub const DEVICE: &str = "tenantry_device";
/// A one-time link's token, between the address it was stripped from and its form.
pub const LINK: &str = "tenantry_link";

/// Longest value looked at; ours have 43 characters.
const VALUE_MAX: usize = 128;

/// What the browser sent; unverified.
#[derive(Debug, Clone, Default)]
pub struct Cookies {
    pub session: Option<Secret>,
    pub device: Option<Secret>,
    pub link: Option<Secret>,
}

impl Cookies {
    /// Reads a `Cookie` header. Under TLS only `__Host-` names count, which no other host or plain page can set.
    pub fn from_header(header: &str, secure: bool) -> Self {
        let mut cookies = Self::default();
        for pair in header.split(';') {
            let Some((name, value)) = pair.trim().split_once('=') else { continue };
            let name = match (secure, name.strip_prefix("__Host-")) {
                (true, Some(name)) => name,
                (false, None) => name,
                _ => continue,
            };
            let token = value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
            if value.is_empty() || value.len() > VALUE_MAX || !token {
                continue;
            }
            let value = Some(Secret::from(value.to_owned()));
            match name {
                SESSION => cookies.session = value,
                DEVICE => cookies.device = value,
                LINK => cookies.link = value,
                _ => {}
            }
        }
        cookies
    }
}

/// A `Set-Cookie` value; without a `value` the cookie goes. `max_age` in seconds.
pub fn set(name: &str, value: Option<&Secret>, max_age: i64, secure: bool) -> String {
    let (prefix, suffix) = if secure { ("__Host-", "; Secure") } else { ("", "") };
    let (value, max_age) = match value {
        Some(value) => (value.expose(), max_age),
        None => ("", 0),
    };
    format!("{prefix}{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_set_and_nothing_of_others() {
        for secure in [false, true] {
            let set = set(SESSION, Some(&Secret::from("abc-_1".to_owned())), 60, secure);
            let pair = set.split(';').next().unwrap();
            let cookies = Cookies::from_header(&format!("x=y; {pair}; tenantry_link=bad!value"), secure);
            assert_eq!(cookies.session.unwrap().expose(), "abc-_1");
            assert!(cookies.link.is_none());
        }
        assert!(Cookies::from_header("tenantry_session=abc", true).session.is_none());
        assert!(Cookies::from_header("__Host-tenantry_session=abc", false).session.is_none());
    }

    #[test]
    fn demands_tls_where_there_is_tls() {
        let cookie = set(SESSION, None, 60, true);
        assert_eq!(cookie, "__Host-tenantry_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
    }
}

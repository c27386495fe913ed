//! Passwords, sessions and the limits of sign-in.

use crate::time::Span;

/// Shortest password without a second factor.
pub const PASSWORD_MIN: usize = 15;
/// Longest password, in characters; bounds the work of hashing.
pub const PASSWORD_MAX: usize = 256;

/// A console session lasts this long.
pub const SESSION_LIFETIME: Span = Span::days(30);
/// The cookie that carries a one-time link's token between the stripped address and its form.
pub const LINK_COOKIE_LIFETIME: Span = Span::minutes(30);

/// The rule a browser can check; the list of common passwords is the server's.
pub fn check_password(password: &str, email: &str, name: &str) -> Result<(), String> {
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        return Err(format!("A password has at least {PASSWORD_MIN} characters; this one has {length}."));
    }
    if length > PASSWORD_MAX {
        return Err(format!("A password has at most {PASSWORD_MAX} characters."));
    }
    let folded = password.to_lowercase();
    let is_personal = |text: &str| !text.trim().is_empty() && folded == text.trim().to_lowercase();
    if is_personal(email) || is_personal(name) {
        return Err("A password can't be your name or email address.".into());
    }
    let mut distinct: Vec<char> = folded.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 5 {
        return Err("A password needs at least 5 different characters.".into());
    }
    Ok(())
}

/// How long an address or account waits after this many failures in a row: nothing for the first few, then twice as
/// long each time, up to 15 minutes.
pub fn throttle_delay(failures: u32, free: u32) -> Span {
    let over = failures.saturating_sub(free);
    if over == 0 {
        return Span::from_seconds(0);
    }
    Span::from_seconds((1_i64 << over.min(10)).min(900))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_short_long_personal_and_repetitive_passwords() {
        for (password, part) in [
            ("short", "at least 15"),
            (&"x y z 1 2 ".repeat(30), "at most 256"),
            ("ada@lovelace.example", "name or email"),
            ("aaaaaaaaaaaaaaaaaaaa", "different characters"),
        ] {
            let error = check_password(password, "Ada@lovelace.example", "Ada").unwrap_err();
            assert!(error.contains(part), "{password}: {error}");
        }
        assert_eq!(check_password("correct horse battery", "ada@lovelace.example", "Ada"), Ok(()));
    }

    #[test]
    fn delays_double_up_to_a_bound() {
        assert_eq!(throttle_delay(5, 5), Span::from_seconds(0));
        assert_eq!(throttle_delay(6, 5), Span::from_seconds(2));
        assert_eq!(throttle_delay(7, 5), Span::from_seconds(4));
        assert_eq!(throttle_delay(1_000, 5), Span::from_seconds(900));
    }
}

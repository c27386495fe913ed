//! The server's half of the password rule: the bundled list of common passwords.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The most common passwords of eight characters and more, lowercase, one a line.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Whether a password is on the list, or is one of the list repeated.
pub fn is_common(password: &str) -> bool {
    let folded = password.to_lowercase();
    let length = folded.len();
    (1..=length / 2)
        .chain([length])
        .filter(|part| *part > 0 && length.is_multiple_of(*part) && folded.is_char_boundary(*part))
        .any(|part| {
            let (first, rest) = folded.split_at(part);
            COMMON.contains(first) && rest.as_bytes().chunks(part).all(|chunk| chunk == first.as_bytes())
        })
}

#[cfg(test)]
mod tests {
    use super::is_common;

    #[test]
    fn knows_common_passwords_in_any_case_and_repeated() {
        for password in ["Password", "iloveyou", "passwordpassword", "PasswordPassword"] {
            assert!(is_common(password), "{password}");
        }
        for password in ["", "correct horse battery", "passwordpasswort"] {
            assert!(!is_common(password), "{password}");
        }
    }
}

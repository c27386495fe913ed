//! Guesses whether a plain value is a secret. A guess: it warns, and never refuses.

const NAME_PARTS: &[&str] = &["PASSWORD", "PASSWD", "SECRET", "TOKEN", "KEY", "CREDENTIAL"];

/// How keys of well-known services begin, ours included.
const VALUE_STARTS: &[&str] = &[
    "-----BEGIN ",
    "AKIA",
    "ASIA",
    "AIza",
    "eyJ",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "npm_",
    "pypi-",
    "rk_live_",
    "sk-",
    "sk_live_",
    "tnt_",
    "xoxb-",
    "xoxp-",
];

/// A value shorter than this is no key.
const KEY_MIN: usize = 16;
/// From this length on a value that looks random is taken for a key.
const RANDOM_MIN: usize = 24;
/// Bits a character from which a value looks random; words and paths stay below.
const RANDOM_BITS: f64 = 3.7;

pub(super) fn looks_secret(name: &str, value: &str) -> bool {
    if value.trim().is_empty() {
        return false;
    }
    let name = name.to_ascii_uppercase();
    NAME_PARTS.iter().any(|part| name.contains(part)) || is_known_key(value) || is_random(value)
}

fn is_known_key(value: &str) -> bool {
    value.len() >= KEY_MIN && VALUE_STARTS.iter().any(|start| value.starts_with(start))
}

/// One long run of letters and digits that repeats few of them.
fn is_random(value: &str) -> bool {
    let is_key_like = value.len() >= RANDOM_MIN
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'_' | b'-'))
        && value.bytes().any(|b| b.is_ascii_digit())
        && value.bytes().any(|b| b.is_ascii_alphabetic())
        && !value.starts_with('/');
    is_key_like && entropy(value) >= RANDOM_BITS
}

/// Shannon entropy in bits a byte.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let length = text.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / length;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_secrets_from_plain_values() {
        for (name, value, secret) in [
            ("DB_PASSWORD", "hunter2", true),
            ("api_token", "x", true),
            ("AWS_ACCESS", "AKIAABCDEFGHIJKLMNOP", true),
            ("JWT", "eyJhbGciOiJIUzI1NiJ9.e30.abc", true),
            ("BLOB", "9fXq2LzR7tVbN4mKp8WcYd3h", true),
            ("DB_PASSWORD", "", false),
            ("EDITOR", "vim", false),
            ("GREETING", "hello hello hello hello hello", false),
            ("LIBRARY_PATH", "/usr/lib/x86_64-linux-gnu/opt2", false),
            ("URL", "https://example.com/a/long/path/1", false),
            ("PADDING", "aaaaaaaaaaaaaaaaaaaaaaaa1", false),
        ] {
            assert_eq!(looks_secret(name, value), secret, "{name}={value}");
        }
    }
}

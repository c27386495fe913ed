//! Avatars: pictures known by the hash of their files.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The largest file that is taken, in bytes.
pub const FILE_MAX: usize = 5 * 1024 * 1024;

/// The digits of a hash.
const DIGITS: usize = 64;

/// The SHA-256 of an avatar's files, in small hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AvatarHash(String);

/// A hash is 64 small hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoHash;

impl fmt::Display for NoHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("64 small hexadecimal digits are expected")
    }
}

impl AvatarHash {
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (text.len() == DIGITS && digits).then(|| Self(text.to_owned()))
    }

    pub fn of_digest(digest: [u8; DIGITS / 2]) -> Self {
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
        Self(digest.into_iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file's name in the object store.
    pub fn object(&self, size: AvatarFile) -> String {
        ["avatars/", &self.0, size.ending()].concat()
    }

    /// The file's address.
    pub fn address(&self, size: AvatarFile) -> String {
        ["/", &self.object(size)].concat()
    }
}

impl fmt::Display for AvatarHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for AvatarHash {
    type Error = NoHash;

    fn try_from(text: String) -> Result<Self, NoHash> {
        Self::parse(&text).ok_or(NoHash)
    }
}

impl From<AvatarHash> for String {
    fn from(hash: AvatarHash) -> Self {
        hash.0
    }
}

/// Which of an avatar's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AvatarFile {
    /// 256 pixels.
    Large,
    /// 64 pixels.
    Small,
}

impl AvatarFile {
    pub const ALL: [Self; 2] = [Self::Large, Self::Small];

    const fn ending(self) -> &'static str {
        match self {
            Self::Large => "-256.webp",
            Self::Small => "-64.webp",
        }
    }

    /// Reads `{hash}-256.webp` or `{hash}-64.webp`, and nothing else.
    pub fn parse(name: &str) -> Option<(AvatarHash, Self)> {
        Self::ALL.into_iter().find_map(|size| Some((AvatarHash::parse(name.strip_suffix(size.ending())?)?, size)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_names_are_read() {
        let hash = "0123456789abcdef".repeat(4);
        let parsed = AvatarHash::parse(&hash).unwrap();
        let digest = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef].repeat(4);
        assert_eq!(AvatarHash::of_digest(digest.try_into().unwrap()), parsed);
        for size in AvatarFile::ALL {
            let name = parsed.object(size);
            assert_eq!(AvatarFile::parse(name.strip_prefix("avatars/").unwrap()), Some((parsed.clone(), size)));
        }
        for odd in [
            "",
            "-64.webp",
            &format!("{hash}-65.webp"),
            &format!("{hash}-64.WEBP"),
            &format!("{hash}-64.webp/"),
            &format!("../{hash}-64.webp"),
            &format!("{}-64.webp", hash.to_ascii_uppercase()),
            &format!("{}-64.webp", &hash[1..]),
            &format!("0{hash}-64.webp"),
        ] {
            assert_eq!(AvatarFile::parse(odd), None, "{odd}");
        }
    }
}

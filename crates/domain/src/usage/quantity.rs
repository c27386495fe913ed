//! Quantities as people read and type them: minutes, gigabytes, people.

use super::Dimension;
use crate::money::ratio_text;

/// Digits after the point that are typed and shown at most.
const DIGITS: u32 = 3;

impl Dimension {
    /// From what is typed, such as `1500` or `0.5`, to the meters' own unit.
    pub fn parse(self, text: &str) -> Result<i64, String> {
        let wrong = || match self {
            Self::Users => "Enter a whole number of users, at least 1.".to_owned(),
            _ => format!("Enter a number of {}, such as 1500 or 0.5.", self.unit_words()),
        };
        let text = text.trim().replace([',', ' ', '\u{a0}'], "");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || text.ends_with('.') {
            return Err(wrong());
        }
        if fraction.len() > DIGITS as usize || (self == Self::Users && !fraction.is_empty()) {
            return Err(wrong());
        }
        let whole: i128 = whole.parse().map_err(|_| wrong())?;
        let scale = 10_i128.pow(u32::try_from(fraction.len()).unwrap_or_default());
        let fraction: i128 = if fraction.is_empty() { 0 } else { fraction.parse().map_err(|_| wrong())? };
        let value = (whole * scale + fraction) * i128::from(self.per_unit()) / scale;
        let value = i64::try_from(value).map_err(|_| "That is more than can be counted.".to_owned())?;
        if value == 0 { Err(format!("Enter more than 0 {}.", self.unit_words())) } else { Ok(value) }
    }

    /// What its unit is called in a sentence.
    pub const fn unit_words(self) -> &'static str {
        match self {
            Self::Compute => "minutes",
            Self::Storage => "gigabytes",
            Self::Users => "users",
        }
    }

    /// For a field to be typed into: exact, without separators.
    pub fn plain(self, value: i64) -> String {
        ratio_text(value.into(), self.per_unit().into(), DIGITS).replace(',', "")
    }

    /// For people: `1,204.5 min`.
    pub fn show(self, value: i64) -> String {
        let unit = if self == Self::Users && value == 1 { "user" } else { self.unit() };
        format!("{} {unit}", ratio_text(value.into(), self.per_unit().into(), 2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_they_are_written() {
        for (dimension, text, value) in [
            (Dimension::Compute, "1,500", 90_000_000),
            (Dimension::Compute, "0.5", 30_000),
            (Dimension::Storage, "20", 20_000_000_000),
            (Dimension::Storage, "0.001", 1_000_000),
            (Dimension::Users, " 3 ", 3),
        ] {
            assert_eq!(dimension.parse(text), Ok(value), "{text}");
            assert_eq!(dimension.parse(&dimension.plain(value)), Ok(value), "{text}");
        }
        for text in ["", "0", "-1", "1.", ".5", "1e3", "x", "0.0001", "99999999999999999999", "0.000"] {
            assert!(Dimension::Compute.parse(text).is_err(), "{text}");
        }
        assert!(Dimension::Users.parse("1.5").is_err());
    }

    #[test]
    fn quantities_are_shown_short() {
        assert_eq!(Dimension::Compute.show(72_270_000), "1,204.5 min");
        assert_eq!(Dimension::Storage.show(1_234_567_890_123), "1,234.57 GB");
        assert_eq!(Dimension::Users.show(1), "1 user");
        assert_eq!(Dimension::Compute.show(-30_000), "−0.5 min");
        assert_eq!(Dimension::Storage.show(0), "0 GB");
    }
}

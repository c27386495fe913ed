use serde::{Deserialize, Serialize};
use std::fmt;

use crate::time::{Span, Timestamp};

const MICROS: i64 = Span::days(1).micros();

/// A day in UTC, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(i64);

impl Day {
    pub const fn from_number(days: i64) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The day that `at` is in.
    pub const fn of(at: Timestamp) -> Self {
        Self(at.micros().div_euclid(MICROS))
    }

    /// Its first moment.
    pub const fn start(self) -> Timestamp {
        Timestamp::from_micros(self.0 * MICROS)
    }

    /// The first moment after it.
    pub const fn end(self) -> Timestamp {
        self.plus(1).start()
    }

    #[must_use]
    pub const fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// From `earlier` to this one; negative when this one is earlier.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// From `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        Timestamp::parse_day(text).map(Self::of)
    }

    /// The first day of its month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        let text = self.to_string();
        Self::parse(&format!("{}01", &text[..text.len() - 2])).unwrap_or(self)
    }

    /// As many months later; the last day of a month that is too short for the day.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        let Some((year, month, day)) = self.parts() else { return self };
        let count = year * 12 + (month - 1) + months;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        let first = Self::parse(&format!("{year:04}-{month:02}-01"));
        let next = Self::parse(&format!("{:04}-{:02}-01", year + month / 12, month % 12 + 1));
        match (first, next) {
            (Some(first), Some(next)) => first.plus((day - 1).min(next.since(first) - 1)),
            // Beyond what has a date.
            _ => self,
        }
    }

    fn parts(self) -> Option<(i64, i64, i64)> {
        let text = self.to_string();
        let mut parts = text.splitn(3, '-').map(|part| part.parse().ok());
        Some((parts.next()??, parts.next()??, parts.next()??))
    }
}

/// `2026-03-01`
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.start().day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_day_holds_its_moments() {
        for text in ["1969-12-31", "1970-01-01", "2024-02-29", "2026-11-22"] {
            let day = day(text);
            assert_eq!(day.to_string(), text);
            assert_eq!(Day::of(day.start()), day);
            assert_eq!(Day::of(Timestamp::from_micros(day.end().micros() - 1)), day);
            assert_eq!(Day::of(day.end()), day.plus(1));
        }
    }

    #[test]
    fn months_end_where_they_are_too_short() {
        for (from, months, to) in [
            ("2026-01-31", 1, "2026-02-28"),
            ("2024-01-31", 1, "2024-02-29"),
            ("2026-01-31", 2, "2026-03-31"),
            ("2026-11-30", 3, "2027-02-28"),
            ("2026-12-15", 1, "2027-01-15"),
            ("2026-01-15", -1, "2025-12-15"),
            ("2026-11-22", 12, "2027-11-22"),
        ] {
            assert_eq!(day(from).plus_months(months), day(to), "{from} + {months}");
        }
        assert_eq!(day("2026-11-22").first_of_month(), day("2026-11-01"));
    }
}

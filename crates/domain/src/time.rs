//! Time as whole microseconds since 1970-01-01T00:00:00Z, which both database engines keep exactly.

use serde::{Deserialize, Serialize};
use std::fmt;

const MICROS: i64 = 1_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Milliseconds since the epoch; 0 for times before it.
    pub const fn millis(self) -> u64 {
        if self.0 < 0 { 0 } else { (self.0 / 1000) as u64 }
    }

    #[must_use]
    pub const fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    #[must_use]
    pub const fn minus(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }

    /// From `earlier` to this time; negative when this one is earlier.
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// `2026-03-01 14:05 UTC`, for people.
    pub fn short(self) -> String {
        let (y, mo, d, h, mi, _) = self.parts();
        format!("{y:04}-{mo:02}-{d:02} {h:02}:{mi:02} UTC")
    }

    /// `3 minutes ago`, `in 2 days`, `just now`: the distance from `now`.
    pub fn relative(self, now: Self) -> String {
        let seconds = now.since(self).seconds();
        let (distance, past) = (seconds.unsigned_abs(), seconds >= 0);
        let (count, unit) = match distance {
            0..45 => return if past { "just now".into() } else { "in a moment".into() },
            45..3_570 => ((distance + 30) / 60, "minute"),
            3_570..84_600 => ((distance + 1_800) / 3_600, "hour"),
            84_600..2_592_000 => ((distance + 43_200) / 86_400, "day"),
            2_592_000..31_536_000 => (distance / 2_592_000, "month"),
            _ => (distance / 31_536_000, "year"),
        };
        let plural = if count == 1 { "" } else { "s" };
        if past { format!("{count} {unit}{plural} ago") } else { format!("in {count} {unit}{plural}") }
    }

    /// RFC 3339 in UTC with microseconds.
    pub fn precise(self) -> String {
        format!("{}.{:06}Z", self.to_string().trim_end_matches('Z'), self.0.rem_euclid(MICROS))
    }

    /// `2026-03-01`, in UTC.
    pub fn day(self) -> String {
        let (y, mo, d, ..) = self.parts();
        format!("{y:04}-{mo:02}-{d:02}")
    }

    /// The beginning of a day in UTC, from `YYYY-MM-DD`.
    pub fn parse_day(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if [year.len(), month.len(), day.len()] != [4, 2, 2] {
            return None;
        }
        let month = time::Month::try_from(month.parse::<u8>().ok()?).ok()?;
        let date = time::Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
        Some(Self(date.midnight().assume_utc().unix_timestamp().checked_mul(MICROS)?))
    }

    /// From RFC 3339; what is finer than a microsecond is dropped.
    pub fn parse(text: &str) -> Option<Self> {
        let at = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).ok()?;
        i64::try_from(at.unix_timestamp_nanos().div_euclid(1000)).ok().map(Self)
    }

    fn parts(self) -> (i32, u8, u8, u8, u8, u8) {
        let seconds = self.0.div_euclid(MICROS);
        match time::OffsetDateTime::from_unix_timestamp(seconds) {
            Ok(t) => (t.year(), t.month() as u8, t.day(), t.hour(), t.minute(), t.second()),
            // Outside years -9999 to 9999, which no clock of ours shows.
            Err(_) => (9999, 12, 31, 23, 59, 59),
        }
    }
}

/// RFC 3339 in UTC with whole seconds.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, mo, d, h, mi, s) = self.parts();
        write!(f, "{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}Z")
    }
}

/// A length of time in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(i64);

impl Span {
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS))
    }
    pub const fn minutes(n: i64) -> Self {
        Self::from_seconds(n.saturating_mul(60))
    }
    pub const fn hours(n: i64) -> Self {
        Self::minutes(n.saturating_mul(60))
    }
    pub const fn days(n: i64) -> Self {
        Self::hours(n.saturating_mul(24))
    }
    pub const fn seconds(self) -> i64 {
        self.0 / MICROS
    }
    pub const fn micros(self) -> i64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_rfc_3339() {
        assert_eq!(Timestamp::from_micros(1_772_373_904_123_456).to_string(), "2026-03-01T14:05:04Z");
        assert_eq!(Timestamp::from_micros(1_772_373_904_000_056).precise(), "2026-03-01T14:05:04.000056Z");
        assert_eq!(Timestamp::from_micros(-1).to_string(), "1969-12-31T23:59:59Z");
        assert_eq!(Timestamp::from_micros(-1).precise(), "1969-12-31T23:59:59.999999Z");
    }

    #[test]
    fn days_are_read_as_they_are_written() {
        for day in ["1970-01-01", "2024-02-29", "2026-11-22"] {
            assert_eq!(Timestamp::parse_day(day).map(Timestamp::day).as_deref(), Some(day));
        }
        for wrong in ["", "2026-1-1", "2026-02-30", "2026-13-01", "+026-01-01x", "22.11.2026"] {
            assert_eq!(Timestamp::parse_day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn tells_the_distance() {
        let now = Timestamp::from_micros(0).plus(Span::days(400));
        let cases = [
            (now, "just now"),
            (now.minus(Span::minutes(1)), "1 minute ago"),
            (now.minus(Span::minutes(59)), "59 minutes ago"),
            (now.minus(Span::hours(23)), "23 hours ago"),
            (now.plus(Span::days(7)), "in 7 days"),
            (now.minus(Span::days(366)), "1 year ago"),
        ];
        for (time, words) in cases {
            assert_eq!(time.relative(now), words);
        }
    }
}

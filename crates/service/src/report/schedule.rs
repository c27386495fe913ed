//! When a report is due, and what it is about, in the organization's own days.

use domain::Timestamp;
use domain::settings::{Report, Schedule};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

/// The hour of the day at which reports go out.
const HOUR: i8 = 8;

/// A schedule in a time zone.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    schedule: Schedule,
    zone: TimeZone,
    name: String,
}

/// Whole local days: from the first midnight, until before the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Period {
    pub start: Timestamp,
    pub end: Timestamp,
    /// Both included.
    pub first_day: String,
    pub last_day: String,
}

/// A report that is due at `at`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Due {
    pub at: Timestamp,
    pub period: Period,
}

impl Plan {
    pub fn of(report: &Report) -> Self {
        let zone = TimeZone::get(&report.time_zone).unwrap_or(TimeZone::UTC);
        Self { schedule: report.schedule, zone, name: report.time_zone.clone() }
    }

    /// Tells it from others.
    pub fn text(&self) -> String {
        format!("{} {}", self.schedule.name(), self.name)
    }

    pub fn zone_name(&self) -> &str {
        &self.name
    }

    /// The latest report that is due by `now`. `None` only at the ends of the calendar.
    pub fn last_due(&self, now: Timestamp) -> Option<Due> {
        let day = self.begins_on_or_before(self.date(now)?)?;
        let today = self.at_hour(day)?;
        let day = if today <= now { day } else { self.before(day)? };
        Some(Due { at: self.at_hour(day)?, period: self.period(day)? })
    }

    /// When the first report after `now` is due. `None` only at the ends of the calendar.
    pub fn next_due(&self, now: Timestamp) -> Option<Timestamp> {
        let mut day = self.begins_on_or_before(self.date(now)?)?;
        loop {
            let at = self.at_hour(day)?;
            if at > now {
                return Some(at);
            }
            day = self.after(day)?;
        }
    }

    /// What the report that is due on `day` is about: the days since the one before.
    fn period(&self, day: Date) -> Option<Period> {
        let first = self.before(day)?;
        let last = day.yesterday().ok()?;
        Some(Period {
            start: self.midnight(first)?,
            end: self.midnight(day)?,
            first_day: first.to_string(),
            last_day: last.to_string(),
        })
    }

    fn date(&self, at: Timestamp) -> Option<Date> {
        let at = jiff::Timestamp::from_microsecond(at.micros()).ok()?;
        Some(at.to_zoned(self.zone.clone()).date())
    }

    fn begins_on_or_before(&self, day: Date) -> Option<Date> {
        match self.schedule {
            Schedule::Daily => Some(day),
            Schedule::Weekly => {
                let days = day.weekday().since(Weekday::Monday);
                day.checked_sub(i64::from(days).days()).ok()
            }
            Schedule::Monthly => Some(day.first_of_month()),
        }
    }

    fn step(&self) -> Span {
        match self.schedule {
            Schedule::Daily => 1.day(),
            Schedule::Weekly => 7.days(),
            Schedule::Monthly => 1.month(),
        }
    }

    fn after(&self, day: Date) -> Option<Date> {
        day.checked_add(self.step()).ok()
    }

    fn before(&self, day: Date) -> Option<Date> {
        day.checked_sub(self.step()).ok()
    }

    fn at_hour(&self, day: Date) -> Option<Timestamp> {
        self.at(day, HOUR)
    }

    /// The day's first moment, even where clocks skip midnight.
    fn midnight(&self, day: Date) -> Option<Timestamp> {
        self.at(day, 0)
    }

    fn at(&self, day: Date, hour: i8) -> Option<Timestamp> {
        let zoned = self.zone.to_zoned(day.at(hour, 0, 0, 0)).ok()?;
        Some(Timestamp::from_micros(zoned.timestamp().as_microsecond()))
    }
}

#[cfg(test)]
mod tests {
    use domain::time_zone::TIME_ZONES;
    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngSeed};

    use super::*;

    fn plan(schedule: Schedule, zone: &str) -> Plan {
        Plan::of(&Report { schedule, time_zone: zone.to_owned(), ..Report::default() })
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::from_micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
    }

    fn config() -> Config {
        Config { cases: 512, rng_seed: RngSeed::Fixed(0x7e_0a_27), failure_persistence: None, ..Config::default() }
    }

    #[test]
    fn reports_go_out_at_eight_whatever_the_clocks_did() {
        for (schedule, zone, now, due) in [
            (Schedule::Daily, "UTC", "2026-03-01T07:59:59Z", "2026-03-01T08:00:00Z"),
            (Schedule::Daily, "UTC", "2026-03-01T08:00:00Z", "2026-03-02T08:00:00Z"),
            // Summer time begins on 29 March.
            (Schedule::Daily, "Europe/Paris", "2026-03-28T12:00:00Z", "2026-03-29T06:00:00Z"),
            (Schedule::Daily, "Europe/Paris", "2026-10-24T12:00:00Z", "2026-10-25T07:00:00Z"),
            // A Sunday.
            (Schedule::Weekly, "Europe/Paris", "2026-03-29T12:00:00Z", "2026-03-30T06:00:00Z"),
            (Schedule::Monthly, "America/New_York", "2026-01-31T23:00:00Z", "2026-02-01T13:00:00Z"),
        ] {
            assert_eq!(plan(schedule, zone).next_due(at(now)), Some(at(due)), "{schedule:?} {zone} {now}");
        }
    }

    #[test]
    fn a_period_is_the_local_days_since_the_report_before() {
        let due = plan(Schedule::Weekly, "Europe/Paris").last_due(at("2026-03-30T06:00:00Z")).unwrap();
        assert_eq!(due.at, at("2026-03-30T06:00:00Z"));
        let Period { start, end, first_day, last_day } = due.period;
        assert_eq!((first_day.as_str(), last_day.as_str()), ("2026-03-23", "2026-03-29"));
        assert_eq!((start, end), (at("2026-03-22T23:00:00Z"), at("2026-03-29T22:00:00Z")));
        // In Beirut clocks go forward at midnight.
        let due = plan(Schedule::Daily, "Asia/Beirut").last_due(at("2026-03-30T12:00:00Z")).unwrap();
        assert_eq!(due.period.start, at("2026-03-28T22:00:00Z"));
    }

    #[test]
    fn every_zone_that_can_be_chosen_is_known() {
        for name in TIME_ZONES {
            assert!(TimeZone::get(name).is_ok(), "{name}");
        }
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn the_next_report_is_later_and_periods_tile(
            schedule in prop::sample::select(&Schedule::ALL[..]),
            zone in prop::sample::select(TIME_ZONES),
            // From 2020 to 2060.
            micros in 1_577_836_800_000_000_i64..2_840_140_800_000_000,
        ) {
            let (plan, now) = (plan(schedule, zone), Timestamp::from_micros(micros));
            let last = plan.last_due(now).unwrap();
            let next = plan.next_due(now).unwrap();
            prop_assert!(last.at <= now && now < next);
            prop_assert!(last.period.start < last.period.end && last.period.end <= last.at);
            let following = plan.last_due(next).unwrap();
            prop_assert_eq!(following.at, next);
            prop_assert_eq!(&following.period.start, &last.period.end);
            // Just before it is due, the one before is still the latest.
            prop_assert_eq!(plan.last_due(Timestamp::from_micros(next.micros() - 1)).unwrap(), last);
            let local = jiff::Timestamp::from_microsecond(next.micros()).unwrap().to_zoned(plan.zone.clone());
            prop_assert_eq!((local.hour(), local.minute()), (8, 0));
            match schedule {
                Schedule::Daily => {}
                Schedule::Weekly => prop_assert_eq!(local.weekday(), Weekday::Monday),
                Schedule::Monthly => prop_assert_eq!(local.day(), 1),
            }
        }
    }
}

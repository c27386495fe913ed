use serde::{Deserialize, Serialize};
use std::fmt;

use super::PlanTerms;
use crate::money::round;
use crate::usage::{Day, Dimension};

/// The days that are billed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cycle {
    pub start: Day,
    /// The first day of the next one.
    pub end: Day,
}

impl Cycle {
    /// The `n`th month from `anchor`, counted from 0. Always counted from the anchor: one of 31 January leads over 28
    /// February to 31 March.
    pub fn nth(anchor: Day, n: i64) -> Self {
        Self { start: anchor.plus_months(n), end: anchor.plus_months(n + 1) }
    }

    /// The month from `anchor` that `day` is in.
    pub fn containing(anchor: Day, day: Day) -> Self {
        let days = day.since(anchor);
        // No later than the right one, since no month is longer, or shorter.
        let mut n = days.div_euclid(if days < 0 { 28 } else { 31 });
        let mut cycle = Self::nth(anchor, n);
        while cycle.end <= day && cycle.start < cycle.end {
            n += 1;
            cycle = Self::nth(anchor, n);
        }
        cycle
    }

    /// The calendar's, by which use adds up where there is no plan.
    pub fn month_of(day: Day) -> Self {
        Self::nth(day.first_of_month(), 0)
    }

    /// First days of the cycles that days from `first` to `last` are in, reckoned from this one.
    pub fn starts(self, first: Day, last: Day) -> Vec<Day> {
        let mut cycle = Self::containing(self.start, first);
        let mut starts = vec![cycle.start];
        while cycle.end <= last && cycle.start < cycle.end {
            cycle = Self::containing(self.start, cycle.end);
            starts.push(cycle.start);
        }
        starts
    }

    pub const fn days(self) -> i64 {
        self.end.since(self.start)
    }

    pub fn contains(self, day: Day) -> bool {
        (self.start..self.end).contains(&day)
    }
}

/// `2026-03-15 to 2026-04-14`
impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.start, self.end.plus(-1))
    }
}

/// Days of a cycle under the same terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    pub start: Day,
    /// The first day after it.
    pub end: Day,
    pub terms: PlanTerms,
}

impl Segment {
    pub const fn days(&self) -> i64 {
        self.end.since(self.start)
    }

    pub fn contains(&self, day: Day) -> bool {
        (self.start..self.end).contains(&day)
    }
}

/// A cycle and what it is billed by: plans may change on any of its days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleTerms {
    pub cycle: Cycle,
    /// In order of days, without gaps. The first names what was charged ahead, and has no day when the plan changed on the
    /// cycle's first one.
    segments: Vec<Segment>,
}

impl CycleTerms {
    pub fn new(cycle: Cycle, terms: PlanTerms) -> Self {
        Self { cycle, segments: vec![Segment { start: cycle.start, end: cycle.end, terms }] }
    }

    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Has `terms` count from `day` on; of several changes on a day, the last one counts. False, and no change, for a day
    /// before the last change or outside the cycle, and for a plan in another currency, which can only begin with a cycle.
    #[must_use]
    pub fn change(&mut self, day: Day, terms: PlanTerms) -> bool {
        let Some(last) = self.segments.last_mut() else { return false };
        if day < last.start || day >= last.end || terms.currency != last.terms.currency {
            return false;
        }
        let end = last.end;
        last.end = day;
        if last.start == day && self.segments.len() > 1 {
            self.segments.pop();
        }
        match self.segments.last_mut() {
            Some(before) if before.terms == terms => before.end = end,
            _ => self.segments.push(Segment { start: day, end, terms }),
        }
        true
    }

    /// Has nothing count from `day` on, for an organization that goes. Inclusions shrink with the days.
    pub fn end_early(&mut self, day: Day) {
        let day = day.max(self.cycle.start);
        self.segments.retain(|segment| segment.start < day || segment.start == self.cycle.start);
        for segment in &mut self.segments {
            segment.end = segment.end.min(day);
        }
    }

    /// The terms that count on `day`.
    pub fn at(&self, day: Day) -> Option<&PlanTerms> {
        self.segments.iter().find(|segment| segment.contains(day)).map(|segment| &segment.terms)
    }

    /// What the cycle includes, as meters count; plans count by their days.
    pub fn included(&self, dimension: Dimension) -> i64 {
        let by_days = |segment: &Segment| i128::from(segment.terms.included(dimension)) * i128::from(segment.days());
        let included = round(self.segments.iter().map(by_days).sum(), i128::from(self.cycle.days().max(1)));
        i64::try_from(included).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::PerDimension;
    use crate::money::Currency;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn terms(plan: &str, compute: i64) -> PlanTerms {
        PlanTerms {
            plan: plan.into(),
            currency: Currency::parse("EUR").unwrap(),
            price: 3_100,
            included: PerDimension { compute: Some(compute), ..PerDimension::default() },
            overage: PerDimension::default(),
            meters: vec![],
            trial: false,
        }
    }

    fn shown(terms: &CycleTerms) -> Vec<String> {
        let days = |segment: &Segment| format!("{} {}..{}", segment.terms.plan, segment.start, segment.end);
        terms.segments().iter().map(days).collect()
    }

    #[test]
    fn months_are_counted_from_the_anchor() {
        let anchor = day("2026-01-31");
        let cycles: Vec<String> = (0..4).map(|n| Cycle::nth(anchor, n).to_string()).collect();
        assert_eq!(
            cycles,
            [
                "2026-01-31 to 2026-02-27",
                "2026-02-28 to 2026-03-30",
                "2026-03-31 to 2026-04-29",
                "2026-04-30 to 2026-05-30"
            ]
        );
        for (at, start) in [
            ("2026-02-27", "2026-01-31"),
            ("2026-02-28", "2026-02-28"),
            ("2026-03-30", "2026-02-28"),
            ("2026-03-31", "2026-03-31"),
            ("2030-12-30", "2030-11-30"),
            ("2026-01-30", "2025-12-31"),
            ("2024-02-29", "2024-02-29"),
        ] {
            assert_eq!(Cycle::containing(anchor, day(at)).start, day(start), "{at}");
        }
    }

    #[test]
    fn days_are_in_cycles_that_begin_on_days() {
        let cycle = Cycle::containing(day("2026-01-15"), day("2026-11-22"));
        for (first, last, starts) in [
            ("2026-11-22", "2026-11-22", &["2026-11-15"][..]),
            ("2026-11-14", "2026-11-14", &["2026-10-15"]),
            ("2026-10-15", "2026-11-15", &["2026-10-15", "2026-11-15"]),
            ("2026-09-01", "2026-11-22", &["2026-08-15", "2026-09-15", "2026-10-15", "2026-11-15"]),
        ] {
            let starts: Vec<Day> = starts.iter().map(|text| day(text)).collect();
            assert_eq!(cycle.starts(day(first), day(last)), starts, "{first} to {last}");
        }
    }

    #[test]
    fn plans_change_by_days() {
        let cycle = Cycle { start: day("2026-03-01"), end: day("2026-04-01") };
        let mut changing = CycleTerms::new(cycle, terms("A", 310));
        assert!(changing.change(day("2026-03-11"), terms("B", 620)));
        assert_eq!(shown(&changing), ["A 2026-03-01..2026-03-11", "B 2026-03-11..2026-04-01"]);
        // 310 for 10 days and 620 for 21, of 31.
        assert_eq!(changing.included(Dimension::Compute), 100 + 420);
        assert_eq!(changing.at(day("2026-03-10")).unwrap().plan, "A");
        assert_eq!(changing.at(day("2026-03-11")).unwrap().plan, "B");
        // Not into the past, not outside.
        for wrong in ["2026-03-10", "2026-04-01", "2026-02-28"] {
            assert!(!changing.change(day(wrong), terms("C", 0)), "{wrong}");
        }
        assert!(changing.change(day("2026-03-11"), terms("C", 0)));
        assert_eq!(shown(&changing), ["A 2026-03-01..2026-03-11", "C 2026-03-11..2026-04-01"]);
        // Back on the same day: nothing happened.
        assert!(changing.change(day("2026-03-11"), terms("A", 310)));
        assert_eq!(changing, CycleTerms::new(cycle, terms("A", 310)));
        // What was charged ahead stays known.
        assert!(changing.change(day("2026-03-01"), terms("B", 620)));
        assert_eq!(shown(&changing), ["A 2026-03-01..2026-03-01", "B 2026-03-01..2026-04-01"]);
        changing.end_early(day("2026-03-16"));
        assert_eq!(shown(&changing), ["A 2026-03-01..2026-03-01", "B 2026-03-01..2026-03-16"]);
        assert_eq!(changing.included(Dimension::Compute), 300);
        let yen = PlanTerms { currency: Currency::parse("JPY").unwrap(), ..terms("Y", 0) };
        assert!(!changing.change(day("2026-03-15"), yen));
        let json = serde_json::to_string(&changing).unwrap();
        assert_eq!(serde_json::from_str::<CycleTerms>(&json).unwrap(), changing);
    }

    #[test]
    fn a_trial_costs_nothing_and_includes_half_the_compute() {
        let mut trial = PlanTerms { trial: true, ..terms("A", 1_001) };
        trial.included.users = Some(5);
        assert_eq!((trial.included(Dimension::Compute), trial.included(Dimension::Users)), (500, 5));
        assert!(trial.base().is_zero());
    }
}

use std::collections::BTreeMap;

use super::Metered;
use crate::usage::Day;

/// The values of days, as meters count. A day may be below zero, when more was taken back than used; only a total can't.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Used(BTreeMap<Metered, BTreeMap<Day, i64>>);

impl Used {
    pub fn set(&mut self, what: Metered, day: Day, value: i64) {
        self.0.entry(what).or_default().insert(day, value);
    }

    pub fn get(&self, what: &Metered, day: Day) -> i64 {
        self.0.get(what).and_then(|days| days.get(&day)).copied().unwrap_or(0)
    }

    pub fn metered(&self) -> impl Iterator<Item = &Metered> {
        self.0.keys()
    }

    /// Every value there is.
    pub fn values(&self) -> impl Iterator<Item = (Metered, Day, i64)> {
        self.0.iter().flat_map(|(what, days)| days.iter().map(move |(day, value)| (what.clone(), *day, *value)))
    }

    /// From `start` until before `end`.
    pub(super) fn total(&self, what: &Metered, start: Day, end: Day) -> i128 {
        let days = self.0.get(what).into_iter().flatten();
        days.filter(|(day, _)| (start..end).contains(*day)).map(|(_, value)| i128::from(*value)).sum()
    }

    pub(super) fn days(&self, what: &Metered) -> impl Iterator<Item = Day> {
        self.0.get(what).into_iter().flat_map(|days| days.keys().copied())
    }
}

impl FromIterator<(Metered, Day, i64)> for Used {
    fn from_iter<T: IntoIterator<Item = (Metered, Day, i64)>>(values: T) -> Self {
        let mut used = Self::default();
        for (what, day, value) in values {
            used.set(what, day, value);
        }
        used
    }
}

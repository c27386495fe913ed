//! What the events of a day come to. Whatever their order, and however they are cut into batches, it is the same.

use super::{Aggregation, UsageEvent};
use crate::time::Timestamp;

/// The largest sum of an organization's day, and the smallest below zero: so that a year's days of all meters still add
/// up in 64 bits.
pub const TOTAL_MAX: i64 = 5_000_000_000_000_000;

/// A meter's day in one workspace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    pub value: i64,
    pub events: i64,
    /// Time, source and id of the event that the value is of; for meters that keep the latest.
    pub latest: Option<(Timestamp, String, String)>,
}

/// A day's sum is beyond what can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMuch;

impl Cell {
    /// Counts an event that wasn't counted before. `is_new_key`: no event of the cell named its key yet, which only meters
    /// of unique things ask.
    pub fn add(&mut self, aggregation: Aggregation, event: &UsageEvent, is_new_key: bool) -> Result<(), TooMuch> {
        match aggregation {
            Aggregation::Sum => self.value = self.value.checked_add(event.quantity).ok_or(TooMuch)?,
            Aggregation::Max if self.events == 0 => self.value = event.quantity,
            Aggregation::Max => self.value = self.value.max(event.quantity),
            Aggregation::Unique => self.value += i64::from(is_new_key),
            Aggregation::Last => {
                let known = self.latest.as_ref().map(|(at, source, id)| (*at, source.as_str(), id.as_str()));
                if known.is_none_or(|known| known < event.rank()) {
                    self.value = event.quantity;
                    self.latest = Some((event.at, event.source.clone(), event.id.clone()));
                }
            }
        }
        self.events += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngSeed};

    use super::*;
    use crate::usage::MeterKey;

    fn config() -> Config {
        Config { cases: 512, rng_seed: RngSeed::Fixed(0x05a6e), failure_persistence: None, ..Config::default() }
    }

    fn event(id: u8, second: i64, quantity: i64, key: u8) -> UsageEvent {
        UsageEvent {
            source: format!("s{}", id % 2),
            id: id.to_string(),
            workspace: None,
            meter: MeterKey::parse("m").unwrap(),
            at: Timestamp::from_micros(second),
            quantity,
            key: Some(key.to_string()),
            group: None,
        }
    }

    /// As the database does it: an event counts once, and a key is new once.
    fn fold<'a>(aggregation: Aggregation, events: impl IntoIterator<Item = &'a UsageEvent>) -> Cell {
        let (mut cell, mut taken, mut keys) = (Cell::default(), BTreeSet::new(), BTreeSet::new());
        for event in events {
            if taken.insert((&event.source, &event.id)) {
                cell.add(aggregation, event, keys.insert(&event.key)).unwrap();
            }
        }
        cell
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn order_and_repetition_change_nothing(
            told in prop::collection::vec((0_i64..5, -50_i64..50, 0_u8..4), 0..20),
            order in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
            aggregation in prop::sample::select(&Aggregation::ALL[..]),
        ) {
            let events: Vec<UsageEvent> = (0..).zip(&told).map(|(id, (at, quantity, key))| event(id, *at, *quantity, *key)).collect();
            let expected = fold(aggregation, &events);
            // Some of them again and again in any order, then each that was missing.
            let mut shuffled: Vec<&UsageEvent> = order.iter().filter(|_| !events.is_empty()).map(|n| n.get(&events)).collect();
            shuffled.extend(events.iter().rev());
            prop_assert_eq!(fold(aggregation, shuffled), expected);
        }
    }

    #[test]
    fn each_kind_of_meter_counts_its_way() {
        let events = [event(1, 30, 5, 1), event(2, 10, 9, 2), event(3, 20, -3, 1)];
        let value = |aggregation| fold(aggregation, &events).value;
        assert_eq!(Aggregation::ALL.map(value), [11, 5, 9, 2]);
        assert_eq!(fold(Aggregation::Max, &[event(1, 0, -4, 0)]).value, -4);
    }

    #[test]
    fn too_much_is_said() {
        let mut cell = Cell { value: i64::MAX, events: 1, latest: None };
        assert_eq!(cell.add(Aggregation::Sum, &event(1, 0, 1, 0), false), Err(TooMuch));
        assert_eq!(cell.events, 1);
    }
}

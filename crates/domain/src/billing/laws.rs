//! What holds for any terms and any use, tried on generated ones.

use proptest::prelude::*;

use super::*;
use crate::money::{Currency, Money, UnitPrice};
use crate::testing::config;
use crate::usage::{Aggregation, Day, Dimension, MeterKey};

fn currency() -> Currency {
    Currency::parse("USD").unwrap()
}

fn meter() -> Metered {
    Metered::Meter(MeterKey::parse("gpu_seconds").unwrap())
}

fn what() -> impl Strategy<Value = Metered> {
    prop::sample::select(Dimension::ALL.map(Metered::Dimension).into_iter().chain([meter()]).collect::<Vec<_>>())
}

/// From far below a cent to far above.
fn price() -> impl Strategy<Value = Option<UnitPrice>> {
    let millionths = prop_oneof![0..1_000_i64, 0..1_000_000_000_i64, Just(100_000_000_000)];
    prop::option::weighted(0.8, millionths.prop_map(|millionths| UnitPrice::from_millionths(millionths).unwrap()))
}

fn terms() -> impl Strategy<Value = PlanTerms> {
    let per = |most: i64| prop::option::of(0..most);
    let included = (per(200_000_000), per(80_000_000_000), per(20));
    let reading = prop::sample::select(Aggregation::ALL.map(Aggregation::reading).to_vec());
    (0..1_000_000_i64, included, (price(), price(), price()), (price(), reading), prop::bool::weighted(0.1)).prop_map(
        |(base, (compute, storage, users), overage, (own, reading), trial)| PlanTerms {
            plan: format!("Plan {base}"),
            currency: currency(),
            price: base,
            included: PerDimension { compute, storage, users },
            overage: PerDimension { compute: overage.0, storage: overage.1, users: overage.2 },
            meters: vec![MeterPrice {
                key: MeterKey::parse("gpu_seconds").unwrap(),
                label: "GPU".into(),
                unit: "s".into(),
                reading,
                price: own,
            }],
            trial,
        },
    )
}

/// A month of any anchor with up to three changes of plan.
fn cycles() -> impl Strategy<Value = CycleTerms> {
    let changes = prop::collection::vec((0..31_i64, terms()), 0..3);
    (0..40_000_i64, -20..200_i64, terms(), changes).prop_map(|(anchor, n, first, mut changes)| {
        let cycle = Cycle::nth(Day::from_number(anchor), n);
        let mut made = CycleTerms::new(cycle, first);
        changes.sort_by_key(|(day, _)| *day);
        for (day, terms) in changes {
            let day = cycle.start.plus(day.min(cycle.days() - 1));
            assert!(made.change(day, terms));
        }
        made
    })
}

/// Values of days by their number in the cycle, some of them below zero.
fn values() -> impl Strategy<Value = Vec<(Metered, i64, i64)>> {
    let value =
        prop_oneof![3 => 0..20_000_000_i64, 1 => -2_000_000..0_i64, 1 => 0..20_i64, 1 => 0..200_000_000_000_i64];
    prop::collection::vec((what(), 0..31_i64, value), 0..40)
}

fn set(used: &mut Used, cycle: Cycle, values: &[(Metered, i64, i64)]) {
    for (what, day, value) in values {
        used.set(what.clone(), cycle.start.plus((*day).min(cycle.days() - 1)), *value);
    }
}

fn charged(terms: &CycleTerms, used: &Used) -> Money {
    Money::sum(charges(terms, used).unwrap().iter().map(|charge| charge.amount), currency()).unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn months_follow_each_other(anchor in 0..40_000_i64, day in -20_000..60_000_i64) {
        let (anchor, day) = (Day::from_number(anchor), Day::from_number(day));
        let cycle = Cycle::containing(anchor, day);
        prop_assert!(cycle.contains(day), "{cycle} has {day}");
        prop_assert!((28..=31).contains(&cycle.days()));
        prop_assert_eq!(Cycle::containing(anchor, cycle.end).start, cycle.end);
        prop_assert_eq!(Cycle::containing(anchor, cycle.start), cycle);
    }

    #[test]
    fn the_shares_of_a_cycle_come_to_its_price(
        price in 0..1_000_000_000_000_i64, anchor in 0..40_000_i64, mut cuts in prop::collection::vec(0..=31_i64, 0..31),
    ) {
        let cycle = Cycle::nth(Day::from_number(anchor), 0);
        let price = Money::new(price, currency());
        cuts.extend([0, cycle.days()]);
        cuts.iter_mut().for_each(|cut| *cut = (*cut).min(cycle.days()));
        cuts.sort_unstable();
        let parts = cuts.windows(2).map(|cut| share(price, cycle, cycle.start.plus(cut[0]), cycle.start.plus(cut[1])).unwrap());
        let parts: Vec<Money> = parts.collect();
        prop_assert!(parts.iter().all(|part| part.minor >= 0));
        prop_assert_eq!(Money::sum(parts, currency()).unwrap(), price);
    }

    /// Whoever changes plans has paid each day's share of its plan by the end.
    #[test]
    fn changes_of_plan_come_to_the_days_of_each(terms in cycles()) {
        let ahead = terms.segments()[0].terms.base();
        let changes = prorations(&terms).unwrap();
        let paid = Money::sum(changes.iter().map(|change| change.amount), currency()).unwrap().checked_add(ahead).unwrap();
        let days = terms.segments().iter().map(|segment| share(segment.terms.base(), terms.cycle, segment.start, segment.end).unwrap());
        prop_assert_eq!(paid, Money::sum(days, currency()).unwrap());
    }

    /// However late, and however often a day is corrected.
    #[test]
    fn late_changes_cost_what_they_would_have_in_time(
        terms in cycles(), first in values(), rounds in prop::collection::vec(values(), 1..4),
    ) {
        let mut billed = Used::default();
        set(&mut billed, terms.cycle, &first);
        let mut paid = charged(&terms, &billed);
        for late in rounds {
            let mut now = billed.clone();
            set(&mut now, terms.cycle, &late);
            let lines = adjustments(&terms, &billed, &now).unwrap();
            for line in &lines {
                paid = paid.checked_add(line.amount).unwrap();
                prop_assert!(line.billed != line.now);
                // What was noted as billed is what is true now.
                billed.set(line.what.clone(), line.day, line.now);
            }
            let places: Vec<_> = lines.iter().map(|line| (&line.what, line.day)).collect();
            prop_assert!(places.is_sorted_by(|one, next| one < next), "a day twice, or out of order: {places:?}");
            prop_assert_eq!(paid, charged(&terms, &now));
            prop_assert!(adjustments(&terms, &billed, &now).unwrap().is_empty());
        }
    }

    #[test]
    fn more_use_never_costs_less(terms in cycles(), first in values(), day in 0..31_i64, what in what(), more in 1..1_000_000_000_i64) {
        let mut used = Used::default();
        set(&mut used, terms.cycle, &first);
        let before = charged(&terms, &used);
        let day = terms.cycle.start.plus(day.min(terms.cycle.days() - 1));
        used.set(what.clone(), day, used.get(&what, day) + more);
        prop_assert!(before.minor <= charged(&terms, &used).minor && before.minor >= 0);
    }

    /// Nothing is lost or made between one invoice and the next.
    #[test]
    fn credit_is_carried_whole(
        terms in cycles(), use_of in values(), late in values(), credit in 0..10_000_000_i64, goes_on in any::<bool>(),
    ) {
        let mut billed = Used::default();
        set(&mut billed, terms.cycle, &use_of);
        let mut now = billed.clone();
        set(&mut now, terms.cycle, &late);
        let late = adjustments(&terms, &billed, &now).unwrap();
        let last = &terms.segments()[terms.segments().len() - 1].terms;
        let bill = Bill::of(&Owed {
            currency: currency(),
            ended: Some(Ended { terms: &terms, used: &billed }),
            begins: goes_on.then_some(Begins { cycle: Cycle { start: terms.cycle.end, end: terms.cycle.end.plus(30) }, terms: last }),
            adjustments: &late,
            credit: Money::new(credit, currency()),
        })
        .unwrap();
        prop_assert!(bill.total.minor >= 0 && bill.credit_carried.minor >= 0);
        prop_assert!(bill.total.is_zero() || bill.credit_carried.is_zero());
        prop_assert_eq!(Money::sum(bill.lines.iter().map(|line| line.amount), currency()).unwrap(), bill.total);
        let owed = |kind: LineKind| matches!(kind, LineKind::Base | LineKind::Proration | LineKind::Usage | LineKind::Adjustment);
        let owed: i64 = bill.lines.iter().filter(|line| owed(line.kind)).map(|line| line.amount.minor).sum();
        prop_assert_eq!(owed - credit, bill.total.minor - bill.credit_carried.minor);
        let json = serde_json::to_string(&bill).unwrap();
        prop_assert_eq!(serde_json::from_str::<Bill>(&json).unwrap(), bill);
    }
}

#[test]
fn the_largest_values_are_billed_exactly_or_refused() {
    let dearest = UnitPrice::from_millionths(1_000_000_000_000_000);
    let terms = |overage| PlanTerms {
        plan: "Large".into(),
        currency: currency(),
        price: 0,
        included: PerDimension { compute: Some(i64::MAX), ..PerDimension::default() },
        overage,
        meters: vec![],
        trial: false,
    };
    let cycle = Cycle::nth(Day::from_number(0), 0);
    let mut used = Used::default();
    for day in 0..31 {
        used.set(Metered::Dimension(Dimension::Compute), cycle.start.plus(day), i64::MAX);
    }
    let all = PerDimension { compute: dearest, storage: dearest, users: dearest };
    let dear = CycleTerms::new(cycle, terms(all));
    assert!(charges(&dear, &used).is_err());
    let cheap = PerDimension { compute: UnitPrice::from_millionths(60_000), ..PerDimension::default() };
    let cheap = CycleTerms::new(cycle, terms(cheap));
    // 30 days beyond, at a millionth of a minor unit for a millisecond: 30 × 9 223 372 036 854 775 807 ÷ 1 000 000.
    assert_eq!(charged(&cheap, &used).minor, 276_701_161_105_643);
}

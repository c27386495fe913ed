//! Invoices worked out on paper.

use super::*;
use crate::money::{Currency, Money, UnitPrice};
use crate::usage::{Day, Dimension, MeterKey, Reading};

const MINUTE: i64 = 60_000;
const GB: i64 = 1_000_000_000;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn plan(name: &str, code: &str, price: &str, included: [i64; 3], overage: [&str; 3]) -> PlanTerms {
    let [compute, storage, users] = included;
    let unit = |text: &str| UnitPrice::parse(text, currency(code)).ok();
    PlanTerms {
        plan: name.into(),
        currency: currency(code),
        price: Money::parse(price, currency(code)).unwrap().minor,
        included: PerDimension { compute: Some(compute * MINUTE), storage: Some(storage * GB), users: Some(users) },
        overage: PerDimension { compute: unit(overage[0]), storage: unit(overage[1]), users: unit(overage[2]) },
        meters: vec![MeterPrice {
            key: MeterKey::parse("gpu_seconds").unwrap(),
            label: "GPU time".into(),
            unit: "s".into(),
            reading: Reading::Flow,
            price: unit("0.0001"),
        }],
        trial: false,
    }
}

fn of(dimension: Dimension) -> Metered {
    Metered::Dimension(dimension)
}

fn shown(bill: &Bill) -> Vec<[String; 4]> {
    let line = |line: &Line| [&line.text, &line.quantity, &line.unit_price, &line.amount.plain()].map(Clone::clone);
    bill.lines.iter().map(line).collect()
}

#[test]
fn an_invoice_in_dollars() {
    let team = plan("Team", "USD", "49", [1_000, 10, 5], ["0.02", "0.10", "9"]);
    let business = plan("Business", "USD", "149", [5_000, 10, 20], ["0.01", "0.08", "8"]);
    let anchor = day("2026-02-01");

    // February, billed before: 950 of 1,000 min, and 8 of 10 GB on each of its 28 days.
    let february = CycleTerms::new(Cycle::nth(anchor, 0), team.clone());
    let mut billed = Used::default();
    billed.set(of(Dimension::Compute), day("2026-02-10"), 800 * MINUTE);
    billed.set(of(Dimension::Compute), day("2026-02-27"), 100 * MINUTE);
    billed.set(of(Dimension::Compute), day("2026-02-28"), 50 * MINUTE);
    for n in 0..28 {
        billed.set(of(Dimension::Storage), anchor.plus(n), 8 * GB);
    }
    assert!(charges(&february, &billed).unwrap().iter().all(|charge| charge.amount.is_zero()));
    let mut now = billed.clone();
    now.set(of(Dimension::Compute), day("2026-02-27"), 250 * MINUTE);
    now.set(of(Dimension::Compute), day("2026-02-28"), 20 * MINUTE);
    now.set(of(Dimension::Storage), day("2026-02-20"), 9 * GB);
    let late = adjustments(&february, &billed, &now).unwrap();
    // The storage costs nothing, and is noted all the same.
    assert_eq!(late.len(), 3);

    // March: 10 days of Team, 21 of Business.
    let mut march = CycleTerms::new(Cycle::nth(anchor, 1), team);
    assert!(march.change(day("2026-03-11"), business.clone()));
    let mut used = Used::default();
    used.set(of(Dimension::Compute), day("2026-03-03"), 400 * MINUTE);
    used.set(of(Dimension::Compute), day("2026-03-20"), 2_000 * MINUTE);
    for n in 0..31 {
        used.set(of(Dimension::Storage), march.cycle.start.plus(n), 12 * GB);
        used.set(of(Dimension::Users), march.cycle.start.plus(n), 7);
    }
    used.set(Metered::Meter(MeterKey::parse("gpu_seconds").unwrap()), day("2026-03-05"), 150);

    let bill = Bill::of(&Owed {
        currency: currency("USD"),
        ended: Some(Ended { terms: &march, used: &used }),
        begins: Some(Begins { cycle: Cycle::nth(anchor, 2), terms: &business }),
        adjustments: &late,
        credit: Money::new(500, currency("USD")),
    })
    .unwrap();
    let expected = [
        ["Business, 2026-04-01 to 2026-04-30", "1 month", "USD 149.00", "149.00"],
        // Until the 11th Team cost 49 × 10 ÷ 31 = 15.806 → 15.81, so 49 − 15.81 go back.
        ["Team, rest of 2026-03-11 to 2026-03-31: credit for a change of plan", "21 of 31 days", "USD 49.00", "-33.19"],
        // 149 × 10 ÷ 31 = 48.064 → 48.06, so 149 − 48.06 are due.
        [
            "Business, rest of 2026-03-11 to 2026-03-31: charge for a change of plan",
            "21 of 31 days",
            "USD 149.00",
            "100.94",
        ],
        // 400 − 1,000 × 10 ÷ 31 = 2,400 ÷ 31; × 0.02 = 1.548 → 1.55.
        [
            "Compute, 2026-03-01 to 2026-03-10: 400 min used, 322.580645 min included",
            "77.419355 min",
            "USD 0.02 / min",
            "1.55",
        ],
        // 5,000 × 21 ÷ 31 are more than 2,000.
        [
            "Compute, 2026-03-11 to 2026-03-31: 2,000 min used, 3,387.096774 min included",
            "0 min",
            "USD 0.01 / min",
            "0.00",
        ],
        // (12 − 10) × 10 ÷ 31; × 0.10 = 0.0645 → 0.06.
        [
            "Storage, 2026-03-01 to 2026-03-10: 3.870968 GB-months used, 3.225806 GB-months included",
            "0.645161 GB-months",
            "USD 0.10 / GB-month",
            "0.06",
        ],
        // (12 − 10) × 21 ÷ 31; × 0.08 = 0.1084 → 0.11.
        [
            "Storage, 2026-03-11 to 2026-03-31: 8.129032 GB-months used, 6.774194 GB-months included",
            "1.354839 GB-months",
            "USD 0.08 / GB-month",
            "0.11",
        ],
        // (7 − 5) × 10 ÷ 31; × 9 = 5.806 → 5.81.
        [
            "Users, 2026-03-01 to 2026-03-10: 2.258065 user-months used, 1.612903 user-months included",
            "0.645161 user-months",
            "USD 9.00 / user-month",
            "5.81",
        ],
        [
            "Users, 2026-03-11 to 2026-03-31: 4.741935 user-months used, 13.548387 user-months included",
            "0 user-months",
            "USD 8.00 / user-month",
            "0.00",
        ],
        // 150 × 0.0001 = 0.015 → 0.02.
        ["GPU time, 2026-03-01 to 2026-03-10: 150 s used", "150 s", "USD 0.0001 / s", "0.02"],
        // 950 + 150 − 1,000 = 100 min at 0.02.
        ["Compute on 2026-02-27, reported late: 250 min instead of 100 min", "100 min", "USD 0.02 / min", "2.00"],
        // 100 − 30 = 70 min: 1.40 instead of 2.00.
        ["Compute on 2026-02-28, reported late: 20 min instead of 50 min", "−30 min", "USD 0.02 / min", "-0.60"],
        ["Credit from the previous invoice", "", "", "-5.00"],
    ];
    assert_eq!(shown(&bill), expected);
    // 149 − 33.19 + 100.94 + 1.55 + 0.06 + 0.11 + 5.81 + 0.02 + 2 − 0.60 − 5
    assert_eq!(bill.total.to_string(), "USD 220.70");
    assert!(bill.credit_carried.is_zero());
}

#[test]
fn an_invoice_in_yen_that_carries_credit() {
    let team = plan("Team", "JPY", "5000", [1_000, 10, 5], ["0.5", "", ""]);
    let business = plan("Business", "JPY", "15000", [1_000, 10, 20], ["0.5", "", ""]);
    let anchor = day("2026-04-01");
    let mut april = CycleTerms::new(Cycle::nth(anchor, 0), business);
    assert!(april.change(day("2026-04-15"), team.clone()));
    let mut used = Used::default();
    used.set(of(Dimension::Compute), day("2026-04-02"), 500 * MINUTE);
    // Taken back later than it was used; only the sum counts.
    used.set(of(Dimension::Compute), day("2026-04-03"), -9 * MINUTE);
    used.set(of(Dimension::Users), day("2026-04-02"), 100);
    let owed = Owed {
        currency: currency("JPY"),
        ended: Some(Ended { terms: &april, used: &used }),
        begins: Some(Begins { cycle: Cycle::nth(anchor, 1), terms: &team }),
        adjustments: &[],
        credit: Money::zero(currency("JPY")),
    };
    let bill = Bill::of(&owed).unwrap();
    let expected = [
        ["Team, 2026-05-01 to 2026-05-31", "1 month", "JPY 5,000", "5000"],
        // 15,000 × 14 ÷ 30 = 7,000 were used up.
        [
            "Business, rest of 2026-04-15 to 2026-04-30: credit for a change of plan",
            "16 of 30 days",
            "JPY 15,000",
            "-8000",
        ],
        // 5,000 × 14 ÷ 30 = 2,333.3 → 2,333; 5,000 − 2,333.
        ["Team, rest of 2026-04-15 to 2026-04-30: charge for a change of plan", "16 of 30 days", "JPY 5,000", "2667"],
        // 491 − 1,000 × 14 ÷ 30 = 24.333; × 0.5 = 12.17 → 12. Users have no price.
        [
            "Compute, 2026-04-01 to 2026-04-14: 491 min used, 466.666667 min included",
            "24.333333 min",
            "JPY 0.5 / min",
            "12",
        ],
        ["Credit carried to the next invoice", "", "", "321"],
    ];
    assert_eq!(shown(&bill), expected);
    // 5,000 − 8,000 + 2,667 + 12 = −321
    assert_eq!((bill.total.minor, bill.credit_carried.minor), (0, 321));

    let estimate = Estimate::of(&owed, day("2026-04-20")).unwrap();
    assert_eq!((estimate.on, &estimate.bill), (day("2026-05-01"), &bill));

    // The next one begins with it.
    let may = CycleTerms::new(Cycle::nth(anchor, 1), team.clone());
    let next = Bill::of(&Owed {
        ended: Some(Ended { terms: &may, used: &Used::default() }),
        begins: Some(Begins { cycle: Cycle::nth(anchor, 2), terms: &team }),
        credit: bill.credit_carried,
        ..owed
    })
    .unwrap();
    // 5,000 − 321
    assert_eq!(next.total.to_string(), "JPY 4,679");
    assert_eq!(shown(&next)[1], ["Credit from the previous invoice", "", "", "-321"]);
}

#[test]
fn a_trial_ends_without_a_charge() {
    let trial = PlanTerms { trial: true, ..plan("Team", "USD", "49", [1_000, 10, 5], ["0.02", "0.10", "9"]) };
    let fortnight = CycleTerms::new(Cycle { start: day("2026-03-01"), end: day("2026-03-15") }, trial.clone());
    let used: Used = [(of(Dimension::Compute), day("2026-03-02"), 5_000 * MINUTE)].into_iter().collect();
    let owed = Owed {
        currency: currency("USD"),
        ended: Some(Ended { terms: &fortnight, used: &used }),
        begins: None,
        adjustments: &[],
        credit: Money::zero(currency("USD")),
    };
    assert_eq!(Bill::of(&owed).unwrap().lines, []);
    let ahead = Begins { cycle: fortnight.cycle, terms: &trial };
    let first = Bill::of(&Owed { ended: None, begins: Some(ahead), ..owed }).unwrap();
    assert_eq!(shown(&first), [["Team (trial), 2026-03-01 to 2026-03-14", "14 days", "USD 0.00", "0.00"]]);
    assert_eq!(fortnight.included(Dimension::Compute), 500 * MINUTE);
}

#[test]
fn numbers_of_invoices_are_read_as_they_are_written() {
    for (number, text) in [(42, "INV-000042"), (1_234_567, "INV-1234567")] {
        assert_eq!(InvoiceNumber::new(number).to_string(), text);
        assert_eq!(InvoiceNumber::parse(text), Some(InvoiceNumber::new(number)));
    }
    for wrong in ["", "INV-", "INV-42", "INV-0000042", "inv-000042", "INV-+00042", "INV--00042"] {
        assert_eq!(InvoiceNumber::parse(wrong), None, "{wrong}");
    }
}

use std::collections::BTreeSet;

use super::charge::{Cost, Quantity};
use super::terms::Rate;
use super::{Charge, CycleTerms, Metered, Used};
use crate::money::{Money, MoneyError};
use crate::usage::Day;

/// A day whose value changed after it was billed, and what that costs or gives back. The new value is the billed one from
/// now on, even if it makes no difference.
#[derive(Debug, Clone)]
pub struct Adjustment<'a> {
    pub what: Metered,
    pub day: Day,
    pub billed: i64,
    pub now: i64,
    /// Zero where the change costs nothing; then no line tells of it.
    pub amount: Money,
    cost: Option<(Rate<'a>, Quantity)>,
}

impl Adjustment<'_> {
    /// Text, quantity and price for the invoice.
    pub(super) fn words(&self) -> Option<(String, String, String)> {
        let (rate, beyond) = self.cost.as_ref()?;
        let (now, billed) = (rate.daily(self.now), rate.daily(self.billed));
        let text = format!("{} on {}, reported late: {now} instead of {billed}", rate.label, self.day);
        Some((text, rate.counted(*beyond), rate.price_text(self.amount.currency)))
    }
}

/// What changed in a cycle since it was billed, a day each, at the cycle's own prices.
///
/// A day's line is what the charge comes to with the new values of all days until it, less what it comes to with those of the
/// days before it; the other days count as they were billed. So the lines add up to the difference of the two charges,
/// whatever is rounded and wherever an inclusion ends, and any sequence of late changes costs what it would have in time.
pub fn adjustments<'a>(terms: &'a CycleTerms, billed: &Used, now: &Used) -> Result<Vec<Adjustment<'a>>, MoneyError> {
    let metered: BTreeSet<&Metered> = billed.metered().chain(now.metered()).collect();
    let mut found = Vec::new();
    for what in metered {
        for segment in terms.segments() {
            let days: BTreeSet<Day> = billed.days(what).chain(now.days(what)).collect();
            let changed = days.into_iter().filter(|day| segment.contains(*day));
            let cost = segment.terms.rate(what).map(|rate| Cost { segment, cycle_days: terms.cycle.days(), rate });
            let mut total = billed.total(what, segment.start, segment.end);
            let charge = |total: i128| cost.map(|cost| cost.of(what.clone(), total)).transpose();
            let mut before = charge(total)?;
            for day in changed {
                let (was, is) = (billed.get(what, day), now.get(what, day));
                if was == is {
                    continue;
                }
                total += i128::from(is) - i128::from(was);
                let after = charge(total)?;
                let (amount, cost) = match (&before, &after) {
                    (Some(before), Some(after)) => difference(before, after)?,
                    _ => (Money::zero(segment.terms.currency), None),
                };
                found.push(Adjustment { what: what.clone(), day, billed: was, now: is, amount, cost });
                before = after;
            }
        }
    }
    Ok(found)
}

fn difference<'a>(
    before: &Charge<'a>,
    after: &Charge<'a>,
) -> Result<(Money, Option<(Rate<'a>, Quantity)>), MoneyError> {
    Ok((after.amount.checked_sub(before.amount)?, Some((after.rate, after.beyond.minus(before.beyond)))))
}

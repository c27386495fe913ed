use super::{Cycle, CycleTerms, PlanTerms};
use crate::money::{Money, MoneyError, round};
use crate::usage::Day;

/// What the days from `from` until before `to` cost of a price for the whole cycle. The price until one day is taken from
/// that until the other, so the parts of a cycle come to its price however it is cut.
pub fn share(price: Money, cycle: Cycle, from: Day, to: Day) -> Result<Money, MoneyError> {
    let until = |day: Day| {
        let passed = day.since(cycle.start).clamp(0, cycle.days());
        round(i128::from(price.minor) * i128::from(passed), i128::from(cycle.days().max(1)))
    };
    let minor = i64::try_from(until(to) - until(from)).map_err(|_| MoneyError::TooLarge)?;
    Ok(Money::new(minor, price.currency))
}

/// What a change of plan gives back or costs, for the rest of its cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proration<'a> {
    pub terms: &'a PlanTerms,
    /// The days it is about: from the change to the end of the cycle.
    pub days: Cycle,
    /// Below zero for the plan that was left.
    pub amount: Money,
}

/// The changes within a cycle: for each, the rest of the plan that was left and the rest of the one that was taken.
pub fn prorations(terms: &CycleTerms) -> Result<Vec<Proration<'_>>, MoneyError> {
    let mut found = Vec::new();
    for pair in terms.segments().windows(2) {
        let [old, new] = pair else { continue };
        if old.terms.base() == new.terms.base() && old.terms.plan == new.terms.plan {
            continue;
        }
        let days = Cycle { start: new.start, end: terms.cycle.end };
        let rest = |of: &PlanTerms| share(of.base(), terms.cycle, days.start, days.end);
        found.push(Proration { terms: &old.terms, days, amount: rest(&old.terms)?.checked_neg()? });
        found.push(Proration { terms: &new.terms, days, amount: rest(&new.terms)? });
    }
    found.retain(|proration| !proration.amount.is_zero());
    Ok(found)
}

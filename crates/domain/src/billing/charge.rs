use super::terms::Rate;
use super::{CycleTerms, Metered, Segment, Used};
use crate::money::{Money, MoneyError, UnitPrice, ratio_text};
use crate::usage::Reading;

/// An exact number of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    numerator: i128,
    divisor: i128,
}

impl Quantity {
    pub(super) const fn new(numerator: i128, divisor: i128) -> Self {
        Self { numerator, divisor }
    }

    /// With up to six decimals.
    pub fn text(self) -> String {
        ratio_text(self.numerator, self.divisor, 6)
    }

    /// Of quantities counted in the same parts.
    pub(super) const fn minus(self, other: Self) -> Self {
        Self::new(self.numerator - other.numerator, self.divisor)
    }

    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }
}

/// What the use of some days of a cycle costs.
#[derive(Debug, Clone)]
pub struct Charge<'a> {
    pub what: Metered,
    pub segment: &'a Segment,
    pub used: Quantity,
    pub included: Quantity,
    pub beyond: Quantity,
    pub price: UnitPrice,
    pub amount: Money,
    pub(super) rate: Rate<'a>,
}

/// What the use in a cycle costs: for everything that has a price and was used, one charge for each of its segments.
pub fn charges<'a>(terms: &'a CycleTerms, used: &Used) -> Result<Vec<Charge<'a>>, MoneyError> {
    let mut found = Vec::new();
    for segment in terms.segments() {
        for what in segment.terms.metered() {
            let Some(rate) = segment.terms.rate(&what) else { continue };
            let total = used.total(&what, segment.start, segment.end);
            if total == 0 {
                continue;
            }
            let cost = Cost { segment, cycle_days: terms.cycle.days(), rate };
            found.push(cost.of(what, total)?);
        }
    }
    Ok(found)
}

/// How a total of a segment's days becomes a charge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost<'a> {
    pub segment: &'a Segment,
    pub cycle_days: i64,
    pub rate: Rate<'a>,
}

impl<'a> Cost<'a> {
    /// Both use and inclusion are counted in parts of a day of the cycle, which keeps them whole: an inclusion counts for the
    /// segment's share of the days, and a level counts each day for as much. Values of days are `i64`, prices have a
    /// highest one, so `i128` holds all of it; were it not so, it would be an error and not a wrong amount.
    pub fn of(&self, what: Metered, total: i128) -> Result<Charge<'a>, MoneyError> {
        let days = i128::from(self.cycle_days.max(1));
        let used = match self.rate.reading {
            Reading::Flow => total.checked_mul(days).ok_or(MoneyError::TooLarge)?,
            Reading::Level => total,
        };
        let used = used.max(0);
        let included = i128::from(self.rate.included) * i128::from(self.segment.days());
        let beyond = (used - included).max(0);
        let divisor = days * i128::from(self.rate.per_unit);
        let minor = self.rate.price.times(beyond, divisor)?;
        Ok(Charge {
            what,
            segment: self.segment,
            used: Quantity::new(used, divisor),
            included: Quantity::new(included, divisor),
            beyond: Quantity::new(beyond, divisor),
            price: self.rate.price,
            amount: Money::new(minor, self.segment.terms.currency),
            rate: self.rate,
        })
    }
}

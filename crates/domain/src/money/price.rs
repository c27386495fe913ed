use serde::{Deserialize, Serialize};

use super::{Currency, MoneyError, decimal, grouped, point, round, split};

/// The smallest part of a price, in decimals of a minor unit.
const PRICE_DIGITS: u32 = 6;
const MILLIONTHS: i64 = 10_i64.pow(PRICE_DIGITS);
/// The highest price of a unit, in minor units: with the largest values of days, a cycle's charge stays within `i128`.
const PRICE_MAX: i64 = 1_000_000_000;

/// What one unit costs, a minute or a gigabyte for a month: in millionths of a minor unit, since it may be far below one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitPrice(i64);

impl UnitPrice {
    /// `None` for one that no plan may have.
    pub fn from_millionths(millionths: i64) -> Option<Self> {
        (0..=PRICE_MAX * MILLIONTHS).contains(&millionths).then_some(Self(millionths))
    }

    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// From `0.0001`, in the major unit.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let millionths = decimal(text, currency, currency.digits() + PRICE_DIGITS)?;
        if millionths < 0 {
            return Err(MoneyError::Negative);
        }
        Self::from_millionths(millionths).ok_or(MoneyError::TooLarge)
    }

    /// `0.0001`, `12.50`: all decimals there are, and never fewer than amounts have.
    pub fn plain(self, currency: Currency) -> String {
        let (whole, part) = self.split(currency);
        format!("{whole}{part}")
    }

    /// `USD 0.0001`
    pub fn text(self, currency: Currency) -> String {
        let (whole, part) = self.split(currency);
        format!("{currency} {}{part}", grouped(whole))
    }

    fn split(self, currency: Currency) -> (u64, String) {
        let most = currency.digits() + PRICE_DIGITS;
        let (whole, part) = split(self.0, most);
        (whole, point(part, currency.digits(), most))
    }

    /// What `amount / divisor` units cost, in minor units; the only place where use becomes money.
    pub fn times(self, amount: i128, divisor: i128) -> Result<i64, MoneyError> {
        let exact = amount.checked_mul(i128::from(self.0)).ok_or(MoneyError::TooLarge)?;
        let divisor = divisor.checked_mul(i128::from(MILLIONTHS)).ok_or(MoneyError::TooLarge)?;
        i64::try_from(round(exact, divisor)).map_err(|_| MoneyError::TooLarge)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::config;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    #[test]
    fn prices_go_far_below_a_cent() {
        let usd = currency("USD");
        let price = UnitPrice::parse("0.0001", usd).unwrap();
        assert_eq!(price.millionths(), 10_000);
        assert_eq!(price.plain(usd), "0.0001");
        assert_eq!(UnitPrice::parse("1234.5", usd).unwrap().text(usd), "USD 1,234.50");
        assert_eq!(UnitPrice::parse("2", currency("JPY")).unwrap().text(currency("JPY")), "JPY 2");
        assert_eq!(
            UnitPrice::parse("0.000000001", usd).unwrap_err().to_string(),
            "An amount in USD has at most 8 decimals here."
        );
        assert_eq!(UnitPrice::parse("-1", usd), Err(MoneyError::Negative));
        assert_eq!(UnitPrice::parse("10000000.01", usd), Err(MoneyError::TooLarge));
        // 150 seconds at USD 0.0001 are 1.5 cents.
        assert_eq!(price.times(150, 1), Ok(2));
        assert_eq!(price.times(-150, 1), Ok(-2));
        assert_eq!(price.times(149, 1), Ok(1));
        assert_eq!(price.times(i128::MAX, 1), Err(MoneyError::TooLarge));
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn what_is_written_is_read_back(
            millionths in 0..=PRICE_MAX * MILLIONTHS,
            code in prop::sample::select(&["USD", "JPY", "KWD"][..]),
        ) {
            let (currency, price) = (currency(code), UnitPrice::from_millionths(millionths).unwrap());
            prop_assert_eq!(UnitPrice::parse(&price.plain(currency), currency), Ok(price));
        }
    }
}

//! Money, exact: whole minor units of a currency, prices of a unit in millionths of them, and the one rounding.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The smallest part of a price, in decimals of a minor unit.
const PRICE_DIGITS: u32 = 6;
const MILLIONTHS: i64 = 10_i64.pow(PRICE_DIGITS);
/// The highest price of a unit, in minor units: with the largest values of days, a cycle's charge stays within `i128`.
const PRICE_MAX: i64 = 1_000_000_000;

/// A currency of ISO 4217 that people pay with: no metals, funds or test codes. One that was superseded can still be
/// read, since old invoices name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// From the code, in any case.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let code = text.trim().to_ascii_uppercase();
        iso_currency::Currency::from_code(&code)
            .filter(|found| !found.is_special() && !found.is_fund() && found.exponent().is_some())
            .map(Self)
            .ok_or(MoneyError::UnknownCurrency)
    }

    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Decimals of the major unit: 2 for euros and cents, 0 for yen.
    pub fn digits(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, MoneyError> {
        Self::parse(&text)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// Why a text is no amount, or a sum can't be had; the words are for whoever typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyError {
    UnknownCurrency,
    NotANumber,
    TooManyDecimals { currency: Currency, allowed: u32 },
    TooLarge,
    Negative,
    MixedCurrencies,
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCurrency => f.write_str("Write a currency's code of three letters (ISO 4217), such as EUR."),
            Self::NotANumber => f.write_str("Write a number with digits and at most one point, such as 1234.5."),
            Self::TooManyDecimals { currency, allowed: 0 } => write!(f, "An amount in {currency} has no decimals."),
            Self::TooManyDecimals { currency, allowed: 1 } => {
                write!(f, "An amount in {currency} has at most 1 decimal here.")
            }
            Self::TooManyDecimals { currency, allowed } => {
                write!(f, "An amount in {currency} has at most {allowed} decimals here.")
            }
            Self::TooLarge => f.write_str("The amount is too large."),
            Self::Negative => f.write_str("A price can't be below zero."),
            Self::MixedCurrencies => f.write_str("Amounts of different currencies can't be added."),
        }
    }
}

impl std::error::Error for MoneyError {}

/// An amount in whole minor units; below zero it is a credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// From `1234.56`, as [`Self::plain`] writes it; fewer decimals are fine.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        Ok(Self::new(decimal(text, currency, currency.digits())?, currency))
    }

    /// `1234.56`, for programs.
    pub fn plain(self) -> String {
        let digits = self.currency.digits();
        let sign = if self.minor < 0 { "-" } else { "" };
        let (whole, part) = split(self.minor, digits);
        format!("{sign}{whole}{}", point(part, digits, digits))
    }

    /// `1,234.56`, `−0.05`: for people, where the currency stands elsewhere.
    pub fn figures(self) -> String {
        format!("{}{}", self.sign(), self.size())
    }

    const fn sign(self) -> &'static str {
        if self.minor < 0 { "−" } else { "" }
    }

    fn size(self) -> String {
        let digits = self.currency.digits();
        let (whole, part) = split(self.minor, digits);
        format!("{}{}", grouped(whole), point(part, digits, digits))
    }

    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::MixedCurrencies);
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Self::new(minor, self.currency))
    }

    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.checked_add(other.checked_neg()?)
    }

    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_neg().ok_or(MoneyError::TooLarge)?;
        Ok(Self::new(minor, self.currency))
    }

    /// Of none, zero in `currency`.
    pub fn sum(amounts: impl IntoIterator<Item = Self>, currency: Currency) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }
}

/// `EUR 1,234.56`, `−EUR 0.05`
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{} {}", self.sign(), self.currency, self.size())
    }
}

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

/// The nearest whole number to `numerator / denominator`, halves away from zero, so that a credit is the charge it takes
/// back. It is how Council Regulation (EC) 1103/97, article 5, rounds sums of money to the cent ("exactly half-way … shall
/// be rounded up"), and what people do on paper. `denominator` is above zero.
pub const fn round(numerator: i128, denominator: i128) -> i128 {
    let (whole, rest) = (numerator / denominator, (numerator % denominator).unsigned_abs());
    // `rest` is the smaller one, so the difference is what doubling can't overflow.
    let up = rest >= denominator.unsigned_abs() - rest;
    if !up {
        whole
    } else if numerator < 0 {
        whole - 1
    } else {
        whole + 1
    }
}

/// `numerator / denominator` for people: `1,234.5`, with at most `decimals`, rounded as money is.
pub fn ratio_text(numerator: i128, denominator: i128, decimals: u32) -> String {
    let scale = 10_u128.pow(decimals);
    let (size, denominator) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    let (mut whole, rest) = (size / denominator, size % denominator);
    // The fraction alone is scaled, so that large numbers don't overflow.
    let mut part = (rest * scale * 2 + denominator) / (denominator * 2);
    if part == scale {
        (whole, part) = (whole + 1, 0);
    }
    let sign = if numerator < 0 && (whole, part) != (0, 0) { "−" } else { "" };
    let part = u64::try_from(part).unwrap_or(0);
    format!("{sign}{}{}", grouped(whole), point(part, 0, decimals))
}

fn split(value: i64, digits: u32) -> (u64, u64) {
    let scale = 10_u64.pow(digits);
    (value.unsigned_abs() / scale, value.unsigned_abs() % scale)
}

/// The decimals with their point; ending zeros go, down to `least`.
fn point(part: u64, least: u32, most: u32) -> String {
    if most == 0 {
        return String::new();
    }
    let text = format!("{part:0width$}", width = most as usize);
    let kept = text.trim_end_matches('0').len().max(least as usize);
    if kept == 0 { String::new() } else { format!(".{}", &text[..kept]) }
}

fn grouped(whole: impl Into<u128>) -> String {
    let digits = whole.into().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A decimal number as a whole count of its last digit, of which there are `digits`.
fn decimal(text: &str, currency: Currency, digits: u32) -> Result<i64, MoneyError> {
    let text = text.trim();
    let (negative, text) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !all_digits(whole) || !all_digits(part) {
        return Err(MoneyError::NotANumber);
    }
    // Zeros beyond what is allowed say nothing.
    let part = part.trim_end_matches('0');
    if part.len() > digits as usize {
        return Err(MoneyError::TooManyDecimals { currency, allowed: digits });
    }
    let count = format!("{}{whole}{part:0<width$}", if negative { "-" } else { "" }, width = digits as usize);
    // Only signs and digits, so nothing but its size can be wrong.
    count.parse().map_err(|_| MoneyError::TooLarge)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::config;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    fn money(minor: i64, code: &str) -> Money {
        Money::new(minor, currency(code))
    }

    #[test]
    fn currencies_have_their_digits() {
        for (code, digits) in [("USD", 2), ("EUR", 2), ("JPY", 0), ("KWD", 3), ("ISK", 0), ("HRK", 2)] {
            assert_eq!(currency(code).digits(), digits, "{code}");
        }
        assert_eq!(currency(" eur ").to_string(), "EUR");
        for wrong in ["", "EU", "EURO", "€", "XAU", "XXX", "XTS", "CLF"] {
            assert_eq!(Currency::parse(wrong), Err(MoneyError::UnknownCurrency), "{wrong}");
        }
        assert_eq!(serde_json::to_string(&currency("JPY")).unwrap(), "\"JPY\"");
        assert_eq!(serde_json::from_str::<Currency>("\"JPY\"").unwrap(), currency("JPY"));
        assert!(serde_json::from_str::<Currency>("\"ABC\"").is_err());
    }

    #[test]
    fn amounts_are_written_for_people_and_for_programs() {
        for (amount, people, programs) in [
            (money(123_456, "EUR"), "EUR 1,234.56", "1234.56"),
            (money(1_200, "JPY"), "JPY 1,200", "1200"),
            (money(-5, "EUR"), "−EUR 0.05", "-0.05"),
            (money(0, "USD"), "USD 0.00", "0.00"),
            (money(1_500, "KWD"), "KWD 1.500", "1.500"),
            (money(100_000_000, "USD"), "USD 1,000,000.00", "1000000.00"),
            (money(i64::MIN, "JPY"), "−JPY 9,223,372,036,854,775,808", "-9223372036854775808"),
        ] {
            assert_eq!(amount.to_string(), people);
            assert_eq!(amount.plain(), programs);
            assert_eq!(amount.figures(), people.replace(&format!("{} ", amount.currency), ""));
        }
    }

    #[test]
    fn what_is_no_amount_is_told_why() {
        let read = |text, code| Money::parse(text, currency(code)).map(|amount| amount.minor);
        assert_eq!(read("12", "EUR"), Ok(1_200));
        assert_eq!(read(" 12.5 ", "EUR"), Ok(1_250));
        assert_eq!(read(".5", "EUR"), Ok(50));
        assert_eq!(read("12.500", "EUR"), Ok(1_250));
        assert_eq!(read("−0.05", "EUR"), Ok(-5));
        assert_eq!(read("12.0", "JPY"), Ok(12));
        for text in ["", ".", "-", "1,5", "1 000", "1e3", "+1", "0x1", "--1", "1.2.3", "٣"] {
            assert_eq!(read(text, "EUR"), Err(MoneyError::NotANumber), "{text}");
        }
        assert_eq!(read("92233720368547758.08", "EUR"), Err(MoneyError::TooLarge));
        let words = |text, code| read(text, code).unwrap_err().to_string();
        assert_eq!(words("1.005", "EUR"), "An amount in EUR has at most 2 decimals here.");
        assert_eq!(words("1.5", "JPY"), "An amount in JPY has no decimals.");
    }

    #[test]
    fn sums_that_do_not_fit_are_refused() {
        let (one, yen) = (money(1, "EUR"), money(1, "JPY"));
        assert_eq!(one.checked_add(yen), Err(MoneyError::MixedCurrencies));
        assert_eq!(money(i64::MAX, "EUR").checked_add(one), Err(MoneyError::TooLarge));
        assert_eq!(one.checked_sub(money(3, "EUR")), Ok(money(-2, "EUR")));
        assert_eq!(one.checked_sub(money(i64::MIN, "EUR")), Err(MoneyError::TooLarge));
        assert_eq!(Money::sum([one, one], currency("EUR")), Ok(money(2, "EUR")));
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

    #[test]
    fn halves_go_away_from_zero() {
        for (numerator, denominator, rounded) in
            [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (5, 3, 2), (-4, 3, -1), (0, 7, 0), (i128::MAX, i128::MAX, 1)]
        {
            assert_eq!(round(numerator, denominator), rounded, "{numerator}/{denominator}");
        }
        assert_eq!(ratio_text(12_345, 10, 3), "1,234.5");
        assert_eq!(ratio_text(-1, 3, 3), "−0.333");
        assert_eq!(ratio_text(1_999_999, 2_000_000, 3), "1");
        assert_eq!(ratio_text(40, 2, 6), "20");
        assert_eq!(ratio_text(-1, 2_000, 3), "−0.001");
        assert_eq!(ratio_text(-1, 2_001, 3), "0");
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn what_is_written_is_read_back(
            minor in any::<i64>(),
            millionths in 0..=PRICE_MAX * MILLIONTHS,
            code in prop::sample::select(&["USD", "JPY", "KWD", "EUR"][..]),
        ) {
            let currency = currency(code);
            let amount = Money::new(minor, currency);
            prop_assert_eq!(Money::parse(&amount.plain(), currency), Ok(amount));
            let price = UnitPrice::from_millionths(millionths).unwrap();
            prop_assert_eq!(UnitPrice::parse(&price.plain(currency), currency), Ok(price));
            let json = serde_json::to_string(&amount).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), amount);
        }

        #[test]
        fn rounding_is_nearest_and_symmetric(numerator in -10_i128.pow(30)..10_i128.pow(30), denominator in 1..10_i128.pow(6)) {
            let rounded = round(numerator, denominator);
            prop_assert!((rounded * denominator - numerator).abs() * 2 <= denominator);
            prop_assert_eq!(round(-numerator, denominator), -rounded);
        }
    }
}

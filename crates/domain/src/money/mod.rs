//! Money, exact: whole minor units of a currency, prices of a unit in millionths of them, and the one rounding.

mod price;
mod round;

pub use price::UnitPrice;
pub use round::{ratio_text, round};

use serde::{Deserialize, Serialize};
use std::fmt;

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

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn what_is_written_is_read_back(
            minor in any::<i64>(),
            code in prop::sample::select(&["USD", "JPY", "KWD", "EUR"][..]),
        ) {
            let currency = currency(code);
            let amount = Money::new(minor, currency);
            prop_assert_eq!(Money::parse(&amount.plain(), currency), Ok(amount));
            let json = serde_json::to_string(&amount).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), amount);
        }
    }
}

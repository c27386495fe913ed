//! Amounts as people read them, in whole numbers throughout.

use super::data::Unit;

/// Writes the amounts of one chart alike.
#[derive(Debug, Clone, Copy)]
pub struct Numbers<'a> {
    unit: &'a Unit,
    decimals: u32,
}

impl<'a> Numbers<'a> {
    /// As many decimals as the largest value leaves room for; none where all are whole.
    pub fn fitting(unit: &'a Unit, values: impl Iterator<Item = i64>) -> Self {
        let (mut largest, mut whole) = (0, true);
        for value in values {
            largest = largest.max(value.unsigned_abs());
            whole &= value % unit.scale.max(1) == 0;
        }
        let decimals = match largest / unit.scale.max(1).unsigned_abs() {
            _ if whole => 0,
            1_000.. => 0,
            100..1_000 => 1,
            0..100 => 2,
        };
        Self { unit, decimals }
    }

    /// `1,204.50`: for columns of numbers, which end alike.
    pub fn column(self, value: i64) -> String {
        let text = decimal(value, self.unit.scale, self.decimals);
        if value != 0 && is_zero(&text) { least(value, self.decimals) } else { text }
    }

    /// `1,204.5 min`
    pub fn amount(self, value: i64) -> String {
        let number = trimmed(&self.column(value)).to_owned();
        let unit = if number == "1" { &self.unit.one } else { &self.unit.many };
        [&number, " ", unit].concat()
    }
}

/// A value of an axis, which `decimals` can say exactly.
pub fn tick(value: i64, unit: &Unit) -> String {
    if value == 0 {
        return "0".to_owned();
    }
    let number = decimal(value, unit.scale, 9);
    let number = trimmed(&number);
    [number, " ", if number == "1" { &unit.one } else { &unit.many }].concat()
}

/// `62%` of a whole: rounded down, so that 100 means reached.
pub fn share(value: i64, whole: i64) -> Option<String> {
    let percent = (i128::from(value.max(0)) * 100).checked_div(i128::from(whole.max(0)))?;
    if percent == 0 && value > 0 {
        return Some("under 1%".to_owned());
    }
    let percent = i64::try_from(percent).unwrap_or(i64::MAX);
    Some([&decimal(percent, 1, 0), "%"].concat())
}

/// A place between 0 and `whole` in percent, for SVG.
pub fn percent(place: i64, whole: i64) -> String {
    let thousandths = i128::from(place) * 100_000 / i128::from(whole.max(1));
    let number = decimal(i64::try_from(thousandths).unwrap_or(i64::MAX), 1_000, 3).replace(',', "");
    [trimmed(&number), "%"].concat()
}

/// `value / scale`, rounded half away from zero.
fn decimal(value: i64, scale: i64, decimals: u32) -> String {
    let (power, scale) = (10_u128.pow(decimals), u128::from(scale.max(1).unsigned_abs()));
    let rounded = (u128::from(value.unsigned_abs()) * power * 2 + scale) / (2 * scale);
    let sign = if value < 0 && rounded > 0 { "\u{2212}" } else { "" };
    let mut text = [sign, &grouped((rounded / power).to_string())].concat();
    if decimals > 0 {
        let fraction = (rounded % power).to_string();
        text.push('.');
        text.extend(std::iter::repeat_n('0', decimals as usize - fraction.len()));
        text.push_str(&fraction);
    }
    text
}

fn grouped(digits: String) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Without zeros that say nothing.
fn trimmed(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

fn is_zero(number: &str) -> bool {
    number.chars().all(|c| matches!(c, '0' | '.'))
}

/// Too little for the decimals there are, but something: `<0.1`.
fn least(value: i64, decimals: u32) -> String {
    let sign = if value < 0 { ">\u{2212}" } else { "<" };
    [sign, &decimal(1, 10_i64.pow(decimals), decimals)].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn minutes() -> Unit {
        Unit::new("min", 60_000)
    }

    #[test]
    fn amounts_are_rounded_and_grouped() {
        for (value, scale, decimals, text) in [
            (0, 1, 0, "0"),
            (1_204, 1, 0, "1,204"),
            (-1_234_567, 1, 0, "−1,234,567"),
            (90_000, 60_000, 0, "2"),
            (90_000, 60_000, 1, "1.5"),
            (60_300, 60_000, 2, "1.01"),
            (-1, 60_000, 2, "0.00"),
            (1_999_999_999, 1_000_000_000, 2, "2.00"),
            (i64::MIN, 1, 0, "−9,223,372,036,854,775,808"),
        ] {
            assert_eq!(decimal(value, scale, decimals), text, "{value} / {scale}");
        }
    }

    #[test]
    fn a_chart_writes_its_numbers_alike() {
        let unit = minutes();
        let numbers = Numbers::fitting(&unit, [90_000, 60_000].into_iter());
        assert_eq!((numbers.column(60_000).as_str(), numbers.amount(60_000).as_str()), ("1.00", "1 min"));
        assert_eq!(numbers.column(100), "<0.01");
        let large = Numbers::fitting(&unit, [60_000_001, 90_000].into_iter());
        assert_eq!((large.column(90_000).as_str(), large.column(20_000).as_str()), ("2", "<1"));
        let users = Unit::new("users", 1).one("user");
        let whole = Numbers::fitting(&users, [1, 2].into_iter());
        assert_eq!([0, 1, 2].map(|n| whole.amount(n)), ["0 users", "1 user", "2 users"]);
        assert_eq!(tick(30_000, &unit), "0.5 min");
    }

    #[test]
    fn a_share_is_full_only_when_it_is_reached() {
        for (value, whole, text) in [
            (0, 100, "0%"),
            (1, 1_000, "under 1%"),
            (999, 1_000, "99%"),
            (1_000, 1_000, "100%"),
            (12_345, 10, "123,450%"),
        ] {
            assert_eq!(share(value, whole).as_deref(), Some(text));
        }
        assert_eq!(share(1, 0), None);
        assert_eq!((percent(1, 3), percent(3, 3)), ("33.333%".into(), "100%".into()));
    }

    proptest! {
        #[test]
        fn whole_amounts_are_exact(units in -1_000_000_000_i64..1_000_000_000, scale in 1_i64..1_000_000_000) {
            let text = decimal(units * scale, scale, 2);
            prop_assert_eq!(text.replace(',', "").replace('\u{2212}', "-"), format!("{units}.00"));
        }

        #[test]
        fn what_is_written_is_half_a_digit_off_at_most(value: i64, scale in 1_i64..10_000_000_000, decimals in 0_u32..4) {
            let digits: i128 =
                decimal(value, scale, decimals).replace([',', '.'], "").replace('\u{2212}', "-").parse().unwrap();
            let off = digits * i128::from(scale) - i128::from(value) * 10_i128.pow(decimals);
            prop_assert!(off.abs() * 2 <= i128::from(scale));
        }
    }
}

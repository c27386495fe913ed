use super::{grouped, point};

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::config;

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
        fn rounding_is_nearest_and_symmetric(numerator in -10_i128.pow(30)..10_i128.pow(30), denominator in 1..10_i128.pow(6)) {
            let rounded = round(numerator, denominator);
            prop_assert!((rounded * denominator - numerator).abs() * 2 <= denominator);
            prop_assert_eq!(round(-numerator, denominator), -rounded);
        }
    }
}

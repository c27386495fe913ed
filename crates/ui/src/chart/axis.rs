//! The value axis: from zero, in steps of 1, 2 or 5 tens.

/// More would be noise beside 200 pixels.
const INTERVALS: i64 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    step: i64,
    intervals: i64,
}

impl Axis {
    /// The axis that holds `largest`, with steps that are short in units of `scale`.
    pub fn fitting(largest: i64, scale: i64) -> Self {
        let (largest, scale) = (largest.max(0), scale.max(1));
        if largest == 0 {
            return Self { step: scale, intervals: 0 };
        }
        // Fractions of a unit, as far as they are whole in what is counted.
        let mut ten = scale;
        while ten % 10 == 0 {
            ten /= 10;
        }
        loop {
            for factor in [1, 2, 5] {
                let step = ten.saturating_mul(factor);
                let intervals = (largest - 1) / step + 1;
                if intervals <= INTERVALS {
                    return Self { step, intervals };
                }
            }
            ten = ten.saturating_mul(10);
        }
    }

    pub fn ticks(self) -> impl DoubleEndedIterator<Item = i64> {
        (0..=self.intervals).map(move |nth| self.step.saturating_mul(nth))
    }

    /// The value at its upper end; 0 if there is nothing to show.
    pub fn top(self) -> i64 {
        self.step.saturating_mul(self.intervals)
    }

    /// How far below the upper end a value is, of `height`.
    pub fn depth(self, value: i64, height: i64) -> i64 {
        let top = i128::from(self.top().max(1));
        let value = i128::from(value).clamp(0, top);
        ((top - value) * i128::from(height) / top) as i64
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ticks_are_few_and_short() {
        for (largest, scale, ticks) in [
            (0, 1, vec![0]),
            (1, 1, vec![0, 1]),
            (7, 1, vec![0, 2, 4, 6, 8]),
            (14, 1, vec![0, 5, 10, 15]),
            (92 * 60_000, 60_000, [0, 20, 40, 60, 80, 100].map(|n| n * 60_000).to_vec()),
            // 0.9 GB in fifths.
            (900_000_000, 1_000_000_000, [0, 2, 4, 6, 8, 10].map(|n| n * 100_000_000).to_vec()),
        ] {
            assert_eq!(Axis::fitting(largest, scale).ticks().collect::<Vec<_>>(), ticks, "{largest}");
        }
    }

    proptest! {
        #[test]
        fn an_axis_holds_its_values_tightly(
            largest in 1_i64..=i64::MAX / 16,
            scale in prop::sample::select(vec![1_i64, 60_000, 1_000_000_000, 7, 1_024]),
        ) {
            let axis = Axis::fitting(largest, scale);
            prop_assert!(axis.top() >= largest);
            prop_assert!(axis.top() - axis.step < largest, "no tick too many");
            prop_assert!((1..=INTERVALS).contains(&axis.intervals));
            // A step is 1, 2 or 5 times a power of ten, in units.
            let mut digits = i128::from(axis.step) * 1_000_000_000;
            prop_assert_eq!(digits % i128::from(scale), 0);
            digits /= i128::from(scale);
            while digits % 10 == 0 {
                digits /= 10;
            }
            prop_assert!([1, 2, 5].contains(&digits), "{} of {}", axis.step, scale);
        }

        #[test]
        fn larger_is_never_lower(a in 0_i64..1_000_000, b in 0_i64..1_000_000) {
            let axis = Axis::fitting(a.max(b), 1);
            prop_assert_eq!(a.cmp(&b).is_gt(), axis.depth(a, 100_000_000) < axis.depth(b, 100_000_000));
        }
    }
}

//! Limits: from where on owners are warned, and what is stopped.

use serde::{Deserialize, Serialize};

use super::{Day, Dimension};
use crate::error::FieldError;

/// Percentages of a limit at which owners are mailed, each once a cycle.
pub const STEPS: [i64; 7] = [75, 100, 125, 200, 300, 500, 1_000];
/// Full days that a forecast looks back on.
pub const TREND_DAYS: i64 = 7;
/// How far it looks ahead, where no cycle ends it.
const AHEAD_DAYS: i64 = 365;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitAction {
    Warn,
    /// Warn, and stop what makes it grow.
    Cap,
}

impl LimitAction {
    pub const ALL: [Self; 2] = [Self::Warn, Self::Cap];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Cap => "cap",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Warn => "Warn",
            Self::Cap => "Cap and warn",
        }
    }
}

impl Dimension {
    /// What a cap stops.
    pub const fn cap_effect(self) -> &'static str {
        match self {
            Self::Compute => "Workspaces go to sleep and can't be woken.",
            Self::Storage => "No workspaces and no snapshots can be made.",
            Self::Users => "Nobody can be invited.",
        }
    }

    /// What a limit is held against.
    pub const fn measured(self) -> &'static str {
        match self {
            Self::Compute => "used since the cycle began",
            Self::Storage => "kept now",
            Self::Users => "in the organization now",
        }
    }
}

/// A limit of an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    pub dimension: Dimension,
    /// In the meters' own unit; more than 0.
    pub value: i64,
    pub action: LimitAction,
}

impl Limit {
    /// How much of it is used, in whole percent, rounded down.
    pub fn percent(&self, used: i64) -> i64 {
        percent(used, self.value)
    }

    /// The steps that so much use has reached.
    pub fn reached(&self, used: i64) -> impl Iterator<Item = i64> {
        let percent = self.percent(used);
        STEPS.into_iter().filter(move |step| *step <= percent)
    }

    pub fn caps(&self, used: i64) -> bool {
        self.action == LimitAction::Cap && used >= self.value
    }
}

/// In whole percent, rounded down.
pub fn percent(used: i64, of: i64) -> i64 {
    let percent = i128::from(used.max(0)) * 100 / i128::from(of.max(1));
    i64::try_from(percent).unwrap_or(i64::MAX)
}

/// A limit as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LimitForm {
    /// In minutes, gigabytes or users; empty for no limit.
    pub value: String,
    pub action: String,
}

impl LimitForm {
    /// `None`: no limit.
    pub fn check(&self, dimension: Dimension) -> Result<Option<(i64, LimitAction)>, Vec<FieldError>> {
        if self.value.trim().is_empty() {
            return Ok(None);
        }
        let value = dimension.parse(&self.value).map_err(|message| FieldError::new("value", message));
        let action = LimitAction::from_name(&self.action)
            .ok_or_else(|| FieldError::new("action", "Choose whether to warn, or to cap and warn."));
        match (value, action) {
            (Ok(value), Ok(action)) => Ok(Some((value, action))),
            (value, action) => Err(value.err().into_iter().chain(action.err()).collect()),
        }
    }

    pub fn of(limit: Option<&Limit>) -> Self {
        match limit {
            Some(limit) => Self { value: limit.dimension.plain(limit.value), action: limit.action.name().to_owned() },
            None => Self { value: String::new(), action: LimitAction::Warn.name().to_owned() },
        }
    }
}

/// When a limit will be crossed, if it goes on like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forecast {
    /// There are no full days to tell by yet.
    Unknown,
    Crossed,
    On(Day),
    /// Not before the cycle ends, or within a year.
    NotSoon,
}

/// Tells when use that adds up crosses `limit`: by the mean of the last full days. `days`: of each of them, oldest first.
/// `end`: the first day after the cycle.
pub fn forecast_flow(limit: i64, used: i64, days: &[i64], today: Day, end: Day) -> Forecast {
    if used >= limit {
        return Forecast::Crossed;
    }
    let Some(count) = i128::try_from(days.len()).ok().filter(|count| *count > 0) else { return Forecast::Unknown };
    let sum: i128 = days.iter().map(|day| i128::from(*day)).sum();
    if sum <= 0 {
        return Forecast::NotSoon;
    }
    // The first day by whose end the rest is used up, today being the first that still counts.
    let missing = i128::from(limit) - i128::from(used);
    let needed = (missing * count + sum - 1) / sum;
    crossing(needed - 1, today, end)
}

/// Tells when a level crosses `limit`: by how much it grew over the last full days. `days`: of each, oldest first.
pub fn forecast_level(limit: i64, now: i64, days: &[i64], today: Day) -> Forecast {
    if now >= limit {
        return Forecast::Crossed;
    }
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Forecast::Unknown };
    let Some(count) = i128::try_from(days.len()).ok().filter(|count| *count > 1) else { return Forecast::Unknown };
    let grown = i128::from(*last) - i128::from(*first);
    if grown <= 0 {
        return Forecast::NotSoon;
    }
    let missing = i128::from(limit) - i128::from(now);
    let needed = (missing * (count - 1) + grown - 1) / grown;
    crossing(needed, today, today.plus(AHEAD_DAYS))
}

fn crossing(days: i128, today: Day, end: Day) -> Forecast {
    let day = i64::try_from(days).ok().filter(|days| *days <= AHEAD_DAYS).map(|days| today.plus(days));
    match day {
        Some(day) if day < end => Forecast::On(day),
        _ => Forecast::NotSoon,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngSeed};

    use super::*;

    fn limit(value: i64, action: LimitAction) -> Limit {
        Limit { dimension: Dimension::Compute, value, action }
    }

    #[test]
    fn steps_are_reached_exactly_at_their_percentage() {
        let limit = limit(400, LimitAction::Cap);
        for (used, steps) in [(299, 0), (300, 1), (399, 1), (400, 2), (500, 3), (4_000, 7), (i64::MAX, 7), (-5, 0)] {
            assert_eq!(limit.reached(used).count(), steps, "{used}");
        }
        assert!(!limit.caps(399) && limit.caps(400));
        assert!(!super::tests::limit(400, LimitAction::Warn).caps(4_000));
    }

    #[test]
    fn a_limit_is_read_from_its_form() {
        let form = |value: &str, action: &str| LimitForm { value: value.into(), action: action.into() };
        assert_eq!(form(" ", "").check(Dimension::Users), Ok(None));
        assert_eq!(form("2000", "cap").check(Dimension::Compute), Ok(Some((120_000_000, LimitAction::Cap))));
        let errors = form("x", "stop").check(Dimension::Storage).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.field.as_ref()).collect::<Vec<_>>(), ["value", "action"]);
        let kept = limit(90_000, LimitAction::Cap);
        assert_eq!(LimitForm::of(Some(&kept)), form("1.5", "cap"));
    }

    #[test]
    fn a_forecast_names_the_day() {
        let (today, end) = (Day::from_number(100), Day::from_number(120));
        // 10 a day, 35 missing: with today's ten on the fourth day.
        assert_eq!(forecast_flow(100, 65, &[10; 7], today, end), Forecast::On(today.plus(3)));
        assert_eq!(forecast_flow(100, 90, &[10; 7], today, end), Forecast::On(today));
        assert_eq!(forecast_flow(100, 100, &[10; 7], today, end), Forecast::Crossed);
        assert_eq!(forecast_flow(1_000, 0, &[10; 7], today, end), Forecast::NotSoon);
        assert_eq!(forecast_flow(100, 0, &[], today, end), Forecast::Unknown);
        assert_eq!(forecast_flow(100, 0, &[0; 7], today, end), Forecast::NotSoon);
        // Two a day over six days.
        assert_eq!(forecast_level(100, 90, &[78, 80, 82, 84, 86, 88, 90], today), Forecast::On(today.plus(5)));
        assert_eq!(forecast_level(100, 90, &[90, 90], today), Forecast::NotSoon);
        assert_eq!(forecast_level(100, 90, &[90], today), Forecast::Unknown);
    }

    proptest! {
        #![proptest_config(Config { cases: 512, rng_seed: RngSeed::Fixed(0xf0_ca57), failure_persistence: None, ..Config::default() })]

        #[test]
        fn going_on_like_this_crosses_on_the_day_that_was_told(
            limit in 1_i64..10_000,
            used in 0_i64..10_000,
            day in 1_i64..500,
            rest in 1_i64..40,
        ) {
            let today = Day::from_number(0);
            let forecast = forecast_flow(limit, used, &[day; 7], today, today.plus(rest));
            // The plain way: a day after the other.
            let crossed = (0..rest).find(|n| used + day * (n + 1) >= limit);
            let expected = match crossed {
                _ if used >= limit => Forecast::Crossed,
                Some(n) => Forecast::On(today.plus(n)),
                None => Forecast::NotSoon,
            };
            prop_assert_eq!(forecast, expected);
        }
    }
}

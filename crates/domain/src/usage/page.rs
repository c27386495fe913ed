//! What the pages of use show, and what their addresses ask for.

use serde::{Deserialize, Serialize};

use super::{BuiltIn, CustomMeter, Day, Dimension, Forecast, Limit};
use crate::billing::Cycle;
use crate::id::WorkspaceId;
use crate::org::OrgHeader;
use crate::people::Viewer;
use crate::time::Timestamp;

/// Most days of one answer: a year that has a 29 February.
pub const DAYS_MAX: i64 = 366;

/// Which days are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    /// So many days up to today.
    Last(i64),
    /// The cycle so far.
    Cycle,
    /// Both included.
    Days(Day, Day),
}

impl Range {
    pub const PRESETS: [(Self, &'static str, &'static str); 5] = [
        (Self::Last(7), "7d", "Last 7 days"),
        (Self::Last(30), "30d", "Last 30 days"),
        (Self::Last(90), "90d", "Last 90 days"),
        (Self::Last(365), "365d", "Last year"),
        (Self::Cycle, "cycle", "This cycle"),
    ];

    /// First and last day, at most [`DAYS_MAX`] and none that is still to come.
    pub fn days(self, today: Day, cycle: Cycle) -> (Day, Day) {
        let (first, last) = match self {
            Self::Last(days) => (today.plus(1 - days), today),
            Self::Cycle => (cycle.start, today),
            Self::Days(a, b) => (a.min(b), a.max(b).min(today)),
        };
        let first = first.min(last);
        (first.max(last.plus(1 - DAYS_MAX)), last)
    }
}

impl Default for Range {
    fn default() -> Self {
        Self::Last(30)
    }
}

/// What the page may be asked for; unknown values fall back to the default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UsageQuery {
    pub range: Range,
    /// Only this one's.
    pub workspace: Option<WorkspaceId>,
    /// Shows what a cap on this dimension would stop.
    pub rehearse: Option<Dimension>,
}

impl UsageQuery {
    /// Reads URL parameters; `get` looks one up.
    pub fn from_params(get: impl Fn(&str) -> Option<String>) -> Self {
        let day = |name: &str| get(name).as_deref().and_then(Day::parse);
        let preset = get("range").and_then(|name| Range::PRESETS.into_iter().find(|(_, known, _)| *known == name));
        let range = match (preset, day("from"), day("until")) {
            (Some((range, ..)), ..) => range,
            (None, Some(from), Some(until)) => Range::Days(from, until),
            _ => Range::default(),
        };
        Self {
            range,
            workspace: get("workspace").and_then(|id| id.parse().ok()),
            rehearse: get("rehearse").as_deref().and_then(Dimension::from_name),
        }
    }

    /// The URL parameters of what is asked for, unescaped.
    pub fn to_params(&self) -> Vec<(&'static str, String)> {
        let mut parameters = Vec::new();
        match self.range {
            range if range == Range::default() => {}
            Range::Days(from, until) => parameters.extend([("from", from.to_string()), ("until", until.to_string())]),
            range => {
                let preset = Range::PRESETS.into_iter().find(|(known, ..)| *known == range);
                parameters.extend(preset.map(|(_, name, _)| ("range", name.to_owned())));
            }
        }
        parameters.extend(self.workspace.map(|id| ("workspace", id.to_string())));
        parameters.extend(self.rehearse.map(|dimension| ("rehearse", dimension.name().to_owned())));
        parameters
    }
}

/// The days of a meter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// One value a day of the range; `None` where nothing was told.
    pub values: Vec<Option<i64>>,
    /// What the cycle that the first day is in had come to before it.
    pub before: i64,
}

/// A dimension's days, a meter at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DimensionDays {
    pub dimension: Dimension,
    pub parts: Vec<(BuiltIn, Series)>,
    /// What the plan includes a cycle, in the meters' own unit.
    pub included: Option<i64>,
}

/// The days of a meter of the platform's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomDays {
    pub meter: CustomMeter,
    pub days: Series,
}

/// A dimension on the last full day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySummary {
    pub day: Day,
    /// In the meters' own unit; `None` where nothing was told.
    pub values: Vec<(Dimension, Option<i64>)>,
}

/// A dimension's limit, and how things stand with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitView {
    pub dimension: Dimension,
    pub limit: Option<Limit>,
    /// Counts its changes; 0 before the first.
    pub version: i64,
    /// What a limit is held against, in the meters' own unit.
    pub used: i64,
    /// `None` without a limit.
    pub forecast: Option<Forecast>,
    pub capped_since: Option<Timestamp>,
    /// Steps that owners were mailed at, in this cycle and of this limit.
    pub mailed: Vec<i64>,
}

/// What a cap would stop, were it to take effect now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    pub dimension: Dimension,
    /// Workspaces that would go to sleep, by name.
    pub sleep: Vec<String>,
    /// Those that sleep already, and couldn't be woken.
    pub asleep: u64,
    /// Who is told, by name.
    pub told: Vec<String>,
}

/// An amount that is due so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeRow {
    pub text: String,
    /// In words; empty for a fixed price.
    pub quantity: String,
    /// With its currency.
    pub amount: String,
}

/// What the cycle comes to so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charges {
    /// The plan's name.
    pub plan: String,
    /// Who pays, where it isn't the organization.
    pub paid_by: Option<String>,
    pub rows: Vec<ChargeRow>,
    pub total: String,
}

/// The page of what an organization uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsagePage {
    pub viewer: Viewer,
    pub org: OrgHeader,
    pub query: UsageQuery,
    /// The days that are shown, both included.
    pub first: Day,
    pub last: Day,
    pub today: Day,
    /// The one that is shown alone: id and name.
    pub workspace: Option<(WorkspaceId, String)>,
    pub cycle: Cycle,
    /// The days of the range on which a cycle begins.
    pub cycles: Vec<Day>,
    /// Whether anything was ever told of the organization; its members don't count.
    pub is_fed: bool,
    /// `None`: there is no plan, and nothing is charged.
    pub charges: Option<Charges>,
    pub summary: DaySummary,
    pub charts: Vec<DimensionDays>,
    pub custom: Vec<CustomDays>,
    /// None while one workspace is shown.
    pub limits: Vec<LimitView>,
    pub rehearsal: Option<Rehearsal>,
    pub can_set_limits: bool,
    pub now: Timestamp,
}

/// What one workspace used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceUse {
    pub id: WorkspaceId,
    /// `None`: it was deleted.
    pub name: Option<String>,
    /// Over all days.
    pub compute: i64,
    /// On average a day.
    pub storage: i64,
}

/// The page of what each workspace uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspacesUsePage {
    pub viewer: Viewer,
    pub org: OrgHeader,
    pub query: UsageQuery,
    pub first: Day,
    pub last: Day,
    /// Most compute first; at most [`WORKSPACES_MAX`].
    pub rows: Vec<WorkspaceUse>,
    /// How many there are in all.
    pub count: u64,
    pub now: Timestamp,
}

/// Workspaces of one page of use.
pub const WORKSPACES_MAX: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_range_has_its_days() {
        let today = day("2026-11-22");
        let cycle = Cycle::month_of(today);
        for (range, first, last) in [
            (Range::default(), "2026-10-24", "2026-11-22"),
            (Range::Cycle, "2026-11-01", "2026-11-22"),
            (Range::Days(day("2026-03-05"), day("2026-03-01")), "2026-03-01", "2026-03-05"),
            (Range::Days(day("2026-11-20"), day("2027-01-01")), "2026-11-20", "2026-11-22"),
            (Range::Days(day("2030-01-01"), day("2031-01-01")), "2026-11-22", "2026-11-22"),
            (Range::Days(day("2020-01-01"), day("2026-11-22")), "2025-11-22", "2026-11-22"),
        ] {
            assert_eq!(range.days(today, cycle), (day(first), day(last)), "{range:?}");
        }
    }

    #[test]
    fn a_query_survives_its_url() {
        let workspace = Some(WorkspaceId::new(Timestamp::from_micros(5_000_000), [3; 10]));
        let days = Range::Days(day("2026-03-01"), day("2026-03-05"));
        let ranges = Range::PRESETS.map(|(range, ..)| range).into_iter().chain([days]);
        for range in ranges {
            let query = UsageQuery { range, workspace, rehearse: Some(Dimension::Storage) };
            let params = query.to_params();
            let get = |name: &str| params.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone());
            assert_eq!(UsageQuery::from_params(get), query);
        }
        assert_eq!(UsageQuery::from_params(|_| Some("nonsense".into())), UsageQuery::default());
    }
}

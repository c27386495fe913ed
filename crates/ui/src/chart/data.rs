//! What a chart shows, and what follows from it.

use domain::usage::{Day, Reading};

use super::number::Numbers;

/// The hue of a chart; its parts are lightness steps of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hue {
    Teal,
    Indigo,
    Plum,
    /// For what is no dimension.
    Slate,
}

/// In what people see amounts, and how many of what is counted make one of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub one: String,
    pub many: String,
    pub scale: i64,
}

impl Unit {
    /// A unit with one form, such as `min` or `GB`.
    pub fn new(name: &str, scale: i64) -> Self {
        Self { one: name.to_owned(), many: name.to_owned(), scale }
    }

    /// How one of it is called: “user” of “users”.
    #[must_use]
    pub fn one(self, one: &str) -> Self {
        Self { one: one.to_owned(), ..self }
    }
}

/// A part of every day's amount: at most four have a lightness of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartPart {
    pub label: String,
    /// A value a day, in what is counted; `None` where nothing is known, which isn't zero.
    pub values: Vec<Option<i64>>,
    /// What the cycle that the first day is in had used before it.
    pub before: i64,
}

/// What is included in the plan, as a dashed line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// “Included in Team”
    pub label: String,
    pub value: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartData {
    /// Begins the ids of its elements.
    pub id: String,
    pub title: String,
    pub hue: Hue,
    pub unit: Unit,
    /// What adds up is also shown cumulatively, and its inclusion there; a level's inclusion is a line over the days.
    pub reading: Reading,
    pub first: Day,
    pub parts: Vec<ChartPart>,
    /// The days on which a new cycle begins: what is cumulative starts from zero there.
    pub cycles: Vec<Day>,
    pub included: Option<Inclusion>,
    /// The last day isn't over yet.
    pub incomplete_last: bool,
}

/// The two ways to show the same days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Days,
    Cumulative,
}

impl Shape {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Cumulative => "cumulative",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Days => "Per day",
            Self::Cumulative => "Cumulative",
        }
    }
}

impl ChartData {
    pub fn days(&self) -> usize {
        self.parts.iter().map(|part| part.values.len()).max().unwrap_or(0)
    }

    pub fn day(&self, index: usize) -> Day {
        self.first.plus(index as i64)
    }

    pub fn last(&self) -> Day {
        self.day(self.days().saturating_sub(1))
    }

    /// An element's id. Ids stand in markup that is written by hand, so nothing but plain characters gets in.
    pub fn element(&self, suffix: &str) -> String {
        let plain = self.id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        plain.chain(['-']).chain(suffix.chars()).collect()
    }

    pub fn has_cumulative(&self) -> bool {
        self.reading == Reading::Flow
    }

    /// The inclusion, where a shape can be compared with it.
    pub fn line(&self, shape: Shape) -> Option<&Inclusion> {
        self.included.as_ref().filter(|_| self.has_cumulative() == (shape == Shape::Cumulative))
    }

    /// The day's value of all parts; `None` where no part has one.
    pub fn total(&self, index: usize) -> Option<i64> {
        sum(self.parts.iter().map(|part| part.values.get(index).copied().flatten()))
    }

    pub fn is_empty(&self) -> bool {
        (0..self.days()).all(|index| self.total(index).is_none())
    }

    pub fn begins_cycle(&self, index: usize) -> bool {
        self.cycles.contains(&self.day(index))
    }

    /// The cycle's first day, or the first one shown.
    pub fn cycle_start(&self, index: usize) -> usize {
        (0..=index).rev().find(|day| self.begins_cycle(*day)).unwrap_or(0)
    }

    /// What each part shows on each day: `[part][day]`.
    pub fn shown(&self, shape: Shape) -> Vec<Vec<Option<i64>>> {
        let known = (0..self.days()).rev().find(|index| self.total(*index).is_some());
        let of_part = |part: &ChartPart| {
            let mut running = part.before;
            let mut of_day = |index| {
                let value = part.values.get(index).copied().flatten();
                match shape {
                    Shape::Days => value,
                    Shape::Cumulative => {
                        if self.begins_cycle(index) {
                            running = 0;
                        }
                        running = running.saturating_add(value.unwrap_or(0));
                        // A gap keeps what was there; after the last known day there is nothing to keep.
                        known.filter(|known| index <= *known).map(|_| running)
                    }
                }
            };
            (0..self.days()).map(&mut of_day).collect()
        };
        self.parts.iter().map(of_part).collect()
    }

    pub fn numbers(&self) -> Numbers<'_> {
        let values = self.parts.iter().flat_map(|part| part.values.iter().flatten().copied());
        Numbers::fitting(&self.unit, values.chain((0..self.days()).filter_map(|index| self.total(index))))
    }
}

/// Of what is known; `None` if nothing is.
pub fn sum(values: impl Iterator<Item = Option<i64>>) -> Option<i64> {
    values.flatten().reduce(i64::saturating_add)
}

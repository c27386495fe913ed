//! What a chart says: its summary, and a day's breakdown.

use domain::usage::{Day, Reading};

use super::data::{ChartData, Shape, sum};
use super::number::share;

/// `24 Oct`
pub fn short(day: Day) -> String {
    let date = day.to_string();
    let number = date.get(8..).unwrap_or_default().trim_start_matches('0');
    [number, " ", month(day)].concat()
}

/// `24 Oct 2026`
pub fn long(day: Day) -> String {
    [&short(day), " ", year(day).as_str()].concat()
}

pub fn year(day: Day) -> String {
    let date = day.to_string();
    date.get(..4).unwrap_or_default().to_owned()
}

/// Counted from 1.
pub fn month_number(day: Day) -> usize {
    let date = day.to_string();
    date.get(5..7).and_then(|month| month.parse().ok()).unwrap_or(1)
}

pub fn month(day: Day) -> &'static str {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    NAMES.get(month_number(day) - 1).copied().unwrap_or_default()
}

fn weekday(day: Day) -> &'static str {
    const NAMES: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    // 1970 began on a Thursday.
    NAMES[day.number().rem_euclid(7) as usize]
}

/// `24 Oct to 22 Nov 2026`
pub fn range(data: &ChartData) -> String {
    let (first, last) = (data.first, data.last());
    if first == last {
        return long(first);
    }
    let from = if year(first) == year(last) { short(first) } else { long(first) };
    [&from, " to ", &long(last)].concat()
}

/// The essentials in a sentence, for whoever doesn't see the drawing too.
pub fn summary(data: &ChartData) -> String {
    let numbers = data.numbers();
    let totals = || (0..data.days()).filter_map(|index| data.total(index).map(|total| (index, total)));
    let mut text = [&range(data), ": "].concat();
    // The latest of equals, which is what people remember.
    let (Some(highest), Some(latest)) = (totals().max_by_key(|(_, total)| *total), totals().next_back()) else {
        return [&text, "no data."].concat();
    };
    match data.reading {
        Reading::Flow => {
            let all = sum(totals().map(|(_, total)| Some(total))).unwrap_or(0);
            text += &[&numbers.amount(all), " in all"].concat();
        }
        Reading::Level => text += &[&numbers.amount(latest.1), " on ", &short(data.day(latest.0))].concat(),
    }
    if data.reading == Reading::Level && highest.1 == latest.1 {
        text += ", the highest of these days";
    } else if highest.1 > 0 {
        text += &[", highest ", &numbers.amount(highest.1), " on ", &short(data.day(highest.0))].concat();
    }
    text + "."
}

/// What a shape is called: `Compute per day`.
pub fn name(data: &ChartData, shape: Shape) -> String {
    let shape = match shape {
        Shape::Days => " per day",
        Shape::Cumulative => ", cumulative",
    };
    [&data.title, shape].concat()
}

/// What one day comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakdown {
    /// `Sun, 22 Nov 2026`
    pub day: String,
    /// `incomplete`, `since 1 Nov`
    pub notes: Vec<String>,
    /// Label and value of each part that has one.
    pub parts: Vec<(String, Option<String>)>,
    /// Of several parts.
    pub total: Option<String>,
    /// `62% of the 10,000 min included`
    pub share: Option<String>,
}

impl Breakdown {
    pub fn of(data: &ChartData, shown: &[Vec<Option<i64>>], shape: Shape, index: usize) -> Self {
        let numbers = data.numbers();
        let day = data.day(index);
        let value = |part: &Vec<Option<i64>>| part.get(index).copied().flatten();
        let total = sum(shown.iter().map(value));
        let start = short(data.day(data.cycle_start(index)));
        let mut notes = Vec::new();
        if shape == Shape::Cumulative {
            notes.push(["since ", &start].concat());
        }
        if data.incomplete_last && index + 1 == data.days() {
            notes.push("incomplete".to_owned());
        }
        // What adds up is measured by what its cycle has come to, even on a day of its own.
        let since = (data.has_cumulative() && shape == Shape::Days).then(|| data.shown(Shape::Cumulative));
        let measured = since.as_ref().map_or(total, |running| total.and(sum(running.iter().map(value))));
        let share = data.included.as_ref().zip(measured).and_then(|(line, measured)| {
            let of = [&share(measured, line.value)?, " of the ", &numbers.amount(line.value), " included"].concat();
            let from = if since.is_some() { ["since ", &start, ": "].concat() } else { String::new() };
            Some(from + &of)
        });
        Self {
            day: [weekday(day), ", ", &long(day)].concat(),
            notes,
            parts: data
                .parts
                .iter()
                .zip(shown)
                .map(|(part, values)| (part.label.clone(), value(values).map(|value| numbers.amount(value))))
                .collect(),
            total: total.filter(|_| data.parts.len() > 1).map(|total| numbers.amount(total)),
            share,
        }
    }

    /// The same for screen readers.
    pub fn spoken(&self) -> String {
        let parts =
            self.parts.iter().map(|(label, value)| [label, " ", value.as_deref().unwrap_or("no data")].concat());
        let total = self.total.iter().map(|total| ["total ", total].concat());
        let rest: Vec<_> = parts.chain(total).chain(self.share.clone()).collect();
        let notes: String = self.notes.iter().map(|note| [", ", note].concat()).collect();
        [&self.day, notes.as_str(), ": ", &rest.join(", ")].concat()
    }
}

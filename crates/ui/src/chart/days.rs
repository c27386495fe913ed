//! The day axis: few dates, fewer on narrow screens.

use super::data::ChartData;
use super::number::percent;
use super::words::{month, month_number, short, year};

/// Ranges longer than this show months.
const DATES: usize = 112;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Label {
    day: usize,
    text: String,
    /// Only where there is room.
    wide: bool,
}

fn labels(data: &ChartData) -> Vec<Label> {
    let days = data.days();
    if days > DATES {
        return months(data);
    }
    // From the last day backwards, since that is what people look for.
    let stride = match days {
        0..=8 => 1,
        9..=16 => 2,
        17..=56 => 7,
        _ => 14,
    };
    let date = |(nth, day): (usize, usize)| Label { day, text: short(data.day(day)), wide: nth % 2 == 1 };
    (0..days).rev().step_by(stride).enumerate().map(date).collect()
}

fn months(data: &ChartData) -> Vec<Label> {
    let firsts = (0..data.days()).filter(|day| data.day(*day).first_of_month() == data.day(*day));
    let label = |day: usize| {
        let date = data.day(day);
        let (number, name) = (month_number(date), month(date));
        let text = if number == 1 { year(date) } else { name.to_owned() };
        Label { day, text, wide: number % 3 != 1 }
    };
    firsts.map(label).collect()
}

/// The inside of the `<svg>` under the drawing.
pub fn markup(data: &ChartData) -> String {
    let mut svg = String::new();
    let days = data.days() as i64;
    for label in labels(data) {
        let x = label.day as i64 * 2 + 1;
        // A date at the right edge would leave the chart.
        let end = x * 100 > days * 2 * 96 && days > 8;
        let class = match (label.wide, end) {
            (false, false) => "chart-date",
            (true, false) => "chart-date chart-date-wide",
            (false, true) => "chart-date chart-date-end",
            (true, true) => "chart-date chart-date-wide chart-date-end",
        };
        let x = if end { "100%".to_owned() } else { percent(x, days * 2) };
        for piece in [r#"<text class=""#, class, r#"" y="16" x=""#, &x, "\">", &label.text, "</text>"] {
            svg.push_str(piece);
        }
    }
    svg
}

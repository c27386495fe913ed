//! The drawing of a chart, as SVG text. It is made of numbers and ids alone; every word stands in HTML around it.
//!
//! What stretches with the page is drawn in a nested `<svg>` that keeps no proportions; what mustn't stretch (dashes,
//! hatching, patterns) stands beside it at places in percent.

use super::axis::Axis;
use super::data::{ChartData, Shape};
use super::number::percent;

/// Both sides of the drawing's own coordinates.
const SIDE: i64 = 100_000;
/// Longer ranges have no room between columns.
const COLUMNS: usize = 92;
/// Parts that have a lightness of their own.
const STEPS: usize = 4;

/// One shape of the data, with its axis.
pub struct Drawing<'a> {
    data: &'a ChartData,
    shape: Shape,
    /// `[day][part]`: where each part ends, counted from zero.
    tops: Vec<Option<Vec<i64>>>,
    /// Where the parts ended before the first day.
    before: Vec<i64>,
    pub axis: Axis,
    /// The inclusion is far above everything: drawing it would flatten what there is.
    pub line_above: bool,
}

/// Points that are joined: how far right, and how high each part reaches.
type Run<'a> = Vec<(i64, &'a [i64])>;

impl<'a> Drawing<'a> {
    pub fn new(data: &'a ChartData, shown: &[Vec<Option<i64>>], shape: Shape) -> Self {
        let of_day = |day: usize| {
            let values = || shown.iter().map(|part| part.get(day).copied().flatten());
            values().any(|value| value.is_some()).then(|| stacked(values().map(Option::unwrap_or_default)))
        };
        let tops: Vec<Option<Vec<i64>>> = (0..data.days()).map(of_day).collect();
        let largest = tops.iter().flatten().filter_map(|tops| tops.last().copied()).max().unwrap_or(0);
        let line = data.line(shape).map(|line| line.value);
        let line_above = line.is_some_and(|line| largest > 0 && line / 4 > largest);
        let held = line.filter(|_| !line_above && !data.is_empty()).unwrap_or(0);
        let before = stacked(data.parts.iter().map(|part| part.before));
        Self { data, shape, tops, before, axis: Axis::fitting(largest.max(held), data.unit.scale), line_above }
    }

    /// The inside of the chart's `<svg>`.
    pub fn markup(&self) -> String {
        let mut svg = String::new();
        self.missing(&mut svg);
        for tick in self.axis.ticks().skip(1) {
            self.line(&mut svg, "chart-grid", tick);
        }
        // The highest part first, each over the one before, so that a thin outline parts them.
        for part in (0..self.data.parts.len()).rev() {
            self.part(&mut svg, part);
        }
        self.incomplete(&mut svg);
        svg += r#"<line class="chart-base" x1="0" x2="100%" y1="100%" y2="100%"/>"#;
        self.zeros(&mut svg);
        if let Some(line) = self.data.line(self.shape).filter(|_| !self.line_above && !self.data.is_empty()) {
            self.line(&mut svg, "chart-line-under", line.value);
            self.line(&mut svg, "chart-line", line.value);
        }
        svg
    }

    fn line(&self, svg: &mut String, class: &str, value: i64) {
        let y = percent(self.axis.depth(value, SIDE), SIDE);
        append(svg, &[r#"<line class=""#, class, r#"" x1="0" x2="100%" y1=""#, &y, r#"" y2=""#, &y, r#""/>"#]);
    }

    fn part(&self, svg: &mut String, part: usize) {
        let path: String = self.runs().iter().map(|run| self.outline(run, part)).collect();
        if path.is_empty() {
            return;
        }
        let step = step(part);
        let name = [self.shape.name(), "-", step].concat();
        let path_id = self.data.element(&[&name, "-path"].concat());
        nested(svg, &["<path id=\"", &path_id, "\" class=\"", PARTS[part % STEPS], "\" d=\"", &path, "\"/>"].concat());
        let Some(pattern) = pattern(self.data, part) else { return };
        let clip = self.data.element(&[&name, "-clip"].concat());
        append(
            svg,
            &[
                r#"<clipPath id=""#,
                &clip,
                r##"" clipPathUnits="objectBoundingBox"><use href="#"##,
                &path_id,
                r#"" transform="scale(.00001)"/></clipPath><rect class="chart-pattern" width="100%" height="100%" fill="url(#"#,
                &pattern,
                r#")" clip-path="url(#"#,
                &clip,
                r#")"/>"#,
            ],
        );
    }

    /// The upper edge of a part over a run, closed along the base. Nothing where nothing rises.
    fn outline(&self, run: &Run<'_>, part: usize) -> String {
        let height = |tops: &[i64]| tops.get(part).copied().unwrap_or(0);
        let Some((from, _)) = run.first() else { return String::new() };
        if run.iter().all(|(_, tops)| height(tops) == 0) {
            return String::new();
        }
        let mut path = ["M", &from.to_string(), " ", &SIDE.to_string()].concat();
        let (mut at, mut depth) = (*from, SIDE);
        for (x, tops) in run {
            let y = self.axis.depth(height(tops), SIDE);
            match (*x - at, y - depth) {
                (0, 0) => {}
                (0, down) => append(&mut path, &["v", &down.to_string()]),
                (right, 0) => append(&mut path, &["h", &right.to_string()]),
                (right, down) => append(&mut path, &["l", &right.to_string(), " ", &down.to_string()]),
            }
            (at, depth) = (*x, y);
        }
        append(&mut path, &["V", &SIDE.to_string(), "z"]);
        path
    }

    /// Columns have a run each; steps and what is cumulative go on as long as days are known.
    fn runs(&self) -> Vec<Run<'_>> {
        let cumulative = self.shape == Shape::Cumulative;
        let joined = cumulative || self.days() > COLUMNS;
        let mut runs: Vec<Run<'_>> = Vec::new();
        for (day, tops) in self.tops.iter().enumerate() {
            let Some(tops) = tops else { continue };
            let (left, right) = if cumulative { (self.edge(day), self.edge(day + 1)) } else { self.column(day) };
            let follows = joined && day > 0 && self.tops[day - 1].is_some();
            if !follows || (cumulative && self.data.begins_cycle(day)) {
                runs.push(Vec::new());
            }
            let Some(run) = runs.last_mut() else { continue };
            // A cycle starts from nothing, the range from what its cycle had before.
            match cumulative {
                false => run.push((left, tops)),
                true if !run.is_empty() => {}
                true if self.data.begins_cycle(day) => run.push((left, &[])),
                true => run.push((left, &self.before)),
            }
            run.push((right, tops));
        }
        runs
    }

    fn column(&self, day: usize) -> (i64, i64) {
        let days = self.days();
        // Of a day's width in hundredths, at both sides.
        let gap = match days {
            0..=8 => 24,
            9..=45 => 14,
            46..=COLUMNS => 10,
            _ => 0,
        };
        let inset = SIDE * gap / 100 / days.max(1) as i64;
        (self.edge(day) + inset, self.edge(day + 1) - inset)
    }

    fn days(&self) -> usize {
        self.tops.len()
    }

    fn edge(&self, day: usize) -> i64 {
        SIDE * day as i64 / self.days().max(1) as i64
    }

    /// Bands where nothing is known, unless that is everywhere.
    fn missing(&self, svg: &mut String) {
        if self.data.is_empty() {
            return;
        }
        let mut day = 0;
        while day < self.days() {
            let from = day;
            while day < self.days() && self.tops[day].is_none() {
                day += 1;
            }
            if day > from {
                let (x, width) = (percent(self.edge(from), SIDE), percent(self.edge(day) - self.edge(from), SIDE));
                append(
                    svg,
                    &[r#"<rect class="chart-missing" x=""#, &x, r#"" width=""#, &width, r#"" height="100%"/>"#],
                );
            }
            day += 1;
        }
    }

    /// A day of zero leaves a mark, other than one that isn't known.
    fn zeros(&self, svg: &mut String) {
        if self.shape == Shape::Cumulative {
            return;
        }
        let mut path = String::new();
        for (day, tops) in self.tops.iter().enumerate() {
            if tops.as_ref().is_some_and(|tops| tops.last() == Some(&0)) {
                let (left, right) = self.column(day);
                append(&mut path, &["M", &left.to_string(), " ", &SIDE.to_string(), "H", &right.to_string()]);
            }
        }
        if !path.is_empty() {
            nested(svg, &[r#"<path class="chart-zero" d=""#, &path, r#""/>"#].concat());
        }
    }

    fn incomplete(&self, svg: &mut String) {
        let Some(Some(tops)) = self.tops.last().filter(|_| self.data.incomplete_last) else { return };
        let y = self.axis.depth(tops.last().copied().unwrap_or(0), SIDE);
        let (left, right) =
            if self.shape == Shape::Days { self.column(self.days() - 1) } else { (self.edge(self.days() - 1), SIDE) };
        append(
            svg,
            &[
                r#"<rect class="chart-incomplete" fill="url(#"#,
                &self.data.element("hatch"),
                r#")" x=""#,
                &percent(left, SIDE),
                r#"" width=""#,
                &percent(right - left, SIDE),
                r#"" y=""#,
                &percent(y, SIDE),
                r#"" height=""#,
                &percent(SIDE - y, SIDE),
                r#""/>"#,
            ],
        );
    }
}

const PARTS: [&str; STEPS] =
    ["chart-part chart-part-1", "chart-part chart-part-2", "chart-part chart-part-3", "chart-part chart-part-4"];

const fn step(part: usize) -> &'static str {
    match part % STEPS {
        0 => "1",
        1 => "2",
        2 => "3",
        _ => "4",
    }
}

/// The patterns of the parts and of what is incomplete, for all shapes of a chart.
pub fn patterns(data: &ChartData) -> String {
    let pattern = |name: &str, side: &str, inside: &str| {
        let id = data.element(name);
        [
            r#"<pattern id=""#,
            &id,
            r#"" patternUnits="userSpaceOnUse" width=""#,
            side,
            r#"" height=""#,
            side,
            r#"">"#,
            inside,
            "</pattern>",
        ]
        .concat()
    };
    [
        pattern("hatch", "6", r#"<path class="chart-ink" d="M-1 5l2 2M-1 -1l8 8M5 -1l2 2"/>"#),
        pattern("pattern-2", "8", r#"<path class="chart-ink" d="M-1 1l2 -2M-1 9l10 -10M7 9l2 -2"/>"#),
        pattern("pattern-3", "6", r#"<circle class="chart-dot" cx="3" cy="3" r="1.4"/>"#),
        pattern("pattern-4", "6", r#"<path class="chart-ink" d="M0 3h6"/>"#),
    ]
    .concat()
}

/// The id of a part's pattern; the first part has none.
fn pattern(data: &ChartData, part: usize) -> Option<String> {
    (!part.is_multiple_of(STEPS)).then(|| data.element(&["pattern-", step(part)].concat()))
}

/// A part's mark in the legend.
pub fn swatch(data: &ChartData, part: usize) -> String {
    let mut svg = ["<rect class=\"", PARTS[part % STEPS], "\" width=\"12\" height=\"12\"/>"].concat();
    if let Some(pattern) = pattern(data, part) {
        let fill = ["\" fill=\"url(#", &pattern, ")\"/>"].concat();
        append(&mut svg, &["<rect class=\"chart-pattern\" width=\"12\" height=\"12", &fill]);
    }
    svg
}

pub fn hatched_swatch(data: &ChartData) -> String {
    let hatch = data.element("hatch");
    [
        r#"<rect class="chart-part-1" width="12" height="12"/><rect width="12" height="12" fill="url(#"#,
        &hatch,
        r#")"/>"#,
    ]
    .concat()
}

pub const LINE_SWATCH: &str = r#"<path class="chart-line" d="M0 6h20"/>"#;
pub const MISSING_SWATCH: &str = r#"<rect class="chart-missing" width="12" height="12"/>"#;

/// Where each part ends when they stand on one another.
fn stacked(values: impl Iterator<Item = i64>) -> Vec<i64> {
    let add = |top: &mut i64, value: i64| {
        *top = top.saturating_add(value.max(0));
        Some(*top)
    };
    values.scan(0, add).collect()
}

fn nested(svg: &mut String, inside: &str) {
    append(
        svg,
        &[
            r#"<svg class="chart-stretched" viewBox="0 0 100000 100000" preserveAspectRatio="none" width="100%" height="100%">"#,
            inside,
            "</svg>",
        ],
    );
}

fn append(text: &mut String, pieces: &[&str]) {
    for piece in pieces {
        text.push_str(piece);
    }
}

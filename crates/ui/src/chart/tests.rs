use domain::usage::{Day, Reading};
use leptos::prelude::*;

use super::data::{ChartData, ChartPart, Hue, Inclusion, Shape, Unit};
use super::drawing::Drawing;
use super::words::{Breakdown, summary};
use super::{Chart, days};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Compute of so many days up to 22 November 2026, half an hour of databases and a quarter of processes each.
fn compute(days: usize) -> ChartData {
    let part = |label: &str, minutes: i64| ChartPart {
        label: label.to_owned(),
        values: vec![Some(minutes * 60_000); days],
        before: 0,
    };
    ChartData {
        id: "compute".into(),
        title: "Compute".into(),
        hue: Hue::Teal,
        unit: Unit::new("min", 60_000),
        reading: Reading::Flow,
        first: day("2026-11-22").plus(1 - days as i64),
        parts: vec![part("Databases", 30), part("Processes", 15)],
        cycles: vec![day("2026-11-01")],
        included: Some(Inclusion { label: "Included in Team".into(), value: 1_000 * 60_000 }),
        incomplete_last: true,
    }
}

fn users(values: Vec<Option<i64>>) -> ChartData {
    ChartData {
        id: "users".into(),
        title: "Users".into(),
        hue: Hue::Plum,
        unit: Unit::new("users", 1).one("user"),
        reading: Reading::Level,
        first: day("2026-11-22").plus(1 - values.len() as i64),
        parts: vec![ChartPart { label: "Users".into(), values, before: 0 }],
        cycles: Vec::new(),
        included: None,
        incomplete_last: false,
    }
}

fn html(data: ChartData) -> String {
    Owner::new().with(|| view! { <Chart data=data /> }.to_html()).replace("<!>", "")
}

fn drawn(data: &ChartData, shape: Shape) -> String {
    Drawing::new(data, &data.shown(shape), shape).markup()
}

/// The paths of the parts, the lowest first.
fn paths(markup: &str) -> Vec<String> {
    let mut paths: Vec<_> = markup
        .split("class=\"chart-part chart-part-")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(" d=\"")?.1.split_once('"')?.0.to_owned()))
        .collect();
    paths.reverse();
    paths
}

/// Texts of a table's cells, row by row, without what is said about them.
fn table(html: &str) -> Vec<Vec<String>> {
    let body = html.split_once("<tbody>").unwrap().1.split_once("</tbody>").unwrap().0;
    let text = |cell: &str| {
        let cell = cell.split("<span").next().unwrap();
        cell.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect::<String>()
    };
    let row = |row: &str| {
        let cells = row.replace("<th", "<td").replace("</th>", "</td>");
        cells.split("<td").skip(1).map(|cell| text(&["<", cell].concat())).collect()
    };
    body.split("<tr>").skip(1).map(row).collect()
}

#[test]
fn every_day_is_a_column_until_there_are_too_many() {
    for (days, columns) in [(1, 1), (7, 7), (30, 30), (92, 92), (93, 1), (366, 1)] {
        let paths = paths(&drawn(&compute(days), Shape::Days));
        assert_eq!(paths.len(), 2, "a path a part");
        for path in paths {
            assert_eq!(path.matches('M').count(), columns, "{days} days");
        }
    }
}

#[test]
fn parts_stand_on_one_another() {
    let paths = paths(&drawn(&compute(1), Shape::Days));
    // 30 and 45 of 50 minutes, counted downwards.
    assert!(paths[0].contains("v-60000"), "{}", paths[0]);
    assert!(paths[1].contains("v-90000"), "{}", paths[1]);
}

#[test]
fn what_is_cumulative_begins_anew_with_a_cycle() {
    let mut data = compute(30);
    data.parts[0].before = 600 * 60_000;
    let shown = data.shown(Shape::Cumulative);
    // 24 October is the first day, 1 November the ninth.
    let minutes = |index: usize| shown[0][index].map(|value| value / 60_000);
    assert_eq!([minutes(0), minutes(7), minutes(8), minutes(29)], [630, 840, 30, 660].map(Some));
    let paths = paths(&drawn(&data, Shape::Cumulative));
    assert_eq!(paths[0].matches('M').count(), 2, "an area a cycle");
    // 600 of 1,000 minutes were used before.
    assert!(paths[0].starts_with("M0 100000v-60000l"), "{}", paths[0]);
}

#[test]
fn after_the_last_known_day_nothing_is_cumulative() {
    let mut data = compute(4);
    for part in &mut data.parts {
        part.values[1] = None;
        part.values[3] = None;
    }
    let shown = data.shown(Shape::Cumulative);
    assert_eq!(shown[0], [Some(1_800_000), Some(1_800_000), Some(3_600_000), None]);
}

#[test]
fn the_inclusion_is_a_dashed_line_where_it_can_be_compared() {
    let data = compute(30);
    assert!(!drawn(&data, Shape::Days).contains("chart-line"));
    // 1,000 of 1,500 minutes, which eight days of October and 22 of November stay below.
    let cumulative = drawn(&data, Shape::Cumulative);
    assert_eq!(cumulative.matches(r#"class="chart-line""#).count(), 1);
    let mut level = users(vec![Some(8); 7]);
    level.included = Some(Inclusion { label: "Included in Team".into(), value: 10 });
    assert!(drawn(&level, Shape::Days).contains(r#"<line class="chart-line" x1="0" x2="100%" y1="0%" y2="0%"/>"#));
}

#[test]
fn an_inclusion_far_above_is_named_instead_of_drawn() {
    let mut data = users(vec![Some(8); 7]);
    data.included = Some(Inclusion { label: "Included in Team".into(), value: 10_000 });
    assert!(!drawn(&data, Shape::Days).contains("chart-line"));
    assert!(html(data).contains("Included in Team: 10,000 users, above what is drawn"));
}

#[test]
fn zero_leaves_a_mark_and_a_missing_day_a_band() {
    let markup = drawn(&users(vec![Some(2), Some(0), None, None, Some(3)]), Shape::Days);
    assert_eq!(paths(&markup)[0].matches('M').count(), 2);
    assert_eq!(markup.matches("chart-zero").count(), 1);
    assert!(markup.contains(r#"<rect class="chart-missing" x="40%" width="40%" height="100%"/>"#));
}

#[test]
fn the_last_day_is_hatched_while_it_goes_on() {
    let mut data = compute(7);
    assert!(drawn(&data, Shape::Days).contains("chart-incomplete"));
    assert!(html(data.clone()).contains("Incomplete: 22 Nov"));
    data.incomplete_last = false;
    assert!(!drawn(&data, Shape::Days).contains("chart-incomplete"));
}

#[test]
fn the_table_holds_the_numbers_of_the_drawing() {
    let mut data = compute(3);
    data.parts[0].values = vec![Some(90_000), None, Some(1)];
    data.parts[1].values = vec![Some(0), None, Some(60_000)];
    assert_eq!(
        table(&html(data)),
        [
            ["2026-11-20", "1.50", "0.00", "1.50", "1.50"],
            ["2026-11-21", "", "", "", "1.50"],
            ["2026-11-22", "&lt;0.01", "1.00", "1.00", "2.50"],
        ]
    );
}

#[test]
fn a_year_is_in_the_table_too() {
    let rows = table(&html(compute(366)));
    assert_eq!(rows.len(), 366);
    assert_eq!(rows[365], ["2026-11-22", "30", "15", "45", "990"]);
}

#[test]
fn it_says_the_essentials() {
    let mut data = compute(30);
    data.parts[1].values[10] = Some(62 * 60_000);
    assert_eq!(summary(&data), "24 Oct to 22 Nov 2026: 1,397 min in all, highest 92 min on 3 Nov.");
    assert_eq!(
        summary(&users(vec![Some(14), Some(12)])),
        "21 Nov to 22 Nov 2026: 12 users on 22 Nov, highest 14 users on 21 Nov."
    );
    assert_eq!(
        summary(&users(vec![Some(1), Some(12), Some(12)])),
        "20 Nov to 22 Nov 2026: 12 users on 22 Nov, the highest of these days."
    );
    assert_eq!(summary(&users(vec![None; 7])), "16 Nov to 22 Nov 2026: no data.");
}

#[test]
fn a_day_is_broken_down() {
    let data = compute(30);
    let of = |shape, index| Breakdown::of(&data, &data.shown(shape), shape, index).spoken();
    assert_eq!(
        of(Shape::Days, 8),
        "Sun, 1 Nov 2026: Databases 30 min, Processes 15 min, total 45 min, since 1 Nov: 4% of the 1,000 min included"
    );
    assert_eq!(
        of(Shape::Cumulative, 29),
        "Sun, 22 Nov 2026, since 1 Nov, incomplete: Databases 660 min, Processes 330 min, total 990 min, \
         99% of the 1,000 min included"
    );
    let gap = users(vec![None, Some(1)]);
    assert_eq!(
        Breakdown::of(&gap, &gap.shown(Shape::Days), Shape::Days, 0).spoken(),
        "Sat, 21 Nov 2026: Users no data"
    );
}

#[test]
fn nothing_known_is_a_flat_axis_and_words() {
    let html = html(users(vec![None; 30]));
    assert!(html.contains("No data from 24 Oct to 22 Nov 2026"));
    assert!(html.contains("chart-base"));
    for absent in ["-path", "chart-grid", "<table", r#"role="slider""#] {
        assert!(!html.contains(absent), "{absent}");
    }
}

#[test]
fn names_and_ids_are_what_tests_and_screen_readers_find() {
    let html = html(compute(30));
    for there in [
        r#"role="img" aria-label="Compute per day" aria-describedby="compute-summary""#,
        r#"role="img" aria-label="Compute, cumulative""#,
        r#"role="slider""#,
        r#"aria-label="Days of Compute per day""#,
        r#"aria-valuemax="30""#,
        r#"<fieldset class="chart-choice"><legend class="sr-only">Show Compute</legend>"#,
        r#"aria-label="Table: Compute per day, in min""#,
    ] {
        assert!(html.contains(there), "{there}\n{html}");
    }
}

#[test]
fn nothing_but_plain_characters_gets_into_drawn_ids() {
    let mut data = compute(3);
    data.id = "a\"><script>".into();
    data.parts[0].label = "<b>".into();
    let html = html(data);
    assert!(!html.contains("<script>") && !html.contains("<b>"));
    assert!(html.contains(r#"id="ascript-days-1-path""#));
}

#[test]
fn dates_are_few_and_end_with_the_last_day() {
    let texts = |data: &ChartData| -> Vec<String> {
        let markup = days::markup(data);
        markup.split("</text>").filter_map(|text| Some(text.rsplit_once('>')?.1.to_owned())).collect()
    };
    assert_eq!(texts(&compute(30)), ["22 Nov", "15 Nov", "8 Nov", "1 Nov", "25 Oct"]);
    let year = texts(&compute(365));
    assert_eq!((year.len(), year[0].as_str(), year[1].as_str()), (12, "Dec", "2026"));
    for days in 1..400 {
        assert!((1..=14).contains(&texts(&compute(days)).len()), "{days}");
    }
}

#[test]
fn no_colour_and_no_style_sheet_stands_in_the_markup() {
    for days in [7, 30, 365] {
        let html = html(compute(days));
        assert!(!html.contains("<style") && !html.contains("fill=\"#") && !html.contains("stroke="));
    }
}

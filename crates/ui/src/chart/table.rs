//! The same numbers as a table.

use leptos::prelude::*;

use super::data::{ChartData, Shape, sum};
use super::words::name;

/// Under the chart, closed at first.
pub fn table(data: &ChartData) -> AnyView {
    let several = data.parts.len() > 1;
    let column = |label: String| view! { <th scope="col" class="number">{label}</th> };
    let labels = data.parts.iter().map(|part| part.label.clone());
    let caption = [&name(data, Shape::Days), ", in ", &data.unit.many].concat();
    view! {
        <details class="chart-data">
            <summary>"Show as a table"</summary>
            <div class="chart-table-room" role="region" tabindex="0" aria-label=["Table: ", &caption].concat()>
                <table class="chart-table">
                    <caption>{caption.clone()}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Day"</th>
                            {labels.map(column).collect_view()}
                            {several.then(|| column("Total".to_owned()))}
                            {data.has_cumulative().then(|| column("Cumulative".to_owned()))}
                        </tr>
                    </thead>
                    <tbody inner_html=rows(data)></tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

/// Dates and numbers alone, as text: a year would be thousands of nodes to hydrate.
fn rows(data: &ChartData) -> String {
    let numbers = data.numbers();
    let cumulative = data.has_cumulative().then(|| data.shown(Shape::Cumulative));
    let mut html = String::new();
    let cell = |html: &mut String, value: Option<i64>| {
        html.push_str("<td class=\"number\">");
        match value {
            Some(value) => html.push_str(&numbers.column(value).replace('<', "&lt;").replace('>', "&gt;")),
            None => html.push_str(r#"<span aria-hidden="true">–</span><span class="sr-only">no data</span>"#),
        }
        html.push_str("</td>");
    };
    for index in 0..data.days() {
        let day = data.day(index).to_string();
        for piece in ["<tr><th scope=\"row\"><time datetime=\"", &day, "\">", &day, "</time>"] {
            html.push_str(piece);
        }
        if data.incomplete_last && index + 1 == data.days() {
            html.push_str("<span class=\"chart-note\">incomplete</span>");
        }
        html.push_str("</th>");
        for part in &data.parts {
            cell(&mut html, part.values.get(index).copied().flatten());
        }
        if data.parts.len() > 1 {
            cell(&mut html, data.total(index));
        }
        if let Some(cumulative) = &cumulative {
            cell(&mut html, sum(cumulative.iter().map(|part| part.get(index).copied().flatten())));
        }
        html.push_str("</tr>");
    }
    html
}

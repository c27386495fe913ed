//! A chart of days: stacked parts as columns (long ranges as steps), and what adds up cumulatively, with the plan's
//! inclusion as a dashed line. It is drawn on the server and complete without JavaScript; with it, pointer and keys show
//! a day's breakdown. Why it is our own: `docs/adr/0020-own-charts.md`.

mod axis;
mod data;
mod days;
mod drawing;
mod number;
mod plot;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use leptos::prelude::*;

pub use data::{ChartData, ChartPart, Hue, Inclusion, Unit};

use data::Shape;
use drawing::Drawing;

/// Draws `data`; its `id` is the chart's.
#[component]
pub fn Chart(data: ChartData) -> AnyView {
    let class = match data.hue {
        Hue::Teal => "chart chart-teal",
        Hue::Indigo => "chart chart-indigo",
        Hue::Plum => "chart chart-plum",
        Hue::Slate => "chart chart-slate",
    };
    let data = Arc::new(data);
    let cumulative = data.has_cumulative() && !data.is_empty();
    let title_id = data.element("title");
    let labelled_by = title_id.clone();
    view! {
        <figure class=class id=data.element("chart") aria-labelledby=labelled_by>
            <svg class="chart-patterns" aria-hidden="true" width="0" height="0" inner_html=drawing::patterns(&data)></svg>
            <figcaption class="chart-head">
                <div>
                    <h3 class="chart-title" id=title_id>
                        {data.title.clone()}
                    </h3>
                    <p class="chart-summary" id=data.element("summary")>
                        {words::summary(&data)}
                    </p>
                </div>
                {cumulative.then(|| shapes(&data))}
            </figcaption>
            {(!data.is_empty()).then(|| legend(&data))}
            <div class="chart-shape chart-shape-days">{plot::plot(&data, Shape::Days)}</div>
            {cumulative
                .then(|| {
                    view! {
                        <div class="chart-shape chart-shape-cumulative">{plot::plot(&data, Shape::Cumulative)}</div>
                    }
                })}
            {(!data.is_empty()).then(|| table::table(&data))}
        </figure>
    }
    .into_any()
}

/// Plain radio buttons: the style sheet shows the shape that is chosen.
fn shapes(data: &ChartData) -> AnyView {
    let choice = |shape: Shape| {
        let class = match shape {
            Shape::Days => "chart-choose-days",
            Shape::Cumulative => "chart-choose-cumulative",
        };
        view! {
            <label>
                <input class=class type="radio" name=data.element("shape") checked=shape == Shape::Days />
                <span>{shape.label()}</span>
            </label>
        }
    };
    view! {
        <fieldset class="chart-choice">
            <legend class="sr-only">{["Show ", &data.title].concat()}</legend>
            {choice(Shape::Days)}
            {choice(Shape::Cumulative)}
        </fieldset>
    }
    .into_any()
}

fn legend(data: &ChartData) -> AnyView {
    let days = data.days();
    let incomplete = data.incomplete_last && days > 0 && data.total(days - 1).is_some();
    let missing = (0..days).any(|day| data.total(day).is_none());
    let parts =
        data.parts.iter().enumerate().map(|(part, value)| entry(drawing::swatch(data, part), value.label.clone()));
    view! {
        <div class="chart-under-head">
            <ul class="chart-legend">
                {parts.collect_view()}
                {incomplete.then(|| {
                    entry(drawing::hatched_swatch(data), ["Incomplete: ", &words::short(data.last())].concat())
                })}
                {missing.then(|| entry(drawing::MISSING_SWATCH.to_owned(), "No data".to_owned()))}
                {inclusion(data)}
            </ul>
            {(data.parts.len() > 1).then(|| {
                view! {
                    <label class="chart-patterned">
                        <input class="checkbox" type="checkbox" />
                        <span>"Patterns"</span>
                        <span class="sr-only">{[" for ", &data.title].concat()}</span>
                    </label>
                }
            })}
        </div>
    }
    .into_any()
}

fn inclusion(data: &ChartData) -> Option<AnyView> {
    let line = data.included.as_ref()?;
    let shape = if data.has_cumulative() { Shape::Cumulative } else { Shape::Days };
    let drawing = Drawing::new(data, &data.shown(shape), shape);
    let above = if drawing.line_above { ", above what is drawn" } else { "" };
    let text = [&line.label, ": ", &data.numbers().amount(line.value), above].concat();
    // What is compared with another shape is no mark of this one.
    let class = if data.has_cumulative() { "chart-only-cumulative" } else { "" };
    Some(
        view! {
            <li class=class>
                {(!drawing.line_above).then(|| {
                    view! { <svg class="chart-mark-line" aria-hidden="true" inner_html=drawing::LINE_SWATCH></svg> }
                })}
                {text}
            </li>
        }
        .into_any(),
    )
}

fn entry(swatch: String, text: String) -> AnyView {
    view! { <li>{mark(swatch)} {text}</li> }.into_any()
}

fn mark(swatch: String) -> AnyView {
    view! { <svg class="chart-mark" aria-hidden="true" inner_html=swatch></svg> }.into_any()
}

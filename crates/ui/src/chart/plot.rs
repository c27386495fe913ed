//! One shape of a chart: the drawing, its axes, and the breakdown of the day that is pointed at.

use std::sync::Arc;

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::data::{ChartData, Shape};
use super::drawing::{Drawing, swatch};
use super::number::{percent, tick};
use super::words::{Breakdown, name, range};
use super::{days, mark};

/// Days that Page Up and Page Down go.
const WEEK: usize = 7;

#[derive(Clone, Copy)]
struct Cursor {
    day: RwSignal<usize>,
    shown: RwSignal<bool>,
    last: usize,
}

impl Cursor {
    fn go(self, day: usize) {
        self.day.set(day.min(self.last));
        self.shown.set(true);
    }

    fn point(self, event: &PointerEvent) {
        let Some(field) = event.current_target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok())
        else {
            return;
        };
        let (x, width) = (i64::from(event.offset_x()), i64::from(field.offset_width()));
        let day = x.max(0) * (self.last as i64 + 1) / width.max(1);
        self.go(day as usize);
    }

    fn press(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let day = self.day.get_untracked();
        let to = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => day.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => day + 1,
            "PageDown" => day.saturating_sub(WEEK),
            "PageUp" => day + WEEK,
            "Home" => 0,
            "End" => self.last,
            "Escape" => {
                self.shown.set(false);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        self.go(to);
    }
}

pub fn plot(data: &Arc<ChartData>, shape: Shape) -> AnyView {
    let shown = data.shown(shape);
    let drawing = Drawing::new(data, &shown, shape);
    let ticks = drawing.axis.ticks().rev().map(|value| view! { <span>{tick(value, &data.unit)}</span> }).collect_view();
    let empty = data.is_empty();
    view! {
        <div class="chart-plot" class:chart-plot-flat=drawing.axis.top() == 0>
            <div class="chart-ticks" aria-hidden="true">
                {ticks}
            </div>
            <div class="chart-field">
                <svg
                    class="chart-drawing"
                    role="img"
                    aria-label=name(data, shape)
                    aria-describedby=data.element("summary")
                    inner_html=drawing.markup()
                ></svg>
                {empty.then(|| view! { <p class="chart-none">{["No data from ", &range(data)].concat()}</p> })}
                {(!empty).then(|| cursor(data.clone(), shown, shape))}
            </div>
            <svg class="chart-days" aria-hidden="true" inner_html=days::markup(data)></svg>
        </div>
    }
    .into_any()
}

/// A slider over the days, since that is how one moves along them, with the breakdown as its value.
fn cursor(data: Arc<ChartData>, shown: Vec<Vec<Option<i64>>>, shape: Shape) -> AnyView {
    let days = data.days();
    let last = days.saturating_sub(1);
    let cursor = Cursor { day: RwSignal::new(last), shown: RwSignal::new(false), last };
    let label = ["Days of ", &name(&data, shape)].concat();
    let data = StoredValue::new((data, shown));
    let breakdown = move || data.with_value(|(data, shown)| Breakdown::of(data, shown, shape, cursor.day.get()));
    let center = move || percent(cursor.day.get() as i64 * 2 + 1, days as i64 * 2);
    view! {
        <div
            class="chart-cursor needs-js"
            class:chart-cursor-on=move || cursor.shown.get()
            role="slider"
            tabindex="0"
            aria-label=label
            aria-orientation="horizontal"
            aria-valuemin="1"
            aria-valuemax=days.to_string()
            aria-valuenow=move || (cursor.day.get() + 1).to_string()
            aria-valuetext=move || breakdown().spoken()
            style:--day=percent(1, days as i64)
            style:--at=center
            on:pointerdown=move |event| cursor.point(&event)
            on:pointermove=move |event| cursor.point(&event)
            on:pointerleave=move |event| {
                // A finger that is lifted leaves what it pointed at.
                if event.pointer_type() == "mouse" {
                    cursor.shown.set(false);
                }
            }
            on:focus=move |_| cursor.shown.set(true)
            on:blur=move |_| cursor.shown.set(false)
            on:keydown=move |event| cursor.press(&event)
        ></div>
        {move || {
            let right = cursor.day.get() * 2 > last;
            cursor.shown.get().then(|| data.with_value(|(data, _)| tip(data, breakdown(), right, center())))
        }}
    }
    .into_any()
}

fn tip(data: &ChartData, breakdown: Breakdown, before: bool, at: String) -> AnyView {
    let day = percent(1, data.days() as i64);
    let row = |(part, (label, value)): (usize, (String, Option<String>))| {
        view! {
            <div>
                <dt>{mark(swatch(data, part))} {label}</dt>
                <dd>{value.unwrap_or_else(|| "no data".to_owned())}</dd>
            </div>
        }
    };
    let parts = breakdown.parts.into_iter().enumerate().map(row).collect_view();
    let notes = breakdown.notes.into_iter().map(|note| view! { <span class="chart-note">{note}</span> }).collect_view();
    view! {
        <div class="chart-tip" class:chart-tip-before=before role="tooltip" style:--at=at style:--day=day>
            <p class="chart-tip-day">{breakdown.day} {notes}</p>
            <dl>
                {parts}
                {breakdown
                    .total
                    .map(|total| {
                        view! {
                            <div class="chart-tip-total">
                                <dt>"Total"</dt>
                                <dd>{total}</dd>
                            </div>
                        }
                    })}
            </dl>
            {breakdown.share.map(|share| view! { <p class="chart-tip-share">{share}</p> })}
        </div>
    }
    .into_any()
}

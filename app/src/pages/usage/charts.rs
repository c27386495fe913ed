//! A chart for each dimension, and small ones for the platform's own meters.

use domain::usage::page::{CustomDays, DimensionDays, Series, UsagePage as Model};
use domain::usage::{Dimension, Reading};
use leptos::prelude::*;
use ui::{Chart, ChartData, ChartPart, Hue, Inclusion, Unit};

pub fn charts(page: &Model) -> AnyView {
    // What nobody reports has no days to draw; members are counted anyway.
    let shown = |days: &&DimensionDays| page.is_fed || days.dimension == Dimension::Users;
    let built_in = page.charts.iter().filter(shown).map(|days| view! { <Chart data=dimension(page, days) /> });
    let (some, none): (Vec<_>, Vec<_>) =
        page.custom.iter().filter(|_| page.is_fed).partition(|days| days.days.values.iter().any(Option::is_some));
    let custom = (!some.is_empty()).then(|| {
        let charts = some.into_iter().map(|days| view! { <Chart data=custom(page, days) /> }).collect_view();
        view! { <div class="usage-custom">{charts}</div> }
    });
    let without = (!none.is_empty()).then(|| {
        let labels: Vec<&str> = none.iter().map(|days| days.meter.label.as_str()).collect();
        view! { <p class="quiet">{["No data from these days: ", &labels.join(", "), "."].concat()}</p> }
    });
    view! {
        <div class="usage-charts">{built_in.collect_view()} {custom} {without}</div>
    }
    .into_any()
}

fn dimension(page: &Model, days: &DimensionDays) -> ChartData {
    let dimension = days.dimension;
    let hue = match dimension {
        Dimension::Compute => Hue::Teal,
        Dimension::Storage => Hue::Indigo,
        Dimension::Users => Hue::Plum,
    };
    let unit = Unit::new(dimension.unit(), dimension.per_unit());
    let label = match &page.charges {
        Some(charges) => ["Included in ", &charges.plan].concat(),
        None => "Included".to_owned(),
    };
    let parts = days.parts.iter().map(|(meter, series)| part(meter.label().to_owned(), series));
    ChartData {
        id: dimension.name().to_owned(),
        title: dimension.label().to_owned(),
        hue,
        unit: if dimension == Dimension::Users { unit.one("user") } else { unit },
        included: days.included.map(|value| Inclusion { label, value }),
        ..of_days(page, dimension.reading(), parts.collect())
    }
}

fn custom(page: &Model, days: &CustomDays) -> ChartData {
    let meter = &days.meter;
    let parts = vec![part(meter.label.clone(), &days.days)];
    ChartData {
        id: ["meter-", meter.key.as_str()].concat(),
        title: meter.label.clone(),
        unit: Unit::new(&meter.unit, 1),
        ..of_days(page, meter.aggregation.reading(), parts)
    }
}

fn part(label: String, series: &Series) -> ChartPart {
    ChartPart { label, values: series.values.clone(), before: series.before }
}

fn of_days(page: &Model, reading: Reading, parts: Vec<ChartPart>) -> ChartData {
    ChartData {
        id: String::new(),
        title: String::new(),
        hue: Hue::Slate,
        unit: Unit::new("", 1),
        reading,
        first: page.first,
        parts,
        cycles: page.cycles.clone(),
        included: None,
        incomplete_last: page.last == page.today,
    }
}

//! What the cycle comes to so far, the last full day, and what is stopped.

use domain::Timestamp;
use domain::billing::Cycle;
use domain::usage::Dimension;
use domain::usage::page::{Charges, LimitView, UsagePage as Model};
use leptos::prelude::*;
use ui::{Alert, Moment, Section, Tone};

/// A warning for each cap in force.
pub fn caps(limits: &[LimitView], cycle: Cycle, now: Timestamp) -> AnyView {
    let capped = limits.iter().filter_map(|view| Some((view.dimension, view.capped_since?)));
    capped.map(|(dimension, since)| cap(dimension, since, cycle, now)).collect_view().into_any()
}

fn cap(dimension: Dimension, since: Timestamp, cycle: Cycle, now: Timestamp) -> AnyView {
    let title = [dimension.label(), " is capped"].concat();
    let end = match dimension {
        Dimension::Compute => [
            ". This ends when the limit is raised or taken away, or with the next cycle on ",
            &cycle.end.to_string(),
            ".",
        ]
        .concat(),
        Dimension::Storage => ". This ends when the limit is raised or taken away, or less is kept.".to_owned(),
        Dimension::Users => ". This ends when the limit is raised or taken away, or people leave.".to_owned(),
    };
    view! {
        <Alert tone=Tone::Warning title=title>
            <p>
                {dimension.cap_effect()} " In force since " <Moment at=since now=now /> {end} " "
                <a class="link" href="#limits" rel="external">
                    "See the limits"
                </a>
            </p>
        </Alert>
    }
    .into_any()
}

pub fn summary(page: &Model) -> AnyView {
    let day = page.summary.day;
    let days = page.summary.values.iter().map(|(dimension, value)| {
        let value = value.map_or_else(|| "No data".to_owned(), |value| dimension.show(value));
        figure(dimension.label(), value, ["on ", &day.to_string()].concat())
    });
    // Charges are the whole organization's.
    let charged = page.workspace.is_none().then(|| match &page.charges {
        Some(charges) => {
            let paid_by = charges.paid_by.as_ref().map(|who| [", paid by ", who].concat()).unwrap_or_default();
            figure("Estimated charges", charges.total.clone(), ["so far, on ", &charges.plan, &paid_by].concat())
        }
        None => figure("Estimated charges", "None".to_owned(), "on no plan, so nothing is charged".to_owned()),
    });
    let rows = page.charges.as_ref().filter(|_| page.workspace.is_none()).map(rows);
    let description = ["The cycle is ", &page.cycle.to_string(), "."].concat();
    let days = days.collect_view();
    view! {
        <Section id="summary" title="Summary" description=description>
            <dl class="figures">{charged} {days}</dl>
            {rows}
        </Section>
    }
    .into_any()
}

fn figure(term: &'static str, value: String, note: String) -> AnyView {
    view! {
        <div class="figure">
            <dt>{term}</dt>
            <dd class="figure-value">{value}</dd>
            <dd class="figure-note">{note}</dd>
        </div>
    }
    .into_any()
}

fn rows(charges: &Charges) -> AnyView {
    let rows = charges.rows.iter().map(|row| {
        view! {
            <tr>
                <th scope="row">{row.text.clone()}</th>
                <td data-label="Quantity">{row.quantity.clone()}</td>
                <td class="number mono" data-label="Amount">
                    {row.amount.clone()}
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <details class="charges">
            <summary>"What the charges are made of"</summary>
            <table class="table">
                <caption class="sr-only">"Estimated charges"</caption>
                <thead>
                    <tr>
                        <th scope="col">"What"</th>
                        <th scope="col">"Quantity"</th>
                        <th scope="col" class="number">
                            "Amount"
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
    .into_any()
}

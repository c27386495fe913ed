//! The list of meters, and adding one.

use domain::usage::{BuiltIn, CustomMeter, Dimension, MeterForm, MetersPage as Model};
use leptos::prelude::*;
use ui::{EmptyState, Icon, PageHeader, Section, SubmitButton};

use super::form::fields;
use super::{aggregation_label, state_badge};
use crate::api::usage::{CreateMeter, LoadMeters};
use crate::form::{PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::load;
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn MetersPage() -> AnyView {
    load(|| Ask::of(LoadMeters {}), |_| "Meters".to_owned(), show)
}

fn show(page: Model) -> AnyView {
    let own = match page.meters.is_empty() {
        true => view! {
            <EmptyState
                icon=Icon::Gauge
                title="No meters of your own yet"
                text="Add one for whatever else the platform wants to show and charge, such as GPU hours or requests."
            />
        }
        .into_any(),
        false => own(page.meters),
    };
    view! {
        <Frame viewer=page.viewer org=None place=Place::Elsewhere trail=vec![Crumb::here("Meters")]>
            <PageHeader
                title="Meters"
                description="What can be measured in every organization. The platform reports it as events, with a meter token."
            >
                <a class="btn btn-quiet" href=paths::api_reference() rel="external">
                    "API reference"
                </a>
            </PageHeader>
            <Section id="own" title="Meters of your own">
                {own}
            </Section>
            <Section id="built-in" title="Built-in meters" description="They come with every instance, and stay as they are.">
                {built_in()}
            </Section>
            <CreateForm />
        </Frame>
    }
    .into_any()
}

fn own(meters: Vec<CustomMeter>) -> AnyView {
    let lines = meters.into_iter().map(|meter| {
        let prices = MeterForm::from(&meter).prices.replace('\n', ", ");
        let prices = if prices.is_empty() { "None".to_owned() } else { prices };
        view! {
            <tr>
                <th scope="row" class="cell-main">
                    <a class="row-link" href=paths::meter(meter.key.as_str())>
                        {meter.label}
                    </a>
                    <p class="cell-note mono">{meter.key.to_string()}</p>
                </th>
                <td data-label="Unit">{meter.unit}</td>
                <td data-label="A day's value">{aggregation_label(meter.aggregation)}</td>
                <td class="mono" data-label="Prices">
                    {prices}
                </td>
                <td data-label="State">{state_badge(meter.archived)}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <table class="table">
            <caption class="sr-only">"Meters of your own"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Unit"</th>
                    <th scope="col">"A day's value"</th>
                    <th scope="col">"Prices"</th>
                    <th scope="col">"State"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn built_in() -> AnyView {
    let lines = BuiltIn::ALL.map(|meter| {
        let told = match meter {
            BuiltIn::UserCount => "Tenantry itself, each day",
            _ => "The platform",
        };
        view! {
            <tr>
                <th scope="row" class="mono">
                    {meter.name()}
                </th>
                <td data-label="Unit">{meter.unit()}</td>
                <td data-label="A day's value">{aggregation_label(meter.aggregation())}</td>
                <td data-label="Counts towards">{towards(meter)}</td>
                <td data-label="Reported by">{told}</td>
            </tr>
        }
    });
    view! {
        <table class="table">
            <caption class="sr-only">"Built-in meters"</caption>
            <thead>
                <tr>
                    <th scope="col">"Key"</th>
                    <th scope="col">"Unit"</th>
                    <th scope="col">"A day's value"</th>
                    <th scope="col">"Counts towards"</th>
                    <th scope="col">"Reported by"</th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// `Compute (database)`
fn towards(meter: BuiltIn) -> String {
    let dimension = meter.dimension();
    match dimension {
        Dimension::Users => dimension.label().to_owned(),
        _ => [dimension.label(), " (", &meter.label().to_lowercase(), ")"].concat(),
    }
}

#[component]
fn CreateForm() -> AnyView {
    let form = use_form::<CreateMeter>();
    view! {
        <Section id="add" title="Add a meter">
            <PlainForm form=form failed="No meter was added" class="form" label="Add a meter">
                {fields(form.status, None)}
                <div class="form-actions">
                    <SubmitButton label="Add meter" busy_label="Adding…" pending=form.pending />
                </div>
            </PlainForm>
        </Section>
    }
    .into_any()
}

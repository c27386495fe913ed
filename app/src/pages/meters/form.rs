//! The fields of a meter, for adding one and for changing it.

use domain::usage::{Aggregation, CustomMeter, MeterForm};
use leptos::prelude::*;
use ui::{Field, FieldGroup, Radio, TextArea, TextInput, Toggle};

use super::aggregation_label;
use crate::form::FormStatus;

/// `meter` is the one to be changed; its key and aggregation stay.
pub fn fields(status: FormStatus, meter: Option<&CustomMeter>) -> AnyView {
    let refused = status.fault.with_untracked(Option::is_some);
    let saved = meter.map(MeterForm::from).unwrap_or_default();
    let typed = move |name: &str, saved: String| status.typed(name).filter(|_| refused).unwrap_or(saved);
    let kept = meter.map(|_| {
        view! { <input type="hidden" name="form[aggregation]" value=saved.aggregation.clone() /> }
    });
    let new = meter.is_none().then(|| key(status, typed("key", saved.key.clone())));
    let (label, unit) = (typed("label", saved.label), typed("unit", saved.unit));
    let aggregation = meter.is_none().then(|| aggregation(status, &typed("aggregation", saved.aggregation)));
    let prices = typed("prices", saved.prices);
    let archived = status.typed_flag("archived").filter(|_| refused).unwrap_or(saved.archived);
    let archived = meter.is_some().then(|| self::archived(archived));
    view! {
        {kept}
        {new}
        <Field name="form[label]" label="Name" help="As charts and invoices call it." error=status.field_error("label")>
            <TextInput value=label required=true autocomplete="off" />
        </Field>
        <Field
            name="form[unit]"
            label="Unit"
            help="What one is called, such as GPU hours or requests."
            error=status.field_error("unit")
        >
            <TextInput value=unit required=true autocomplete="off" />
        </Field>
        {aggregation}
        <Field
            name="form[prices]"
            label="Prices of one unit"
            help="A line for each currency, such as EUR 0.002. Of the last or largest quantity, the price is of one that is kept for a whole cycle. In other currencies it isn't charged; changes count from each organization's next cycle on."
            error=status.field_error("prices")
            optional=true
        >
            <TextArea value=prices rows=3 mono=true />
        </Field>
        {archived}
    }
    .into_any()
}

fn key(status: FormStatus, value: String) -> AnyView {
    view! {
        <Field
            name="form[key]"
            label="Key"
            help="The type of its events, such as gpu_hours: small letters, digits and “_”. It never changes."
            error=status.field_error("key")
        >
            <TextInput value=value mono=true required=true autocomplete="off" />
        </Field>
    }
    .into_any()
}

fn aggregation(status: FormStatus, chosen: &str) -> AnyView {
    let chosen = Aggregation::from_name(chosen).unwrap_or(Aggregation::Sum);
    let choices = move || {
        Aggregation::ALL.map(|known| {
            let help = match known {
                Aggregation::Sum => "Quantities add up; a negative one takes back.",
                Aggregation::Last => "The quantity of the latest event, such as bytes that are kept.",
                Aggregation::Max => "The largest quantity.",
                Aggregation::Unique => "How many different keys the events name, such as people.",
            };
            view! { <Radio value=known.name() label=aggregation_label(known) help=help checked=known == chosen /> }
        })
    };
    view! {
        <FieldGroup
            name="form[aggregation]"
            legend="A day's value"
            help="How the events of a day come to it. It never changes."
            error=status.field_error("aggregation")
        >
            // Here, where they find the group's name.
            {choices().into_iter().collect_view()}
        </FieldGroup>
    }
    .into_any()
}

fn archived(checked: bool) -> AnyView {
    view! {
        <Field
            name="form[archived]"
            label="Archived"
            help="Takes no more events. Its days stay, and it can be taken back at any time."
        >
            <Toggle checked=checked />
        </Field>
    }
    .into_any()
}

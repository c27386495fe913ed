//! One meter of the platform's own, and changing it.

use domain::usage::{CustomMeter, MetersPage as Model};
use domain::{Fault, Timestamp};
use leptos::prelude::*;
use ui::{Alert, Fact, Facts, Moment, PageHeader, Section, SubmitButton, Tone};

use super::form::fields;
use super::{aggregation_label, state_badge};
use crate::api::usage::{LoadMeters, UpdateMeter};
use crate::form::{FormState, LoadTheirs, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{FaultPage, load, param, use_reload};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn MeterPage() -> AnyView {
    // Made once: the page's content is made anew after each change.
    let update = use_form::<UpdateMeter>();
    let key = param("meter");
    load(
        || Ask::of(LoadMeters {}),
        |_: &Model| "Meter".to_owned(),
        move |mut page: Model| {
            let wanted = untrack(key);
            match page.meters.iter().position(|meter| meter.key.as_str() == wanted) {
                Some(at) => {
                    let meter = page.meters.swap_remove(at);
                    show(page, meter, update)
                }
                None => view! { <FaultPage fault=Fault::NotFound /> }.into_any(),
            }
        },
    )
}

fn show(page: Model, meter: CustomMeter, update: FormState<UpdateMeter>) -> AnyView {
    let reload = use_reload();
    Effect::new(move |before: Option<()>| {
        if update.answer().is_some() && before.is_some() {
            reload.run();
        }
    });
    let trail = vec![Crumb::link("Meters", paths::meters()), Crumb::here(meter.label.clone())];
    let archived = meter.archived.then(|| {
        view! {
            <Alert tone=Tone::Warning title="This meter is archived">
                <p>"Its events are refused until it is taken back. The days it has stay where they are."</p>
            </Alert>
        }
    });
    let (title, facts) = (meter.label.clone(), facts(&meter, page.now));
    view! {
        <Frame viewer=page.viewer org=None place=Place::Elsewhere trail=trail>
            <PageHeader title=title description="A meter of your own." />
            {archived}
            <Section id="meter" title="About">
                {facts}
            </Section>
            <ChangeForm form=update meter=meter />
        </Frame>
    }
    .into_any()
}

fn facts(meter: &CustomMeter, now: Timestamp) -> AnyView {
    let (key, aggregation) = (meter.key.to_string(), aggregation_label(meter.aggregation));
    let (state, created_at) = (state_badge(meter.archived), meter.created_at);
    view! {
        <Facts>
            <Fact term="Key">
                <span class="mono">{key}</span>
            </Fact>
            <Fact term="A day's value">{aggregation}</Fact>
            <Fact term="State">{state}</Fact>
            <Fact term="Added">
                <Moment at=created_at now=now />
            </Fact>
        </Facts>
    }
    .into_any()
}

#[component]
fn ChangeForm(form: FormState<UpdateMeter>, meter: CustomMeter) -> AnyView {
    let (key, version) = (meter.key.to_string(), meter.version.to_string());
    let reload = paths::meter(&key);
    let fields = fields(form.status, Some(&meter));
    let done = move || {
        form.answer().map(|_| {
            view! {
                <Alert tone=Tone::Success assertive=true>
                    <p>"Saved."</p>
                </Alert>
            }
        })
    };
    view! {
        <Section id="settings" title="Settings">
            <PlainForm form=form failed="The meter was not changed" class="form" label="Settings">
                {done}
                <input type="hidden" name="meter" value=key />
                <input type="hidden" name="version" value=version />
                {fields}
                <LoadTheirs fault=form.status.fault reload=reload />
                <div class="form-actions">
                    <SubmitButton label="Save meter" busy_label="Saving…" pending=form.pending />
                </div>
            </PlainForm>
        </Section>
    }
    .into_any()
}

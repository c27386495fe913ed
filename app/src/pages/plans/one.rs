//! One plan, changed under the version it was loaded with.

use domain::billing::{PlanForm, PlanPage as Model, PlanRow};
use leptos::prelude::*;
use ui::{Alert, Badge, Fact, Facts, PageHeader, Section, SubmitButton, Tone};

use super::buyer_label;
use super::form::fields;
use crate::api::billing::{LoadPlan, UpdatePlan};
use crate::form::{FormState, LoadTheirs, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param, use_reload};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn PlanPage() -> AnyView {
    // Made once: the page's content is made anew after a save.
    let update = use_form::<UpdatePlan>();
    let plan = param("plan");
    load(
        move || Ask::of(LoadPlan { plan: plan() }),
        |page: &Model| ["Plan · ", &page.row.plan.name].concat(),
        move |page| show(page, update),
    )
}

fn show(page: Model, update: FormState<UpdatePlan>) -> AnyView {
    let Model { viewer, row: PlanRow { plan, organizations }, .. } = page;
    let reload = use_reload();
    Effect::new(move |before: Option<()>| {
        if update.answer().is_some() && before.is_some() {
            reload.run();
        }
    });
    let saved = move || {
        update.answer().map(|_| {
            view! {
                <Alert tone=Tone::Success assertive=true>
                    <p>"Saved. It counts from each organization's next cycle on."</p>
                </Alert>
            }
        })
    };
    let trail = vec![Crumb::link("Plans", paths::plans()), Crumb::here(plan.name.clone())];
    let state = match plan.archived {
        true => view! { <Badge tone=Tone::Neutral label="Archived" /> }.into_any(),
        false => view! { <Badge tone=Tone::Success label="Offered" /> }.into_any(),
    };
    let there = paths::plan(&plan.key);
    let version = plan.version.to_string();
    let (name, key, price) = (plan.name.clone(), plan.key.to_string(), plan.price().to_string());
    let (shown_key, buyer) = (key.clone(), buyer_label(plan.buyer));
    let fields = fields(update.status, Some(PlanForm::from(&plan)));
    view! {
        <Frame viewer=viewer org=None place=Place::Elsewhere trail=trail>
            <PageHeader title=name description="A plan that organizations can be on." />
            <Section id="plan" title="About">
                <Facts>
                    <Fact term="State">{state}</Fact>
                    <Fact term="Key">
                        <span class="mono">{shown_key}</span>
                    </Fact>
                    <Fact term="Price a month">
                        <span class="mono">{price}</span>
                    </Fact>
                    <Fact term="For sale to">{buyer}</Fact>
                    <Fact term="Organizations on it">
                        <span class="mono">{organizations}</span>
                    </Fact>
                </Facts>
            </Section>
            <Section
                id="change"
                title="Change"
                description="What it costs and includes counts from each organization's next cycle on; what runs stays as it began."
            >
                <PlainForm form=update failed="The plan was not saved" class="form" label="Change the plan">
                    {saved}
                    <input type="hidden" name="plan" value=key />
                    <input type="hidden" name="version" value=version />
                    {fields}
                    <LoadTheirs fault=update.status.fault reload=there />
                    <div class="form-actions">
                        <SubmitButton label="Save plan" busy_label="Saving…" pending=update.pending />
                    </div>
                </PlainForm>
            </Section>
        </Frame>
    }
    .into_any()
}

//! The list of plans, and adding one.

use domain::billing::{PlanRow, PlansPage as Model};
use leptos::prelude::*;
use ui::{Badge, EmptyState, Icon, PageHeader, Section, SubmitButton, Tone};

use super::buyer_label;
use super::form::fields;
use crate::api::billing::{CreatePlan, LoadPlans};
use crate::form::{FormState, PlainForm, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::load;
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn PlansPage() -> AnyView {
    let create = use_form::<CreatePlan>();
    load(|| Ask::of(LoadPlans {}), |_| "Plans".to_owned(), move |page| show(page, create))
}

fn show(page: Model, create: FormState<CreatePlan>) -> AnyView {
    let Model { viewer, plans, .. } = page;
    let entries = match plans.is_empty() {
        true => view! {
            <EmptyState
                icon=Icon::Card
                title="No plans yet"
                text="Add one, so that organizations can subscribe to it, or the platform can provide it."
            />
        }
        .into_any(),
        false => table(plans),
    };
    view! {
        <Frame viewer=viewer org=None place=Place::Elsewhere trail=vec![Crumb::here("Plans")]>
            <PageHeader
                title="Plans"
                description="What organizations can be on: what it costs, what it includes, and what more costs."
            >
                <a class="btn btn-primary" href="#add-plan" rel="external">
                    {Icon::Plus.view()}
                    "Add plan"
                </a>
            </PageHeader>
            {entries}
            <Section id="add-plan" title="Add a plan">
                <PlainForm form=create failed="The plan was not added" class="form" label="Add a plan">
                    {fields(create.status, None)}
                    <div class="form-actions">
                        <SubmitButton label="Add plan" busy_label="Adding…" pending=create.pending />
                    </div>
                </PlainForm>
            </Section>
        </Frame>
    }
    .into_any()
}

fn table(plans: Vec<PlanRow>) -> AnyView {
    let lines = plans.into_iter().map(line).collect_view();
    view! {
        <table class="table plans">
            <caption class="sr-only">"Plans"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Key"</th>
                    <th scope="col" class="number">
                        "Price a month"
                    </th>
                    <th scope="col">"Offers"</th>
                    <th scope="col">"For sale to"</th>
                    <th scope="col" class="number">
                        "Organizations"
                    </th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn line(row: PlanRow) -> AnyView {
    let PlanRow { plan, organizations } = row;
    let archived = plan.archived.then(|| view! { <Badge tone=Tone::Neutral label="Archived" /> });
    let offers = plan.offers();
    let offers = match offers.is_empty() {
        true => view! { <span class="quiet">"–"</span> }.into_any(),
        false => {
            let lines = offers.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
            view! { <ul>{lines}</ul> }.into_any()
        }
    };
    view! {
        <tr>
            <th scope="row" class="cell-main">
                <a class="row-link" href=paths::plan(&plan.key)>
                    {plan.name.clone()}
                </a>
                " "
                {archived}
            </th>
            <td class="mono" data-label="Key">
                {plan.key.to_string()}
            </td>
            <td class="number mono" data-label="Price a month">
                {plan.price().to_string()}
            </td>
            <td data-label="Offers">{offers}</td>
            <td data-label="For sale to">{buyer_label(plan.buyer)}</td>
            <td class="number mono" data-label="Organizations">
                {organizations}
            </td>
        </tr>
    }
    .into_any()
}

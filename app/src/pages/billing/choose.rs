//! Plans to choose from.

use domain::billing::{Buyer, Plan, PlanKey};
use leptos::prelude::*;
use ui::{EmptyState, Icon, Section, Tone};

use crate::api::billing::Subscribe;
use crate::form::{FormState, PlainForm};

/// What choosing a plan does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    First,
    /// After one that lapsed.
    GoOn,
    /// In place of this one.
    Another(PlanKey),
}

#[component]
pub fn ChooseSection(form: FormState<Subscribe>, handle: String, plans: Vec<Plan>, choice: Choice) -> AnyView {
    let current = match &choice {
        Choice::Another(current) => Some(current.clone()),
        _ => None,
    };
    let plans: Vec<Plan> = plans.into_iter().filter(|plan| Some(&plan.key) != current.as_ref()).collect();
    if plans.is_empty() {
        return match choice {
            Choice::Another(_) => ().into_any(),
            _ => view! {
                <Section id="plans" title="Plans">
                    <EmptyState
                        icon=Icon::Invoice
                        title="There is no plan to choose yet"
                        text="The people who run this console offer plans here."
                    />
                </Section>
            }
            .into_any(),
        };
    }
    let (title, verb, failed) = match choice {
        Choice::First => ("Choose a plan", "Subscribe to ", "The organization is on no plan yet"),
        Choice::GoOn => ("Choose a plan to go on", "Go on with ", "The plan was not chosen"),
        Choice::Another(_) => ("Change the plan", "Change to ", "The plan was not changed"),
    };
    let with_trial = choice == Choice::First;
    let refused = form.status.fault.with_untracked(Option::is_some);
    let cards = plans.iter().map(|plan| card(plan, verb, with_trial)).collect_view();
    let form = view! {
        <PlainForm form=form failed=failed label=title>
            <input type="hidden" name="handle" value=handle />
            <ul class="plan-cards">{cards}</ul>
        </PlainForm>
    };
    let content = match choice {
        Choice::Another(_) => view! {
            <details class="fold" open=refused>
                <summary>"Change the plan…"</summary>
                <p>
                    "The other plan holds from today on. What is left of this cycle is credited and charged by days, on the next invoice."
                </p>
                {form}
            </details>
        }
        .into_any(),
        _ => form.into_any(),
    };
    view! {
        <Section id="plans" title=title>
            {content}
        </Section>
    }
    .into_any()
}

fn card(plan: &Plan, verb: &'static str, with_trial: bool) -> AnyView {
    let offers = plan.offers().into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let trial = (with_trial && plan.trial_days > 0 && plan.buyer == Buyer::Owners).then(|| {
        let text = format!("{} days free with half the compute, once for each organization", plan.trial_days);
        view! { <p class="plan-trial">{text}</p> }
    });
    let (name, price) = (plan.name.clone(), plan.price().to_string());
    let label = [verb, &name].concat();
    view! {
        <li class="plan-card">
            <h3 class="plan-name">{name}</h3>
            <p class="plan-price">
                <strong class="mono">{price}</strong>
                " a month"
            </p>
            {trial}
            <ul class="plan-offers">{offers}</ul>
            <button type="submit" class=Tone::Primary.button_class() name="plan" value=plan.key.to_string()>
                {label}
            </button>
        </li>
    }
    .into_any()
}

//! The plan that an organization is on, and what its next invoice comes to.

use domain::billing::Estimate;
use domain::billing::page::{InvoiceRow, ProvidedBy, SubscriptionState, SubscriptionView};
use domain::usage::Day;
use leptos::prelude::*;
use ui::{Alert, Badge, Fact, Facts, Section, SubmitButton, Tone};

use super::invoice_badge;
use super::lines::lines;
use crate::api::billing::CancelSubscription;
use crate::form::{FormState, LoadTheirs, PlainForm};
use crate::paths;

#[component]
pub fn PlanSection(
    form: FormState<CancelSubscription>,
    handle: String,
    plan: SubscriptionView,
    last: Option<InvoiceRow>,
    today: Day,
    may_change: bool,
) -> AnyView {
    let is_own = plan.by == ProvidedBy::Direct;
    let last = last.map(|row| {
        let href = paths::org_text(&handle).invoice(row.number);
        view! {
            <Fact term="Last invoice">
                <a class="link" href=href>
                    {row.number.to_string()}
                </a>
                " "
                {invoice_badge(&row.state, row.due, today)}
            </Fact>
        }
    });
    let price = match is_own {
        true => [&plan.price.to_string(), " a month"].concat(),
        false => "Nothing for this organization".to_owned(),
    };
    let cycle = match plan.state {
        SubscriptionState::Lapsed => "Ended",
        _ => "This cycle",
    };
    let offers = plan.offers.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
    let offers = (!plan.offers.is_empty()).then(|| {
        view! {
            <Fact term="What it offers">
                <ul>{offers}</ul>
            </Fact>
        }
    });
    let ends = plan.cycle.end;
    let dates = plan.cycle.to_string();
    let name = plan.name.clone();
    let badge = state_badge(&plan, is_own);
    let act = may_change.then(|| end_form(form, handle, &plan));
    view! {
        <Section id="plan" title="Plan">
            {plan
                .cancels
                .then(|| {
                    view! {
                        <Alert tone=Tone::Warning title=format!("Ends on {ends}")>
                            <p>"Until then everything stays as it is. After that nothing new is charged."</p>
                        </Alert>
                    }
                })}
            <Facts>
                <Fact term="Plan">{name} " " {badge}</Fact>
                <Fact term="Price">{price}</Fact>
                {offers}
                <Fact term=cycle>{dates}</Fact>
                {last}
            </Facts>
            {act}
        </Section>
    }
    .into_any()
}

fn state_badge(plan: &SubscriptionView, is_own: bool) -> AnyView {
    let (tone, label) = match plan.state {
        SubscriptionState::Trial => (Tone::Primary, format!("Trial until {}", plan.cycle.end.plus(-1))),
        SubscriptionState::Active if !is_own => (Tone::Success, "Provided".to_owned()),
        SubscriptionState::Active => (Tone::Success, plan.state.label().to_owned()),
        SubscriptionState::Lapsed => (Tone::Danger, plan.state.label().to_owned()),
    };
    view! { <Badge tone=tone label=label /> }.into_any()
}

/// Ends the plan, or has it go on after all. What ends something is folded up, with what comes of it.
fn end_form(form: FormState<CancelSubscription>, handle: String, plan: &SubscriptionView) -> AnyView {
    let version = plan.version.to_string();
    let reload = paths::org_text(&handle).billing();
    let refused = form.status.fault.with_untracked(Option::is_some);
    let (act, failed) = match plan.cancels {
        true => ("keep", "The plan still ends"),
        false => ("cancel", "The plan was not ended"),
    };
    let button = |label: &'static str, tone: Tone| {
        view! { <SubmitButton label=label busy_label="Saving…" pending=form.pending tone=tone /> }.into_any()
    };
    let at_once = plan.state == SubscriptionState::Lapsed || plan.by == ProvidedBy::Partner;
    let (question, text, label) = match at_once {
        true => (
            "End the plan…",
            "It ends at once. What was used until now is not lost; without a plan nothing is included.".to_owned(),
            "End the plan now",
        ),
        false => (
            "Cancel the plan…",
            format!(
                "Everything stays until {} ends. After that the organization is on no plan, and gets a last invoice for what it used beyond the plan. Until then you can take this back.",
                plan.cycle.end.plus(-1)
            ),
            "Cancel at the end of the cycle",
        ),
    };
    let content = match plan.cancels {
        true => button("Keep the plan", Tone::Primary),
        false => view! {
            <details class="fold" open=refused>
                <summary>{question}</summary>
                <div class="fold-body">
                    <p>{text}</p>
                    {button(label, Tone::DangerOutline)}
                </div>
            </details>
        }
        .into_any(),
    };
    view! {
        <PlainForm form=form failed=failed class="plan-end" label="End or keep the plan">
            <input type="hidden" name="handle" value=handle />
            <input type="hidden" name="version" value=version />
            <input type="hidden" name="act" value=act />
            <LoadTheirs fault=form.status.fault reload=reload />
            {content}
        </PlainForm>
    }
    .into_any()
}

#[component]
pub fn EstimateSection(estimate: Estimate) -> AnyView {
    let Estimate { as_of, on, bill } = estimate;
    let total = bill.total.to_string();
    let as_of = format!("With what was used until {as_of}; further use adds to it.");
    let table = match bill.lines.is_empty() {
        true => view! { <p class="quiet">"So far there is nothing to charge."</p> }.into_any(),
        false => view! {
            <details class="fold">
                <summary>"Show its lines"</summary>
                {lines(&bill, "Lines of the next invoice")}
            </details>
        }
        .into_any(),
    };
    view! {
        <Section id="next-invoice" title="Next invoice" description=as_of>
            <Facts>
                <Fact term="Comes to">
                    <strong class="mono">{total}</strong>
                </Fact>
                <Fact term="Issued on">{on.to_string()}</Fact>
            </Facts>
            {table}
        </Section>
    }
    .into_any()
}

//! *Billing*: the plan, the next invoice, the ones before, and ways to pay.

use domain::billing::page::{
    BillingPage as Model, InvoiceRow, PaymentMethod, ProvidedBy, SubscriptionState, SubscriptionView,
};
use domain::billing::{Buyer, InvoiceState};
use leptos::prelude::*;
use ui::{Alert, EmptyState, Icon, PageHeader, Tone};

use super::choose::{Choice, ChooseSection};
use super::invoices::InvoicesSection;
use super::methods::{MethodForms, MethodsSection};
use super::subscription::{EstimateSection, PlanSection};
use crate::api::billing::{AgreePayment, CancelSubscription, ChangePaymentMethod, LoadBilling, Subscribe};
use crate::form::{FormState, use_form};
use crate::frame::{Crumb, Frame, Place};
use crate::page::{load, param, use_reload};
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn BillingPage() -> AnyView {
    // Made once: the page's content is made anew after each change.
    let forms = Forms { subscribe: use_form(), cancel: use_form(), agree: use_form(), change: use_form() };
    let handle = param("handle");
    load(
        move || Ask::of(LoadBilling { handle: handle() }),
        |page: &Model| ["Billing · ", page.org.display_name.as_str()].concat(),
        move |page| show(page, forms),
    )
}

#[derive(Clone, Copy)]
struct Forms {
    subscribe: FormState<Subscribe>,
    cancel: FormState<CancelSubscription>,
    agree: FormState<AgreePayment>,
    change: FormState<ChangePaymentMethod>,
}

fn show(page: Model, forms: Forms) -> AnyView {
    let Forms { subscribe, cancel, agree, change } = forms;
    let reload = use_reload();
    Effect::new(move |before: Option<()>| {
        let subscribed = subscribe.answer().is_some() | cancel.answer().is_some();
        let noted = agree.answer().is_some() | change.answer().is_some();
        if (subscribed | noted) && before.is_some() {
            reload.run();
        }
    });
    let (viewer, org) = (page.viewer.clone(), page.org.clone());
    let content = match page.subscription.clone() {
        Some(plan) if plan.by != ProvidedBy::Direct => provided(&page, plan, forms),
        plan => own(&page, plan, forms),
    };
    view! {
        <Frame viewer=viewer org=Some(org) place=Place::Billing trail=vec![
            Crumb::here("Advanced"),
            Crumb::here("Billing"),
        ]>
            <PageHeader
                title="Billing"
                description="The plan of this organization, what it owes, and how it pays. Days are those of UTC."
            />
            {content}
        </Frame>
    }
    .into_any()
}

/// For an organization that pays for itself, or could.
fn own(page: &Model, plan: Option<SubscriptionView>, forms: Forms) -> AnyView {
    let handle = page.org.handle.to_string();
    // Owners of the partner can't change what its own owners bought.
    let is_theirs = plan.is_some() && is_of_partner(page);
    let may_change = page.can_write && page.org.state.is_open() && !is_theirs;
    let lapsed = plan.as_ref().is_some_and(|plan| plan.state == SubscriptionState::Lapsed);
    let choice = match &plan {
        Some(plan) if !lapsed => Choice::Another(plan.plan.clone()),
        Some(_) => Choice::GoOn,
        None => Choice::First,
    };
    let section = plan.map(|plan| {
        let last = page.invoices.first().cloned();
        view! {
            <PlanSection
                form=forms.cancel
                handle=handle.clone()
                plan=plan
                last=last
                today=page.today
                may_change=may_change
            />
        }
    });
    let estimate = page.estimate.clone().map(|estimate| view! { <EstimateSection estimate=estimate /> });
    let choose = may_change.then(|| {
        view! {
            <ChooseSection form=forms.subscribe handle=handle.clone() plans=page.plans.clone() choice=choice />
        }
    });
    view! {
        {held(page, lapsed)}
        {section}
        {estimate}
        {choose}
        {invoices(page)}
        {methods(page, page.methods.clone(), forms)}
    }
    .into_any()
}

/// For an organization whose plan costs it nothing.
fn provided(page: &Model, plan: SubscriptionView, forms: Forms) -> AnyView {
    let (title, text) = match (plan.by, &page.partner) {
        (ProvidedBy::Partner, Some(partner)) => (
            ["The plan ", &plan.name, " is provided by ", partner].concat(),
            "Your partner chose it and pays for it, so there is nothing to pay here. Ask the partner for another plan.",
        ),
        (ProvidedBy::Partner, None) => (
            ["The plan ", &plan.name, " is provided by a partner"].concat(),
            "The partner pays for it, so there is nothing to pay here.",
        ),
        _ => (
            ["The plan ", &plan.name, " is provided by the platform"].concat(),
            "The people who run this console chose it, and there is nothing to pay here. Ask them for another plan.",
        ),
    };
    let is_partners = plan.by == ProvidedBy::Partner && is_of_partner(page);
    let may_change = is_partners && page.can_write && page.org.state.is_open();
    let handle = page.org.handle.to_string();
    let current = plan.plan.clone();
    let choose = may_change.then(|| {
        view! {
            <ChooseSection
                form=forms.subscribe
                handle=handle.clone()
                plans=page.plans.clone()
                choice=Choice::Another(current)
            />
        }
    });
    // What was owed before stays to be seen and paid.
    let before = (!page.invoices.is_empty()).then(|| view! { {held(page, false)} {invoices(page)} });
    view! {
        <EmptyState icon=Icon::Invoice title=title text=text />
        <PlanSection
            form=forms.cancel
            handle=page.org.handle.to_string()
            plan=plan
            last=None
            today=page.today
            may_change=may_change
        />
        {choose}
        {before}
    }
    .into_any()
}

/// Only owners of the partner are shown plans for partners.
fn is_of_partner(page: &Model) -> bool {
    page.plans.iter().any(|plan| plan.buyer == Buyer::Partners)
}

/// What to do about an organization that is closed until something is paid.
fn held(page: &Model, lapsed: bool) -> Option<AnyView> {
    if !page.held {
        return None;
    }
    let open: Vec<InvoiceRow> = page.invoices.iter().filter(|row| row.state == InvoiceState::Open).cloned().collect();
    let pages = paths::org(&page.org.handle);
    let links = open.iter().map(|row| {
        view! {
            <li>
                <a class="link" href=pages.invoice(row.number)>
                    {[&row.number.to_string(), " over ", &row.total.to_string()].concat()}
                </a>
            </li>
        }
    });
    let text = match (open.is_empty(), lapsed) {
        (false, _) => "It opens again when what is open is paid. Nothing is lost meanwhile. Pay:",
        (true, true) => "Its plan has ended without a way to pay. Choose a plan to go on; nothing is lost meanwhile.",
        (true, false) => "The platform team is looking into its bill.",
    };
    let list = (!open.is_empty()).then(|| view! { <ul class="notice-list">{links.collect_view()}</ul> });
    let alert = view! {
        <Alert tone=Tone::Danger title="This organization is closed until its bill is settled">
            <p>{text}</p>
            {list}
        </Alert>
    };
    Some(alert.into_any())
}

fn invoices(page: &Model) -> AnyView {
    let (handle, rows) = (page.org.handle.clone(), page.invoices.clone());
    view! { <InvoicesSection handle=handle rows=rows more=page.more today=page.today /> }.into_any()
}

fn methods(page: &Model, methods: Vec<PaymentMethod>, forms: Forms) -> AnyView {
    let forms = MethodForms { agree: forms.agree, change: forms.change };
    let is_open = page.org.state.is_open();
    view! {
        <MethodsSection
            forms=forms
            handle=page.org.handle.clone()
            methods=methods
            provider=page.provider
            can_write=page.can_write && is_open
            can_settle=page.can_settle && is_open
            now=page.now
        />
    }
    .into_any()
}

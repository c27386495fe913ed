//! Billing: an organization's plan, its invoices and how it pays; and the plans there are.

use domain::billing::page::{BillingPage, CardPage, InvoicePage, InvoicesPage, InvoicesQuery};
use domain::billing::{PlanForm, PlanPage, PlansPage};
use leptos::server;

use super::Failure;

#[server]
pub async fn load_billing(handle: String) -> Result<BillingPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::billing::load(&ctx, &handle).await)
}

#[server]
pub async fn load_invoice(handle: String, number: String) -> Result<InvoicePage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::billing::load_invoice(&ctx, &handle, &number).await)
}

#[server]
pub async fn load_invoices(#[server(default)] query: InvoicesQuery) -> Result<InvoicesPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::billing::load_all(&ctx, query).await)
}

/// Puts the organization on the plan of this key, or on another one.
#[server]
pub async fn subscribe(handle: String, #[server(default)] plan: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::billing::subscribe(&ctx, &handle, &plan).await)
}

/// `version`: the one the page was loaded with. `act`: `cancel` or `keep`.
#[server]
pub async fn cancel_subscription(handle: String, version: i64, #[server(default)] act: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    let base = service::org::Base::Version(version);
    super::server::done(&ctx, service::billing::cancel(&ctx, &handle, base, act != "keep").await)
}

#[server]
pub async fn mark_invoice_paid(handle: String, number: String, #[server(default)] note: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::billing::mark_paid(&ctx, &handle, &number, &note).await)
}

#[server]
pub async fn void_invoice(handle: String, number: String, #[server(default)] reason: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::billing::void(&ctx, &handle, &number, &reason).await)
}

/// Tries once more to have an invoice paid by card.
#[server]
pub async fn pay_invoice(handle: String, number: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::billing::pay(&ctx, &handle, &number).await)
}

/// Notes a way to pay that was agreed.
#[server]
pub async fn agree_payment(handle: String, #[server(default)] label: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::billing::agree(&ctx, &handle, &label).await)
}

/// What a button does to the way to pay it names: makes it the `default`, or has it `removed`.
#[server]
pub async fn change_payment_method(
    handle: String,
    #[server(default)] default: String,
    #[server(default)] remove: String,
) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    let changed = match remove.is_empty() {
        true => service::billing::set_default(&ctx, &handle, &default).await,
        false => service::billing::remove(&ctx, &handle, &remove).await,
    };
    super::server::done(&ctx, changed)
}

/// Where a card is entered, at the provider.
#[server]
pub async fn load_card(handle: String) -> Result<CardPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::billing::load_card(&ctx, &handle).await)
}

/// Takes up the card that was entered; `setup` names how it was.
#[server]
pub async fn finish_card(handle: String, #[server(default)] setup: String) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::billing::finish_card(&ctx, &handle, &setup).await)?;
    leptos_axum::redirect(&crate::paths::org_text(&handle).billing());
    Ok(())
}

#[server]
pub async fn load_plans() -> Result<PlansPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::plan::load(&ctx).await)
}

#[server]
pub async fn load_plan(plan: String) -> Result<PlanPage, Failure> {
    let ctx = super::server::ctx()?;
    super::server::done(&ctx, service::plan::load_one(&ctx, &plan).await)
}

/// Leads to the plan.
#[server]
pub async fn create_plan(#[server(default)] form: PlanForm) -> Result<(), Failure> {
    let ctx = super::server::ctx()?;
    let made = super::server::done(&ctx, service::plan::create(&ctx, &form).await)?;
    leptos_axum::redirect(&crate::paths::plan(&made.key));
    Ok(())
}

/// `version`: the one the form was loaded with. Answers the next.
#[server]
pub async fn update_plan(plan: String, version: i64, #[server(default)] form: PlanForm) -> Result<i64, Failure> {
    let ctx = super::server::ctx()?;
    let base = service::org::Base::Version(version);
    super::server::done(&ctx, service::plan::update(&ctx, &plan, base, &form).await.map(|plan| plan.version))
}

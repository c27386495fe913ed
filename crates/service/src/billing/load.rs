use domain::Fault;
use domain::authz::cap::{BillingRead, PlansRead};
use domain::authz::{Permission, Via};
use domain::billing::page::{
    BillingPage, InvoicePage, InvoiceRow, InvoicesPage, InvoicesQuery, ProvidedBy, ProviderKind, SubscriptionView,
};
use domain::billing::{Buyer, Estimate, InvoiceNumber, Plan};
use domain::org::Hold;
use domain::usage::Day;
use storage::Tx;
use storage::authz::{Granted, Target};
use storage::invoice::Stored;
use storage::subscription::{self, Subscription};

use super::owed;
use crate::ctx::Ctx;
use crate::error::Error;

/// Invoices of a page.
const PAGE_SIZE: usize = 50;

/// What the page of an organization's billing shows, whoever asks.
pub struct Billing {
    pub subscription: Option<SubscriptionView>,
    pub held: bool,
    pub provider: ProviderKind,
    pub estimate: Option<Estimate>,
    pub methods: Vec<domain::billing::page::PaymentMethod>,
    pub plans: Vec<Plan>,
}

/// The page of an organization's billing.
pub async fn load(ctx: &Ctx, handle: &str) -> Result<BillingPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<BillingRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let (viewer, org) = (grant.viewer()?.clone(), grant.header(&tx)?);
    let Billing { subscription, held, provider, estimate, methods, plans } = of(ctx, &mut tx, &grant).await?;
    let (invoices, more) = invoices(&mut tx, &grant, None, PAGE_SIZE).await?;
    let partner = storage::org::partner_name(&mut tx, &grant).await?;
    Ok(BillingPage {
        viewer,
        subscription,
        held,
        provider,
        estimate,
        invoices,
        more,
        methods,
        plans,
        can_write: org.can(Permission::BillingWrite),
        can_settle: org.can(Permission::BillingSettle),
        partner,
        org,
        today: Day::of(ctx.now()),
        now: ctx.now(),
    })
}

/// The same for programs.
pub async fn read(ctx: &Ctx, handle: &str) -> Result<Billing, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<BillingRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    of(ctx, &mut tx, &grant).await
}

async fn of(ctx: &Ctx, tx: &mut Tx, grant: &Granted<BillingRead>) -> Result<Billing, Error> {
    let rows = storage::billing_plan::all(tx, grant).await?;
    let found = subscription::find(tx, grant).await?;
    let (mut view, mut estimate) = (None, None);
    if let Some(found) = &found {
        let plan = rows.iter().find(|row| row.plan.key == found.plan).ok_or(Fault::NotFound)?;
        view = Some(shown(found, &plan.plan));
        let terms = super::terms(tx, grant, &found.plan, false).await?;
        if let Some(reckoned) = owed::next(tx, grant, found, terms).await? {
            estimate = Some(Estimate {
                as_of: Day::of(ctx.now()),
                on: found.turns_on.unwrap_or(found.cycle.cycle.end),
                bill: reckoned.bill()?.0,
            });
        }
    }
    let buyer = if grant.via() == Via::PartnerOwner { Buyer::Partners } else { Buyer::Owners };
    let mut plans: Vec<Plan> =
        rows.into_iter().map(|row| row.plan).filter(|plan| !plan.archived && plan.buyer == buyer).collect();
    plans.sort_by_key(|plan| (plan.currency.code(), plan.price));
    Ok(Billing {
        subscription: view,
        held: grant.org(tx)?.holds.contains(Hold::Billing),
        provider: if ctx.services().payments().is_some() { ProviderKind::Stripe } else { ProviderKind::Manual },
        estimate,
        methods: storage::payment::methods(tx, grant).await?.into_iter().map(|method| method.shown).collect(),
        plans,
    })
}

fn shown(found: &Subscription, plan: &Plan) -> SubscriptionView {
    SubscriptionView {
        plan: plan.key.clone(),
        name: plan.name.clone(),
        price: plan.price(),
        offers: plan.offers(),
        by: found.by,
        state: found.state,
        cycle: found.cycle.cycle,
        cancels: found.cancels && found.by == ProvidedBy::Direct,
        version: found.version,
    }
}

async fn invoices(
    tx: &mut Tx,
    grant: &Granted<BillingRead>,
    before: Option<InvoiceNumber>,
    limit: usize,
) -> Result<(Vec<InvoiceRow>, bool), Error> {
    // One more than the page tells whether there are more.
    let found = storage::invoice::page(tx, grant, before, limit as i64 + 1).await?;
    let more = found.len() > limit;
    Ok((found.into_iter().take(limit).map(InvoiceRow::from).collect(), more))
}

/// An organization's invoices before a number, newest first, and whether there are more; for programs.
pub async fn list(
    ctx: &Ctx,
    handle: &str,
    before: Option<InvoiceNumber>,
    limit: usize,
) -> Result<(Vec<InvoiceRow>, bool), Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<BillingRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    invoices(&mut tx, &grant, before, limit).await
}

/// The page of one invoice.
pub async fn load_invoice(ctx: &Ctx, handle: &str, number: &str) -> Result<InvoicePage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<BillingRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let (viewer, org) = (grant.viewer()?.clone(), grant.header(&tx)?);
    let stored = one(&mut tx, &grant, number).await?;
    Ok(InvoicePage {
        viewer,
        can_settle: org.can(Permission::BillingSettle),
        can_pay: org.can(Permission::BillingWrite) && ctx.services().payments().is_some(),
        org,
        invoice: stored.invoice,
        payment_error: stored.payment_error,
        today: Day::of(ctx.now()),
        now: ctx.now(),
    })
}

/// The same for programs.
pub async fn read_invoice(ctx: &Ctx, handle: &str, number: &str) -> Result<Stored, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<BillingRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    one(&mut tx, &grant, number).await
}

async fn one(tx: &mut Tx, grant: &Granted<BillingRead>, number: &str) -> Result<Stored, Error> {
    let number = InvoiceNumber::parse(number).ok_or(Fault::NotFound)?;
    Ok(storage::invoice::find(tx, grant, number).await?.ok_or(Fault::NotFound)?)
}

/// The page of all invoices of the instance.
pub async fn load_all(ctx: &Ctx, query: InvoicesQuery) -> Result<InvoicesPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<PlansRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let (rows, more) = every(ctx, &mut tx, &grant, &query, PAGE_SIZE).await?;
    Ok(InvoicesPage { viewer, query, rows, more, today: Day::of(ctx.now()), now: ctx.now() })
}

/// The same for programs.
pub async fn read_all(ctx: &Ctx, query: &InvoicesQuery, limit: usize) -> Result<(Vec<InvoiceRow>, bool), Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<PlansRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    every(ctx, &mut tx, &grant, query, limit).await
}

async fn every(
    ctx: &Ctx,
    tx: &mut Tx,
    grant: &Granted<PlansRead>,
    query: &InvoicesQuery,
    limit: usize,
) -> Result<(Vec<InvoiceRow>, bool), Error> {
    let found = storage::invoice::every(tx, grant, query, Day::of(ctx.now()), limit as i64 + 1).await?;
    let more = found.len() > limit;
    Ok((found.into_iter().take(limit).collect(), more))
}

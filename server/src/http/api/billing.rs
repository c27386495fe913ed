use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Json, Response};
use domain::Fault;
use domain::billing::page::{InvoiceRow, InvoicesQuery, PaymentMethod as Method, ProviderKind, SubscriptionView};
use domain::billing::{Bill, Buyer, Estimate as NextInvoice, InvoiceNumber, InvoiceState, Plan, PlanForm, PlanRow};
use domain::money::Money;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use service::{Ctx, billing, plan};
use utoipa::{IntoParams, ToSchema};

use super::json::{Body, created, etag, given, idempotency_key, if_match, present};
use super::problem::{OrProblem, Problem, Problems};

/// Most invoices of one answer.
const LIMIT_MAX: usize = 200;
const LIMIT: usize = 50;

/// A sum.
#[derive(Serialize, ToSchema)]
struct Amount {
    /// Its code (ISO 4217).
    currency: String,
    /// A decimal number in the major unit; below zero it is a credit.
    amount: String,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self { currency: money.currency.code().to_owned(), amount: money.plain() }
    }
}

/// Decimal numbers for each dimension: minutes, gigabytes and users. `null`: nothing is included, or more isn't charged.
#[derive(Serialize, ToSchema)]
struct ByDimension {
    compute: Option<String>,
    storage: Option<String>,
    users: Option<String>,
}

/// What an organization can be on.
#[derive(Serialize, ToSchema)]
pub struct BillingPlan {
    key: String,
    name: String,
    /// Of a cycle, charged ahead.
    price: Amount,
    included: ByDimension,
    /// Of one more: a minute, or a gigabyte or a user for a cycle; in the price's currency.
    overage: ByDimension,
    /// 0: there is none.
    trial_days: i64,
    /// Who may buy it: `owners`, `partners` or `nobody`.
    #[schema(value_type = String)]
    buyer: &'static str,
    /// Nobody new gets it.
    archived: bool,
    /// How many organizations are on it; `null` where that isn't told.
    organizations: Option<i64>,
    /// Counts its changes; also the ETag.
    version: i64,
    created_at: String,
}

impl From<Plan> for BillingPlan {
    fn from(plan: Plan) -> Self {
        let form = PlanForm::from(&plan);
        let given = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            key: plan.key.to_string(),
            price: plan.price().into(),
            name: plan.name,
            included: ByDimension {
                compute: given(form.compute),
                storage: given(form.storage),
                users: given(form.users),
            },
            overage: ByDimension {
                compute: given(form.compute_price),
                storage: given(form.storage_price),
                users: given(form.users_price),
            },
            trial_days: plan.trial_days,
            buyer: plan.buyer.name(),
            archived: plan.archived,
            organizations: None,
            version: plan.version,
            created_at: plan.created_at.to_string(),
        }
    }
}

impl From<PlanRow> for BillingPlan {
    fn from(row: PlanRow) -> Self {
        Self { organizations: Some(row.organizations), ..row.plan.into() }
    }
}

impl IntoResponse for BillingPlan {
    fn into_response(self) -> Response {
        let version = self.version;
        let mut response = Json(self).into_response();
        etag(response.headers_mut(), version);
        response
    }
}

#[derive(Serialize, ToSchema)]
pub struct BillingPlanList {
    /// By name, archived ones last.
    items: Vec<BillingPlan>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBillingPlan {
    /// A small letter, then small letters, digits and `-`; never changes.
    key: String,
    name: String,
    /// Never changes.
    currency: String,
    /// Of a cycle; a decimal number in the major unit.
    price: String,
    #[serde(default)]
    included: NewByDimension,
    #[serde(default)]
    overage: NewByDimension,
    #[serde(default)]
    trial_days: i64,
    /// `owners` (the default), `partners` or `nobody`.
    #[serde(default)]
    buyer: Option<String>,
}

/// Decimal numbers; one that isn't sent or is `null` is none.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default, deny_unknown_fields)]
struct NewByDimension {
    compute: Option<String>,
    storage: Option<String>,
    users: Option<String>,
}

/// What isn't sent stays; `null` is none.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default, deny_unknown_fields)]
struct ByDimensionUpdate {
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    compute: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    storage: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    users: Option<Option<String>>,
}

/// What isn't sent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BillingPlanUpdate {
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    price: Option<String>,
    #[serde(default)]
    included: ByDimensionUpdate,
    #[serde(default)]
    overage: ByDimensionUpdate,
    #[serde(default, deserialize_with = "given")]
    trial_days: Option<i64>,
    #[serde(default, deserialize_with = "given")]
    buyer: Option<String>,
    #[serde(default, deserialize_with = "given")]
    archived: Option<bool>,
}

/// The plan that an organization is on.
#[derive(Serialize, ToSchema)]
pub struct Subscription {
    /// Its plan's key.
    plan: String,
    name: String,
    price: Amount,
    /// What the plan offers, in words.
    offers: Vec<String>,
    /// Who chose it and pays: `direct`, `partner` or `platform`.
    #[schema(value_type = String)]
    by: &'static str,
    /// `trial`, `active` or `lapsed`.
    #[schema(value_type = String)]
    state: &'static str,
    /// The cycle that runs, or ran last: its first day in UTC.
    from: String,
    /// The first day after it.
    until: String,
    /// Ends with the cycle instead of going on.
    cancels: bool,
    /// What a cancellation names in `If-Match`, as `"v…"`.
    version: i64,
}

impl From<SubscriptionView> for Subscription {
    fn from(view: SubscriptionView) -> Self {
        Self {
            plan: view.plan.to_string(),
            name: view.name,
            price: view.price.into(),
            offers: view.offers,
            by: view.by.name(),
            state: view.state.name(),
            from: view.cycle.start.to_string(),
            until: view.cycle.end.to_string(),
            cancels: view.cancels,
            version: view.version,
        }
    }
}

/// A line of a bill.
#[derive(Serialize, ToSchema)]
struct BillLine {
    /// `base`, `proration`, `usage`, `adjustment`, `credit_brought` or `credit_carried`.
    #[schema(value_type = String)]
    kind: domain::billing::LineKind,
    text: String,
    quantity: String,
    unit_price: String,
    amount: Amount,
}

fn lines(bill: Bill) -> Vec<BillLine> {
    let line = |line: domain::billing::Line| BillLine {
        kind: line.kind,
        text: line.text,
        quantity: line.quantity,
        unit_price: line.unit_price,
        amount: line.amount.into(),
    };
    bill.lines.into_iter().map(line).collect()
}

/// What the next invoice comes to, if nothing more is used.
#[derive(Serialize, ToSchema)]
struct Estimate {
    /// The last day that counts.
    as_of: String,
    /// When the invoice is issued.
    on: String,
    lines: Vec<BillLine>,
    total: Amount,
}

impl From<NextInvoice> for Estimate {
    fn from(next: NextInvoice) -> Self {
        Self {
            as_of: next.as_of.to_string(),
            on: next.on.to_string(),
            total: next.bill.total.into(),
            lines: lines(next.bill),
        }
    }
}

/// A way to pay.
#[derive(Serialize, ToSchema)]
struct PaymentMethod {
    id: String,
    label: String,
    is_default: bool,
    created_at: String,
}

impl From<Method> for PaymentMethod {
    fn from(method: Method) -> Self {
        Self {
            id: method.id.to_string(),
            label: method.label,
            is_default: method.is_default,
            created_at: method.created_at.to_string(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct Billing {
    subscription: Option<Subscription>,
    /// Whether the organization is closed until something is paid.
    held: bool,
    /// How people pay: `manual` or `stripe`.
    #[schema(value_type = String)]
    provider: &'static str,
    /// Of the next invoice; `null` where there is none to come.
    estimate: Option<Estimate>,
    payment_methods: Vec<PaymentMethod>,
    /// What can be bought here.
    plans: Vec<BillingPlan>,
}

impl From<billing::Billing> for Billing {
    fn from(found: billing::Billing) -> Self {
        Self {
            subscription: found.subscription.map(Subscription::from),
            held: found.held,
            provider: match found.provider {
                ProviderKind::Manual => "manual",
                ProviderKind::Stripe => "stripe",
            },
            estimate: found.estimate.map(Estimate::from),
            payment_methods: found.methods.into_iter().map(PaymentMethod::from).collect(),
            plans: found.plans.into_iter().map(BillingPlan::from).collect(),
        }
    }
}

impl IntoResponse for Billing {
    fn into_response(self) -> Response {
        let version = self.subscription.as_ref().map(|subscription| subscription.version);
        let mut response = Json(self).into_response();
        if let Some(version) = version {
            etag(response.headers_mut(), version);
        }
        response
    }
}

/// An invoice in a list.
#[derive(Serialize, ToSchema)]
struct InvoiceSummary {
    number: String,
    /// As the organization was called then.
    display_name: String,
    handle: String,
    issued: String,
    due: String,
    total: Amount,
    /// `open`, `paid` or `void`.
    #[schema(value_type = String)]
    state: &'static str,
    /// Why the last payment didn't go through.
    payment_error: Option<String>,
}

impl From<InvoiceRow> for InvoiceSummary {
    fn from(row: InvoiceRow) -> Self {
        Self {
            number: row.number.to_string(),
            display_name: row.display_name,
            handle: row.handle,
            issued: row.issued.to_string(),
            due: row.due.to_string(),
            total: row.total.into(),
            state: row.state.name(),
            payment_error: row.payment_error,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct InvoiceList {
    /// Newest first.
    items: Vec<InvoiceSummary>,
    /// Send it as `next_token` for what is older; `null` at the end.
    next_token: Option<String>,
}

impl InvoiceList {
    fn of((rows, more): (Vec<InvoiceRow>, bool)) -> Json<Self> {
        let next_token = rows.last().filter(|_| more).map(|row| row.number.to_string());
        Json(Self { items: rows.into_iter().map(InvoiceSummary::from).collect(), next_token })
    }
}

/// An invoice, whole.
#[derive(Serialize, ToSchema)]
pub struct Invoice {
    number: String,
    issuer: String,
    /// As the organization was called then.
    display_name: String,
    handle: String,
    /// The first day of the cycle it is issued with, in UTC.
    from: String,
    /// The first day after it.
    until: String,
    issued: String,
    due: String,
    lines: Vec<BillLine>,
    /// For the next invoice.
    credit_carried: Amount,
    total: Amount,
    /// `open`, `paid` or `void`.
    #[schema(value_type = String)]
    state: &'static str,
    settled_at: Option<String>,
    /// How it was paid, or why it is void.
    note: Option<String>,
    /// Why the last payment didn't go through.
    payment_error: Option<String>,
}

/// Read an invoice again, after it was changed.
async fn show(ctx: &Ctx, handle: &str, number: &str) -> Result<Json<Invoice>, Problem> {
    let found = billing::read_invoice(ctx, handle, number).await.or_problem(ctx)?;
    let (invoice, payment_error) = (found.invoice, found.payment_error);
    let state = invoice.state.name();
    let (settled_at, note) = match invoice.state {
        InvoiceState::Open => (None, None),
        InvoiceState::Paid { at, note } => (Some(at.to_string()), Some(note)),
        InvoiceState::Void { at, reason } => (Some(at.to_string()), Some(reason)),
    };
    Ok(Json(Invoice {
        number: invoice.number.to_string(),
        issuer: invoice.issuer,
        display_name: invoice.bill_to.display_name,
        handle: invoice.bill_to.handle,
        from: invoice.cycle.start.to_string(),
        until: invoice.cycle.end.to_string(),
        issued: invoice.issued.to_string(),
        due: invoice.due.to_string(),
        credit_carried: invoice.bill.credit_carried.into(),
        total: invoice.bill.total.into(),
        lines: lines(invoice.bill),
        state,
        settled_at,
        note,
        payment_error,
    }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InvoicesParameters {
    /// 1 to 200, 50 unless told.
    limit: Option<usize>,
    /// From the answer before.
    next_token: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AllInvoicesParameters {
    /// `open`, `overdue`, `paid` or `void`.
    state: Option<String>,
    /// 1 to 200, 50 unless told.
    limit: Option<usize>,
    /// From the answer before.
    next_token: Option<String>,
}

fn limit(limit: Option<usize>) -> Result<usize, Fault> {
    let limit = limit.unwrap_or(LIMIT);
    match (1..=LIMIT_MAX).contains(&limit) {
        true => Ok(limit),
        false => Err(Fault::invalid("limit", format!("Ask for 1 to {LIMIT_MAX} items."))),
    }
}

fn before(token: Option<String>) -> Result<Option<InvoiceNumber>, Fault> {
    let message = "This isn't a next_token of an earlier answer.";
    token.map(|token| InvoiceNumber::parse(&token).ok_or_else(|| Fault::invalid("next_token", message))).transpose()
}

fn understood<T>(query: Result<Query<T>, axum::extract::rejection::QueryRejection>) -> Result<T, Problem> {
    let refused = |rejection: axum::extract::rejection::QueryRejection| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", &rejection.body_text())
    };
    query.map(|Query(parameters)| parameters).map_err(refused)
}

/// List the plans that organizations can be on
#[utoipa::path(get, path = "/plans", tag = "Billing", operation_id = "listBillingPlans",
    responses((status = 200, body = BillingPlanList), Problems))]
pub async fn plans(Extension(ctx): Extension<Ctx>) -> Result<Json<BillingPlanList>, Problem> {
    let items = plan::list(&ctx).await.or_problem(&ctx)?.into_iter().map(BillingPlan::from).collect();
    Ok(Json(BillingPlanList { items }))
}

/// Add a plan
#[utoipa::path(post, path = "/plans", tag = "Billing", operation_id = "createBillingPlan",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeated request under the same key, within 24 hours, answers the plan that the first one made.")),
    request_body = NewBillingPlan, responses((status = 201, body = BillingPlan), Problems))]
pub async fn create_plan(
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    body: Body<NewBillingPlan>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers, "POST /plans", &body.bytes)?;
    let new = body.value;
    let form = PlanForm {
        key: new.key,
        name: new.name,
        currency: new.currency,
        price: new.price,
        compute: new.included.compute.unwrap_or_default(),
        storage: new.included.storage.unwrap_or_default(),
        users: new.included.users.unwrap_or_default(),
        compute_price: new.overage.compute.unwrap_or_default(),
        storage_price: new.overage.storage.unwrap_or_default(),
        users_price: new.overage.users.unwrap_or_default(),
        trial_days: new.trial_days.to_string(),
        buyer: new.buyer.unwrap_or_else(|| Buyer::Owners.name().to_owned()),
        archived: false,
    };
    let made = plan::create_once(&ctx, &form, key.as_ref()).await.or_problem(&ctx)?;
    Ok(created(&format!("/plans/{}", made.key), BillingPlan::from(made)))
}

/// Read a plan
#[utoipa::path(get, path = "/plans/{plan}", tag = "Billing", operation_id = "readBillingPlan",
    params(("plan" = String, Path, description = "Its key")),
    responses((status = 200, body = BillingPlan), Problems))]
pub async fn read_plan(Extension(ctx): Extension<Ctx>, Path(key): Path<String>) -> Result<BillingPlan, Problem> {
    Ok(find(&ctx, &key).await?.into())
}

async fn find(ctx: &Ctx, key: &str) -> Result<PlanRow, Problem> {
    let known = plan::list(ctx).await.or_problem(ctx)?;
    Ok(known.into_iter().find(|row| row.plan.key.as_str() == key).ok_or(Fault::NotFound)?)
}

/// Change a plan, archive it or take it back
///
/// What it costs and includes counts from each organization's next cycle on.
#[utoipa::path(patch, path = "/plans/{plan}", tag = "Billing", operation_id = "updateBillingPlan",
    params(("plan" = String, Path, description = "Its key"), ("If-Match" = String, Header, description = "The ETag that was read, or `*`")),
    request_body = BillingPlanUpdate, responses((status = 200, body = BillingPlan), Problems))]
pub async fn update_plan(
    Extension(ctx): Extension<Ctx>,
    Path(key): Path<String>,
    headers: HeaderMap,
    body: Body<BillingPlanUpdate>,
) -> Result<BillingPlan, Problem> {
    let base = if_match(&headers)?;
    let before = find(&ctx, &key).await?.plan;
    let (old, new) = (PlanForm::from(&before), body.value);
    let text = |value: Option<Option<String>>, old: String| value.map_or(old, Option::unwrap_or_default);
    let form = PlanForm {
        name: new.name.unwrap_or(old.name),
        price: new.price.unwrap_or(old.price),
        compute: text(new.included.compute, old.compute),
        storage: text(new.included.storage, old.storage),
        users: text(new.included.users, old.users),
        compute_price: text(new.overage.compute, old.compute_price),
        storage_price: text(new.overage.storage, old.storage_price),
        users_price: text(new.overage.users, old.users_price),
        trial_days: new.trial_days.map_or(old.trial_days, |days| days.to_string()),
        buyer: new.buyer.unwrap_or(old.buyer),
        archived: new.archived.unwrap_or(old.archived),
        key: old.key,
        currency: old.currency,
    };
    Ok(plan::update(&ctx, &key, base.or(before.version), &form).await.or_problem(&ctx)?.into())
}

/// Read what an organization is on, what it owes next, and how it pays
#[utoipa::path(get, path = "/organizations/{handle}/billing", tag = "Billing", operation_id = "readBilling",
    params(("handle" = String, Path)), responses((status = 200, body = Billing), Problems))]
pub async fn read(Extension(ctx): Extension<Ctx>, Path(handle): Path<String>) -> Result<Billing, Problem> {
    Ok(billing::read(&ctx, &handle).await.or_problem(&ctx)?.into())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubscription {
    /// The key of a plan that can be bought here.
    plan: String,
}

/// Subscribe to a plan, or change to another one
#[utoipa::path(put, path = "/organizations/{handle}/subscription", tag = "Billing", operation_id = "subscribe",
    params(("handle" = String, Path)), request_body = NewSubscription,
    responses((status = 200, body = Billing), Problems))]
pub async fn subscribe(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    body: Body<NewSubscription>,
) -> Result<Billing, Problem> {
    billing::subscribe(&ctx, &handle, &body.value.plan).await.or_problem(&ctx)?;
    Ok(billing::read(&ctx, &handle).await.or_problem(&ctx)?.into())
}

/// Have a plan end with its cycle
#[utoipa::path(delete, path = "/organizations/{handle}/subscription", tag = "Billing", operation_id = "cancelSubscription",
    description = "A plan that lapsed, or that a partner provides, ends at once.",
    params(("handle" = String, Path), ("If-Match" = String, Header, description = "The ETag of the billing that was read, or `*`")),
    responses((status = 200, body = Billing), Problems))]
pub async fn cancel(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    headers: HeaderMap,
) -> Result<Billing, Problem> {
    billing::cancel(&ctx, &handle, if_match(&headers)?, true).await.or_problem(&ctx)?;
    Ok(billing::read(&ctx, &handle).await.or_problem(&ctx)?.into())
}

/// Have a plan that was cancelled go on after all
#[utoipa::path(post, path = "/organizations/{handle}/subscription/keep", tag = "Billing", operation_id = "keepSubscription",
    params(("handle" = String, Path), ("If-Match" = String, Header, description = "The ETag of the billing that was read, or `*`")),
    responses((status = 200, body = Billing), Problems))]
pub async fn keep(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    headers: HeaderMap,
) -> Result<Billing, Problem> {
    billing::cancel(&ctx, &handle, if_match(&headers)?, false).await.or_problem(&ctx)?;
    Ok(billing::read(&ctx, &handle).await.or_problem(&ctx)?.into())
}

/// List an organization's invoices
#[utoipa::path(get, path = "/organizations/{handle}/invoices", tag = "Billing", operation_id = "listInvoices",
    params(("handle" = String, Path), InvoicesParameters), responses((status = 200, body = InvoiceList), Problems))]
pub async fn invoices(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    query: Result<Query<InvoicesParameters>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<InvoiceList>, Problem> {
    let asked = understood(query)?;
    let (before, limit) = (before(asked.next_token)?, limit(asked.limit)?);
    Ok(InvoiceList::of(billing::list(&ctx, &handle, before, limit).await.or_problem(&ctx)?))
}

/// List the invoices of all organizations
#[utoipa::path(get, path = "/invoices", tag = "Billing", operation_id = "listAllInvoices",
    params(AllInvoicesParameters), responses((status = 200, body = InvoiceList), Problems))]
pub async fn all_invoices(
    Extension(ctx): Extension<Ctx>,
    query: Result<Query<AllInvoicesParameters>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<InvoiceList>, Problem> {
    let asked = understood(query)?;
    let known = |state: &String| InvoicesQuery::STATES.iter().any(|(name, _)| name == state);
    if asked.state.as_ref().is_some_and(|state| !known(state)) {
        return Err(Fault::invalid("state", "There are the states open, overdue, paid and void.").into());
    }
    let limit = limit(asked.limit)?;
    let query = InvoicesQuery { state: asked.state, before: before(asked.next_token)? };
    Ok(InvoiceList::of(billing::read_all(&ctx, &query, limit).await.or_problem(&ctx)?))
}

/// Read an invoice
#[utoipa::path(get, path = "/organizations/{handle}/invoices/{number}", tag = "Billing", operation_id = "readInvoice",
    params(("handle" = String, Path), ("number" = String, Path)), responses((status = 200, body = Invoice), Problems))]
pub async fn invoice(
    Extension(ctx): Extension<Ctx>,
    Path((handle, number)): Path<(String, String)>,
) -> Result<Json<Invoice>, Problem> {
    show(&ctx, &handle, &number).await
}

/// Download an invoice as PDF
#[utoipa::path(get, path = "/organizations/{handle}/invoices/{number}/pdf", tag = "Billing", operation_id = "downloadInvoice",
    params(("handle" = String, Path), ("number" = String, Path)),
    responses((status = 200, description = "The document", content_type = "application/pdf"), Problems))]
pub async fn document(
    Extension(ctx): Extension<Ctx>,
    Path((handle, number)): Path<(String, String)>,
) -> Result<Response, Problem> {
    crate::http::invoice::document(&ctx, &handle, &number).await.or_problem(&ctx)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// How it was paid, or under which reference.
    #[serde(default)]
    note: String,
}

/// Mark an invoice as paid
#[utoipa::path(post, path = "/organizations/{handle}/invoices/{number}/paid", tag = "Billing", operation_id = "markInvoicePaid",
    params(("handle" = String, Path), ("number" = String, Path)), request_body = Payment,
    responses((status = 200, body = Invoice), Problems))]
pub async fn mark_paid(
    Extension(ctx): Extension<Ctx>,
    Path((handle, number)): Path<(String, String)>,
    body: Body<Payment>,
) -> Result<Json<Invoice>, Problem> {
    billing::mark_paid(&ctx, &handle, &number, &body.value.note).await.or_problem(&ctx)?;
    show(&ctx, &handle, &number).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Voidance {
    /// It stays on the invoice.
    reason: String,
}

/// Void an invoice
#[utoipa::path(post, path = "/organizations/{handle}/invoices/{number}/void", tag = "Billing", operation_id = "voidInvoice",
    params(("handle" = String, Path), ("number" = String, Path)), request_body = Voidance,
    responses((status = 200, body = Invoice), Problems))]
pub async fn void(
    Extension(ctx): Extension<Ctx>,
    Path((handle, number)): Path<(String, String)>,
    body: Body<Voidance>,
) -> Result<Json<Invoice>, Problem> {
    billing::void(&ctx, &handle, &number, &body.value.reason).await.or_problem(&ctx)?;
    show(&ctx, &handle, &number).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPaymentMethod {
    /// What was agreed, such as `Bank transfer`.
    label: String,
}

/// Note a way to pay that was agreed on
#[utoipa::path(post, path = "/organizations/{handle}/payment-methods", tag = "Billing", operation_id = "notePaymentMethod",
    params(("handle" = String, Path)), request_body = NewPaymentMethod,
    responses((status = 200, body = Billing), Problems))]
pub async fn agree(
    Extension(ctx): Extension<Ctx>,
    Path(handle): Path<String>,
    body: Body<NewPaymentMethod>,
) -> Result<Billing, Problem> {
    billing::agree(&ctx, &handle, &body.value.label).await.or_problem(&ctx)?;
    Ok(billing::read(&ctx, &handle).await.or_problem(&ctx)?.into())
}

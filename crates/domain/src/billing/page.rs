//! What the pages of billing show.

use serde::{Deserialize, Serialize};

use super::{Cycle, Estimate, Invoice, InvoiceNumber, InvoiceState, Plan, PlanKey};
use crate::id::PaymentMethodId;
use crate::money::Money;
use crate::name::Handle;
use crate::org::OrgHeader;
use crate::people::Viewer;
use crate::time::Timestamp;
use crate::usage::Day;

/// Who put the organization on its plan, and pays for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProvidedBy {
    /// Its owners bought it.
    Direct,
    Partner,
    Platform,
}

impl ProvidedBy {
    pub const ALL: [Self; 3] = [Self::Direct, Self::Partner, Self::Platform];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Partner => "partner",
            Self::Platform => "platform",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == name)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionState {
    Trial,
    Active,
    /// Its trial ended without a way to pay, or a bill stayed unpaid; no cycle runs, and the organization is held.
    Lapsed,
}

impl SubscriptionState {
    pub const ALL: [Self; 3] = [Self::Trial, Self::Active, Self::Lapsed];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Trial => "trial",
            Self::Active => "active",
            Self::Lapsed => "lapsed",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Trial => "Trial",
            Self::Active => "Active",
            Self::Lapsed => "Lapsed",
        }
    }
}

/// An organization's plan as its Billing page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionView {
    pub plan: PlanKey,
    pub name: String,
    pub price: Money,
    pub offers: Vec<String>,
    pub by: ProvidedBy,
    pub state: SubscriptionState,
    /// The one that runs, or ran last.
    pub cycle: Cycle,
    /// Ends with the cycle instead of going on.
    pub cancels: bool,
    pub version: i64,
}

/// How people pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    /// The platform team marks invoices as paid.
    Manual,
    Stripe,
}

/// A way to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentMethod {
    pub id: PaymentMethodId,
    /// `Visa ending in 4242, until 04/2028`, or what was agreed with the platform team.
    pub label: String,
    pub is_default: bool,
    pub created_at: Timestamp,
}

/// An invoice in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceRow {
    pub number: InvoiceNumber,
    /// As it was called then.
    pub display_name: String,
    pub handle: String,
    /// The organization's handle of now; `None` in its own list, and when it is gone.
    pub leads_to: Option<Handle>,
    pub issued: Day,
    pub due: Day,
    pub total: Money,
    pub state: InvoiceState,
    /// Why the last payment didn't go through.
    pub payment_error: Option<String>,
}

impl InvoiceRow {
    pub fn is_overdue(&self, today: Day) -> bool {
        self.state == InvoiceState::Open && self.due < today
    }
}

/// The page of an organization's billing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingPage {
    pub viewer: Viewer,
    pub org: OrgHeader,
    pub subscription: Option<SubscriptionView>,
    /// Whether the organization is held until something is paid.
    pub held: bool,
    pub provider: ProviderKind,
    /// Of the next invoice; only for what the organization pays itself.
    pub estimate: Option<Estimate>,
    /// Newest first.
    pub invoices: Vec<InvoiceRow>,
    pub more: bool,
    pub methods: Vec<PaymentMethod>,
    /// What can be bought here, by price.
    pub plans: Vec<Plan>,
    pub can_write: bool,
    /// Whether the viewer may mark invoices as paid and void, and note agreed ways to pay.
    pub can_settle: bool,
    /// Name of the partner that manages the organization.
    pub partner: Option<String>,
    pub today: Day,
    pub now: Timestamp,
}

/// The page on which a card is entered. What is typed goes to the provider, and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardPage {
    pub viewer: Viewer,
    pub org: OrgHeader,
    /// How the card is entered, as the provider calls it.
    pub setup: String,
    /// For this browser alone.
    pub client_secret: String,
    pub publishable_key: String,
    /// The address of the provider's script.
    pub script: String,
}

/// The page of one invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoicePage {
    pub viewer: Viewer,
    pub org: OrgHeader,
    pub invoice: Invoice,
    pub payment_error: Option<String>,
    pub can_settle: bool,
    /// Whether the viewer can have a card charged for it.
    pub can_pay: bool,
    pub today: Day,
    pub now: Timestamp,
}

/// What the list of all invoices may be asked for; unknown values fall back to everything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct InvoicesQuery {
    /// The name of an [`InvoiceState`], or `overdue`.
    pub state: Option<String>,
    /// Those before this one; for the next page.
    pub before: Option<InvoiceNumber>,
}

impl InvoicesQuery {
    pub const STATES: [(&'static str, &'static str); 4] =
        [("open", "Open"), ("overdue", "Overdue"), ("paid", "Paid"), ("void", "Void")];

    /// Reads URL parameters; `get` looks one up.
    pub fn from_params(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            state: get("state").filter(|name| Self::STATES.iter().any(|(known, _)| known == name)),
            before: get("before").as_deref().and_then(InvoiceNumber::parse),
        }
    }

    /// The URL parameters of what is asked for, unescaped.
    pub fn to_params(&self) -> Vec<(&'static str, String)> {
        let parameters = [("state", self.state.clone()), ("before", self.before.map(|number| number.to_string()))];
        parameters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// The page of all invoices of the instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoicesPage {
    pub viewer: Viewer,
    pub query: InvoicesQuery,
    /// Newest first.
    pub rows: Vec<InvoiceRow>,
    pub more: bool,
    pub today: Day,
    pub now: Timestamp,
}

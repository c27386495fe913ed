//! Billing: which plan an organization is on, the cycles that turn, invoices, and how they are paid.
//!
//! Every line is reckoned by `domain::billing`; a provider only holds cards and moves money, so that both kinds bill alike.

mod cancel;
mod document;
mod hold;
mod issue;
mod leave;
mod letter;
mod load;
mod owed;
mod pay;
mod provide;
mod remind;
mod settle;
mod subscribe;
mod turn;
mod warn_trial;
mod way_to_pay;

pub use cancel::cancel;
pub use document::document;
pub(crate) use leave::{cancel_for_deletion, charge_for_deletion, close_for_deletion};
pub use load::{Billing, list, load, load_all, load_invoice, read, read_all, read_invoice};
pub(crate) use owed::so_far;
pub(crate) use pay::run as run_payment;
pub use pay::{Received, finish_card, load_card, pay, receive};
pub(crate) use provide::provide;
pub use remind::remind_due;
pub use settle::{mark_paid, void};
pub use subscribe::subscribe;
pub use turn::turn_due;
pub use warn_trial::warn_trials;
pub use way_to_pay::{agree, remove, set_default};

use domain::Fault;
use domain::billing::{PlanKey, PlanTerms};
use storage::Tx;
use storage::authz::Granted;
use storage::billing_plan::KnowsPlans;
use storage::meter::KnowsMeters;

use crate::error::Error;

/// What a cycle that begins now is billed by.
async fn terms<P: KnowsPlans + KnowsMeters>(
    tx: &mut Tx,
    grant: &Granted<P>,
    plan: &PlanKey,
    trial: bool,
) -> Result<PlanTerms, Error> {
    let plan = storage::billing_plan::find(tx, grant, plan.as_str()).await?.ok_or(Fault::NotFound)?.plan;
    let meters = storage::meter::custom(tx, grant).await?;
    Ok(plan.terms(&meters, trial))
}

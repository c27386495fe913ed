//! What the running cycle comes to so far, reckoned as the invoice will be.

use domain::authz::cap::UsageRead;
use domain::billing::page::ProvidedBy;
use domain::billing::{Line, LineKind};
use domain::usage::Dimension;
use domain::usage::page::{ChargeRow, Charges};
use storage::Tx;
use storage::authz::Granted;
use storage::subscription;

use crate::error::Error;

/// What the organization's plan includes, and what it owes; `None` without a plan.
pub(super) struct OnPlan {
    pub charges: Charges,
    /// A cycle's inclusion, in the meters' own unit, by dimension.
    pub included: [Option<i64>; 3],
}

pub(super) async fn on_plan(tx: &mut Tx, grant: &Granted<UsageRead>) -> Result<Option<OnPlan>, Error> {
    let Some(found) = subscription::find(tx, grant).await? else { return Ok(None) };
    let included =
        Dimension::ALL.map(|dimension| Some(found.cycle.included(dimension)).filter(|included| *included > 0));
    let bill = crate::billing::so_far(tx, grant, &found).await?;
    let shown = bill.lines.iter().map(|line: &Line| ChargeRow {
        text: line.text.clone(),
        quantity: match line.kind {
            LineKind::Base => String::new(),
            _ => line.quantity.clone(),
        },
        amount: line.amount.to_string(),
    });
    let plan = found.cycle.segments().last().map(|segment| segment.terms.plan.clone()).unwrap_or_default();
    let paid_by = match found.by {
        ProvidedBy::Direct => None,
        ProvidedBy::Partner => Some("the partner that manages the organization".to_owned()),
        ProvidedBy::Platform => Some("the platform".to_owned()),
    };
    let charges = Charges { plan, paid_by, rows: shown.collect(), total: bill.total.to_string() };
    Ok(Some(OnPlan { charges, included }))
}

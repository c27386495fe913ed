//! What organizations owe: the terms of a plan, cycles, and the lines of an invoice. A plan's price is charged ahead, when a
//! cycle begins; use beyond what it includes is charged on the next invoice, and so is whatever changed meanwhile.
//! Everything is exact until a line's amount, which is rounded once (`money::round`); what doesn't fit is an error.

mod adjustment;
mod bill;
#[cfg(test)]
mod by_hand;
mod charge;
mod cycle;
mod invoice;
#[cfg(test)]
mod laws;
pub mod page;
mod plan;
mod proration;
mod terms;
mod used;

pub use adjustment::{Adjustment, adjustments};
pub use bill::{Begins, Bill, Ended, Line, LineKind, Owed};
pub use charge::{Charge, Quantity, charges};
pub use cycle::{Cycle, CycleTerms, Segment};
pub use invoice::{BillTo, Estimate, Invoice, InvoiceNumber, InvoiceState};
pub use plan::{Buyer, CheckedPlan, Plan, PlanForm, PlanKey, PlanPage, PlanRow, PlansPage, TRIAL_DAYS};
pub use proration::{Proration, prorations, share};
pub use terms::{MeterPrice, Metered, PerDimension, PlanTerms};
pub use used::Used;

use domain::billing::Cycle;
use domain::usage::Day;
use storage::Tx;
use storage::authz::Granted;
use storage::subscription::{SeesSubscription, find};

use crate::error::Error;

/// The cycle that `today` is in: the plan's, or without one the calendar month.
pub(crate) async fn cycle<P: SeesSubscription>(tx: &mut Tx, grant: &Granted<P>, today: Day) -> Result<Cycle, Error> {
    let running = find(tx, grant).await?.map(|found| found.cycle.cycle).filter(|cycle| cycle.contains(today));
    Ok(running.unwrap_or_else(|| Cycle::month_of(today)))
}

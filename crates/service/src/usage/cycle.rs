use domain::authz::Capability;
use domain::usage::Day;
use domain::usage::page::CycleDays;
use storage::Tx;
use storage::authz::Granted;

use crate::error::Error;

/// The cycle that `today` is in.
pub(crate) async fn cycle<P: Capability>(_tx: &mut Tx, _grant: &Granted<P>, today: Day) -> Result<CycleDays, Error> {
    Ok(CycleDays::month_of(today))
}

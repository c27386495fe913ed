use domain::authz::Capability;
use domain::billing::Cycle;
use domain::usage::Day;
use storage::Tx;
use storage::authz::Granted;

use crate::error::Error;

/// The cycle that `today` is in.
pub(crate) async fn cycle<P: Capability>(_tx: &mut Tx, _grant: &Granted<P>, today: Day) -> Result<Cycle, Error> {
    Ok(Cycle::month_of(today))
}

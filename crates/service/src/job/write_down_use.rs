use std::sync::Arc;

use storage::Audit;

use crate::ctx::{Ctx, Services};
use crate::error::Error;

/// Writes down what requests counted in memory since the last time, in one transaction: when tokens were last used,
/// how often aliases were followed, and when people were seen in their organizations. Forgets counts of requests that are
/// of no more use.
pub async fn write_down_use(services: &Arc<Services>) -> Result<(), Error> {
    let (used, followed) = (services.take_tokens_used(), services.take_aliases_followed());
    let (seen, stale) = (services.db().take_seen(), services.counts.take_stale());
    if used.is_empty() && followed.is_empty() && seen.is_empty() && stale.is_none() {
        return Ok(());
    }
    let mut tx = Ctx::system(Arc::clone(services)).write().await?;
    storage::token::touch(&mut tx, &used).await?;
    storage::name::note_hits(&mut tx, &followed).await?;
    storage::seen::write_down(&mut tx, &seen).await?;
    storage::seen::forget(&mut tx).await?;
    if let Some(minute) = stale {
        storage::rate::forget(&mut tx, minute).await?;
    }
    tx.commit(Audit::none("counters of use; what was done is logged")).await?;
    Ok(())
}

use std::sync::Arc;

use storage::Audit;

use crate::ctx::{Ctx, Services};
use crate::error::Error;

/// Writes down when tokens were last used, all since the last time in one transaction.
pub async fn write_down_use(services: &Arc<Services>) -> Result<(), Error> {
    let used = services.take_tokens_used();
    if used.is_empty() {
        return Ok(());
    }
    let mut tx = Ctx::system(Arc::clone(services)).write().await?;
    storage::token::touch(&mut tx, &used).await?;
    tx.commit(Audit::none("when a token was last used; what it did is logged")).await?;
    Ok(())
}

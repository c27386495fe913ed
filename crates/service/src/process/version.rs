use std::collections::HashMap;
use std::sync::Arc;

use domain::Fault;
use domain::id::ProcessId;
use domain::job::ProcessState;
use storage::Tx;

use super::load::Sees;
use crate::ctx::{Ctx, Services};
use crate::error::Error;

/// Somebody who watches a process.
#[derive(Clone)]
pub struct Watch {
    ctx: Ctx,
    process: ProcessId,
}

/// Begins to watch a process: also answers what moves with every change of it, and its state.
pub async fn watch(ctx: &Ctx, process: &str) -> Result<(Watch, i64, ProcessState), Error> {
    let watch = Watch { ctx: ctx.clone(), process: process.parse().map_err(|_| Fault::NotFound)? };
    let mut tx = ctx.read().await?;
    let (version, state) = watch.version(&mut tx).await?;
    Ok((watch, version, state))
}

impl Watch {
    async fn version(&self, tx: &mut Tx) -> Result<(i64, ProcessState), Error> {
        let sees = Sees::of(&self.ctx, tx, self.process).await?;
        Ok(sees.version(tx, self.process).await?.ok_or(Fault::NotFound)?)
    }
}

/// One look for everybody who watches: the versions in their order, `None` for whoever may not see theirs any more. Tabs of
/// one person that watch the same ask once.
pub async fn look(services: &Arc<Services>, watches: &[Watch]) -> Result<Vec<Option<i64>>, Error> {
    let mut tx = Ctx::system(Arc::clone(services)).read().await?;
    let mut seen = HashMap::new();
    let mut versions = Vec::with_capacity(watches.len());
    for watch in watches {
        let key = (watch.ctx.actor(), watch.process);
        let version = match seen.get(&key) {
            Some(version) => *version,
            None => {
                let version = match watch.version(&mut tx).await {
                    Ok((version, _)) => Some(version),
                    // What can't be read ends one stream, not every.
                    Err(
                        Error::Fault(_) | Error::Storage(storage::Error::Denied(_) | storage::Error::BadRow { .. }),
                    ) => None,
                    Err(error) => return Err(error),
                };
                seen.insert(key, version);
                version
            }
        };
        versions.push(version);
    }
    Ok(versions)
}

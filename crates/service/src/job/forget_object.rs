//! Removing an avatar's files once no organization has them.

use domain::avatar::AvatarHash;
use domain::job::backoff;
use storage::Audit;
use storage::avatar::{self, LetGo};
use storage::job::Lease;

use crate::ctx::Ctx;
use crate::error::Error;

/// After this many attempts, about three hours, a person has to look.
const ATTEMPTS_MAX: u32 = 25;

/// Looks whether the files are needed, as things stand now, and removes them if not.
pub(super) async fn run(ctx: &Ctx, lease: &Lease) -> Result<(), Error> {
    let Some(hash) = AvatarHash::parse(&lease.payload) else {
        tracing::error!(job = %lease.job, "a job's payload can't be read");
        return Ok(());
    };
    let mut tx = ctx.write().await?;
    let answer = avatar::let_go(&mut tx, lease, &hash, None).await?;
    match answer {
        LetGo::Go => {}
        LetGo::Claimed(until) => storage::job::put_back(&mut tx, lease, until).await?,
        LetGo::Stay => storage::job::finish(&mut tx, lease).await?,
    }
    tx.commit(Audit::none("files that nobody shows any more")).await?;
    if answer != LetGo::Go {
        return Ok(());
    }
    let removed = crate::profile::remove_files(ctx, &hash).await;
    let mut tx = ctx.write().await?;
    storage::job::hold(&mut tx, lease).await?;
    match removed {
        Ok(()) => {
            avatar::gone(&mut tx, lease, &hash).await?;
            storage::job::finish(&mut tx, lease).await?;
        }
        Err(error) => {
            tracing::warn!(job = %lease.job, %error, "an avatar's files could not be removed");
            let again = (lease.attempts < ATTEMPTS_MAX).then(|| ctx.now().plus(backoff(lease.attempts)));
            avatar::keep(&mut tx, lease, &hash).await?;
            storage::job::failed(&mut tx, lease, &error.to_string(), again).await?;
        }
    }
    tx.commit(Audit::none("files that nobody shows any more")).await?;
    Ok(())
}

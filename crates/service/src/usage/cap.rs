use domain::authz::cap::WorkspacesWrite;
use domain::id::OrgId;
use domain::usage::Dimension;
use domain::workspace::WorkspaceAct;
use storage::Audit;
use storage::authz::{Granted, Target};
use storage::job::Lease;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::workspace::{announce, row};

/// Workspaces of one transaction.
const SOME: i64 = 100;

/// Has an organization's workspaces sleep while its compute is capped, and wakes them afterwards: as things stand now,
/// whatever they were when the job was made.
pub(crate) async fn apply(ctx: &Ctx, lease: &Lease) -> Result<(), Error> {
    let org: Option<OrgId> = lease.payload.parse().ok();
    loop {
        let mut tx = ctx.write().await?;
        storage::job::hold(&mut tx, lease).await?;
        let found: Option<Result<Granted<WorkspacesWrite>, storage::Error>> = match org {
            Some(org) => Some(tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await),
            None => None,
        };
        let grant = match found {
            None | Some(Err(storage::Error::Denied(storage::error::Denied::NotFound))) => {
                return finish(tx, lease).await;
            }
            Some(grant) => grant?,
        };
        // On the way out, workspaces are the deletion's.
        if !grant.org(&tx)?.state.is_open() {
            return finish(tx, lease).await;
        }
        let capped = storage::usage_limit::is_capped(&mut tx, &grant, Dimension::Compute).await?;
        let changed = storage::workspace::cap_some(&mut tx, &grant, capped, SOME).await?;
        if changed.is_empty() {
            return finish(tx, lease).await;
        }
        let settings = storage::org::settings(&mut tx, &grant).await?.settings;
        let header = grant.header(&tx)?;
        let act = if capped { WorkspaceAct::Sleep } else { WorkspaceAct::Wake };
        for stored in changed {
            announce::change(ctx, &mut tx, &grant, act.event(), &row(stored, &header, &settings), None).await?;
        }
        tx.commit(Audit::none("workspaces that a cap stops, which is logged")).await?;
    }
}

async fn finish(mut tx: storage::WriteTx, lease: &Lease) -> Result<(), Error> {
    storage::job::finish(&mut tx, lease).await?;
    tx.commit(Audit::none("a job that has nothing left to do")).await?;
    Ok(())
}

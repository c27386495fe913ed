use domain::Fault;
use domain::authz::Permission;
use domain::authz::cap::{OrgProcessesRead, ProcessRead};
use domain::id::ProcessId;
use domain::job::{ProcessPage, ProcessRow, ProcessState, ProcessView, ProcessesPage, ProcessesQuery};
use storage::Tx;
use storage::authz::{Granted, Target};
use storage::error::Denied;
use storage::process::SeesProcesses;

use crate::ctx::Ctx;
use crate::error::Error;

/// Processes of a page.
const PAGE_SIZE: usize = 50;

/// Who may see a process: platform administrators, and who may see those of the organization it is about.
pub(super) enum Sees {
    All(Granted<ProcessRead>),
    Own(Granted<OrgProcessesRead>),
}

impl Sees {
    pub async fn of(ctx: &Ctx, tx: &mut Tx, id: ProcessId) -> Result<Self, Error> {
        let everything = tx.authorize::<ProcessRead>(&ctx.actor(), Target::None, ctx.now()).await;
        match everything {
            Ok(grant) => Ok(Self::All(grant)),
            Err(storage::Error::Denied(Denied::NotFound)) => {
                let org = storage::process::org_of(tx, id).await?.ok_or(Fault::NotFound)?;
                Ok(Self::Own(tx.authorize(&ctx.actor(), Target::Org(org), ctx.now()).await?))
            }
            Err(error) => Err(error.into()),
        }
    }

    pub async fn find(&self, tx: &mut Tx, id: ProcessId) -> Result<ProcessView, Error> {
        let found = match self {
            Self::All(grant) => storage::process::find(tx, grant, id).await?,
            Self::Own(grant) => storage::process::find(tx, grant, id).await?,
        };
        Ok(found.ok_or(Fault::NotFound)?)
    }

    pub async fn version(&self, tx: &mut Tx, id: ProcessId) -> Result<Option<(i64, ProcessState)>, Error> {
        Ok(match self {
            Self::All(grant) => storage::process::version(tx, grant, id).await?,
            Self::Own(grant) => storage::process::version(tx, grant, id).await?,
        })
    }
}

/// The page of a process as it stands, or of its report.
pub async fn load(ctx: &Ctx, process: &str) -> Result<ProcessPage, Error> {
    let mut tx = ctx.read().await?;
    let id = process.parse().map_err(|_| Fault::NotFound);
    // Somebody who isn't signed in learns nothing of addresses.
    let id = match id {
        Ok(id) => id,
        Err(fault) => {
            let _: Granted<domain::authz::cap::AccountRead> =
                tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
            return Err(fault.into());
        }
    };
    let sees = Sees::of(ctx, &mut tx, id).await?;
    let (viewer, can_act) = match &sees {
        Sees::All(grant) => (grant.viewer()?.clone(), grant.also(Permission::ProcessWrite)),
        Sees::Own(grant) => (grant.viewer()?.clone(), false),
    };
    Ok(ProcessPage { viewer, process: sees.find(&mut tx, id).await?, can_act, now: ctx.now() })
}

/// A process as it stands, for programs.
pub async fn find(ctx: &Ctx, process: &str) -> Result<ProcessView, Error> {
    let mut tx = ctx.read().await?;
    let Ok(id) = process.parse() else {
        let _: Granted<ProcessRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
        return Err(Fault::NotFound.into());
    };
    Sees::of(ctx, &mut tx, id).await?.find(&mut tx, id).await
}

/// The page of every process.
pub async fn load_list(ctx: &Ctx, query: ProcessesQuery) -> Result<ProcessesPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<ProcessRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let (rows, more) = page(&mut tx, &grant, &query, PAGE_SIZE).await?;
    Ok(ProcessesPage { viewer, org: None, query, rows, more, now: ctx.now() })
}

/// The page of an organization's processes.
pub async fn load_list_of_org(ctx: &Ctx, handle: &str, query: ProcessesQuery) -> Result<ProcessesPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgProcessesRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let (rows, more) = page(&mut tx, &grant, &query, PAGE_SIZE).await?;
    Ok(ProcessesPage { viewer, org: Some(grant.header(&tx)?), query, rows, more, now: ctx.now() })
}

/// At most `limit` processes, newest first, and whether there are older ones; for programs.
pub async fn list(ctx: &Ctx, query: &ProcessesQuery, limit: usize) -> Result<(Vec<ProcessRow>, bool), Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<ProcessRead> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    page(&mut tx, &grant, query, limit).await
}

/// As [`list`], those of one organization.
pub async fn list_of_org(
    ctx: &Ctx,
    handle: &str,
    query: &ProcessesQuery,
    limit: usize,
) -> Result<(Vec<ProcessRow>, bool), Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgProcessesRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    page(&mut tx, &grant, query, limit).await
}

async fn page<P: SeesProcesses>(
    tx: &mut Tx,
    grant: &Granted<P>,
    query: &ProcessesQuery,
    limit: usize,
) -> Result<(Vec<ProcessRow>, bool), Error> {
    // One more than the page tells whether there are older ones.
    let found = storage::process::list(tx, grant, query, limit as i64 + 1).await?;
    let more = found.len() > limit;
    Ok((found.into_iter().take(limit).collect(), more))
}

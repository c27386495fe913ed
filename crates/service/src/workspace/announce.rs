//! What connectors are told of workspaces: each event is a job of its own, whose id is the key that receivers tell
//! repetitions by.

use domain::id::{JobId, WorkspaceId};
use domain::job::{DnsMove, Notification};
use domain::workspace::{
    EventData, EventOrg, EventWorkspace, WorkspaceAct, WorkspaceEvent, WorkspaceRow, WorkspaceState,
};
use storage::WriteTx;
use storage::authz::Granted;
use storage::cloud::Announces;
use storage::job::Lease;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::job::{MOVE_DNS, NOTIFY};

/// Workspaces told of in one transaction.
const BATCH: i64 = 100;

/// Has every listening connector told that `kind` happened to a workspace.
pub(crate) async fn change<P: Announces>(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<P>,
    kind: &str,
    row: &WorkspaceRow,
    dns_name_before: Option<&str>,
) -> Result<(), Error> {
    let workspace = EventWorkspace {
        id: row.id,
        name: row.name.as_str(),
        state: row.state.name(),
        version: row.version,
        dns_name: row.dns_name.as_deref(),
        dns_name_before,
    };
    tell(ctx, tx, grant, kind, workspace).await
}

/// Has them told that a workspace was put to sleep with its organization.
pub(crate) async fn slept<P: Announces>(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<P>,
    id: WorkspaceId,
    name: &str,
    version: i64,
) -> Result<(), Error> {
    let state = WorkspaceState::Asleep.name();
    let workspace = EventWorkspace { id, name, state, version, dns_name: None, dns_name_before: None };
    tell(ctx, tx, grant, WorkspaceAct::Sleep.event(), workspace).await
}

async fn tell<P: Announces>(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<P>,
    kind: &str,
    workspace: EventWorkspace<'_>,
) -> Result<(), Error> {
    let accounts = storage::cloud::listening(tx, grant).await?;
    if accounts.is_empty() {
        return Ok(());
    }
    let org = grant.org(tx)?.clone();
    let data = EventData { organization: EventOrg { id: org.id, handle: org.handle.as_str() }, workspace };
    let event = WorkspaceEvent { kind, timestamp: ctx.now().to_string(), data }.to_json();
    for account in accounts {
        let told = Notification { org: org.id, account, event: event.clone() };
        storage::job::insert_plain(tx, ctx.new_id(JobId::new), NOTIFY, &told.to_text()).await?;
    }
    Ok(())
}

/// Has connectors told of every workspace's new DNS name, after what it ends with changed.
pub(crate) async fn moved<P: Announces>(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<P>,
    handle: &str,
    before: Option<String>,
    after: Option<String>,
) -> Result<(), Error> {
    if before == after || storage::cloud::listening(tx, grant).await?.is_empty() {
        return Ok(());
    }
    let moved = DnsMove { org: grant.org(tx)?.id, handle: handle.to_owned(), before, after, done_until: String::new() };
    storage::job::insert_plain(tx, ctx.new_id(JobId::new), MOVE_DNS, &moved.to_text()).await?;
    Ok(())
}

/// Enqueues the events of the next workspaces; `false` when there are no more. The job's payload moves on in the same
/// transaction, so that none is told of twice.
pub(crate) async fn move_some(ctx: &Ctx, tx: &mut WriteTx, lease: &Lease, moved: &mut DnsMove) -> Result<bool, Error> {
    let rows = storage::workspace::batch(tx, lease, moved.org, &moved.done_until, BATCH).await?;
    let accounts = storage::cloud::listening_for_job(tx, lease, moved.org).await?;
    let more = rows.len() as i64 == BATCH;
    for row in rows {
        let name = |suffix: &Option<String>| suffix.as_ref().map(|suffix| format!("{}.{suffix}", row.name));
        let (dns_name, before) = (name(&moved.after), name(&moved.before));
        let version = storage::workspace::moved(tx, lease, moved.org, row.id).await?.unwrap_or(row.version);
        let data = EventData {
            organization: EventOrg { id: moved.org, handle: &moved.handle },
            workspace: EventWorkspace {
                id: row.id,
                name: row.name.as_str(),
                state: row.state.name(),
                version,
                dns_name: dns_name.as_deref(),
                dns_name_before: before.as_deref(),
            },
        };
        let event = WorkspaceEvent { kind: "workspace.renamed", timestamp: ctx.now().to_string(), data }.to_json();
        for account in &accounts {
            let told = Notification { org: moved.org, account: *account, event: event.clone() };
            storage::job::insert_plain(tx, ctx.new_id(JobId::new), NOTIFY, &told.to_text()).await?;
        }
        moved.done_until = row.name.to_string();
    }
    storage::job::go_on_with(tx, lease, &moved.to_text()).await?;
    Ok(more)
}

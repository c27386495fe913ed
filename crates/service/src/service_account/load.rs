use domain::Fault;
use domain::audit::AuditQuery;
use domain::authz::Permission;
use domain::authz::cap::{OrgAuditRead, ServiceAccountsRead};
use domain::service_account::{ServiceAccountPage, ServiceAccountRow, ServiceAccountsPage};
use storage::authz::{Granted, Target};
use storage::token::Seen;

use crate::ctx::Ctx;
use crate::error::Error;

/// Entries of the log on an account's page.
const DID: i64 = 10;

/// The page of an organization's service accounts.
pub async fn load(ctx: &Ctx, handle: &str) -> Result<ServiceAccountsPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<ServiceAccountsRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let rows = storage::service_account::of_org(&mut tx, &grant).await?;
    Ok(ServiceAccountsPage { viewer, org: grant.header(&tx)?, rows, now: ctx.now() })
}

/// By name; for programs.
pub async fn list(ctx: &Ctx, handle: &str) -> Result<Vec<ServiceAccountRow>, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<ServiceAccountsRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    Ok(storage::service_account::of_org(&mut tx, &grant).await?)
}

/// One service account.
pub async fn find(ctx: &Ctx, handle: &str, account: &str) -> Result<ServiceAccountRow, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<ServiceAccountsRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let id = account.parse().map_err(|_| Fault::NotFound)?;
    Ok(storage::service_account::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?)
}

/// The page of one service account: its tokens, what it did, its settings.
pub async fn load_one(ctx: &Ctx, handle: &str, account: &str) -> Result<ServiceAccountPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<ServiceAccountsRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    let id = account.parse().map_err(|_| Fault::NotFound)?;
    let row = storage::service_account::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let seen = Seen::of_service_account(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let tokens = storage::token::list(&mut tx, &seen).await?;
    let did = match grant.also(Permission::OrgAuditRead) {
        true => {
            let log: Granted<OrgAuditRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
            let query = AuditQuery { actor: Some(id.into()), ..AuditQuery::default() };
            storage::audit::page(&mut tx, &log, &query, DID).await?.into_iter().map(|read| read.row).collect()
        }
        false => Vec::new(),
    };
    Ok(ServiceAccountPage { viewer, org: grant.header(&tx)?, row, tokens, did, now: ctx.now() })
}

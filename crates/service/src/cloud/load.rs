use domain::Fault;
use domain::authz::cap::CloudRead;
use domain::cloud::{CloudAccount, CloudAccountsPage, CloudResource};
use domain::id::CloudAccountId;
use storage::Tx;
use storage::authz::{Granted, Target};
use storage::cloud::Stored;

use crate::ctx::Ctx;
use crate::error::Error;

/// The page of an organization's cloud accounts.
pub async fn load(ctx: &Ctx, handle: &str) -> Result<CloudAccountsPage, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<CloudRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let viewer = grant.viewer()?.clone();
    Ok(CloudAccountsPage { viewer, org: grant.header(&tx)?, accounts: all(&mut tx, &grant).await?, now: ctx.now() })
}

/// The accounts by name; for programs.
pub async fn list(ctx: &Ctx, handle: &str) -> Result<Vec<CloudAccount>, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<CloudRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    all(&mut tx, &grant).await
}

/// One account.
pub async fn find(ctx: &Ctx, handle: &str, account: &str) -> Result<CloudAccount, Error> {
    let id: CloudAccountId = account.parse().map_err(|_| Fault::NotFound)?;
    Ok(list(ctx, handle).await?.into_iter().find(|account| account.id == id).ok_or(Fault::NotFound)?)
}

async fn all(tx: &mut Tx, grant: &Granted<CloudRead>) -> Result<Vec<CloudAccount>, Error> {
    let accounts = storage::cloud::of_org(tx, grant).await?;
    let resources = storage::cloud::resources(tx, grant).await?;
    let of =
        |id| resources.iter().filter(|(account, _)| *account == id).map(|(_, resource)| resource.clone()).collect();
    Ok(accounts.into_iter().map(|account| shown(of(account.id), account)).collect())
}

/// The account without its secret.
fn shown(resources: Vec<CloudResource>, account: Stored) -> CloudAccount {
    CloudAccount {
        id: account.id,
        name: account.name,
        provider: account.provider,
        connector: account.connector,
        url: account.url,
        selector: account.selector,
        ca: account.ca,
        events: account.events,
        version: account.version,
        created_at: account.created_at,
        listed_at: account.listed_at,
        list_error: account.list_error,
        resources,
    }
}

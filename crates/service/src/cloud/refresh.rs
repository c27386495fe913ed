use domain::Fault;
use domain::authz::cap::CloudWrite;
use domain::cloud::{CloudAccount, RemoteResource};
use domain::id::{CloudAccountId, ResourceId};
use storage::authz::{Granted, Target};
use storage::cloud::{Lists, Stored};
use storage::{Audit, WriteTx};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::ports::ConnectorError;

/// Asks an account's connector what runs there, and keeps its answer. A connector that fails leaves what was known, with
/// the reason.
pub async fn refresh(ctx: &Ctx, handle: &str, account: &str) -> Result<CloudAccount, Error> {
    let id: CloudAccountId = account.parse().map_err(|_| Fault::NotFound)?;
    let found = {
        let mut tx = ctx.read().await?;
        let grant: Granted<CloudWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
        storage::cloud::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?
    };
    let listed = list_all(ctx, vec![found]).await?;
    let mut tx = ctx.write().await?;
    let grant: Granted<CloudWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    for listed in listed {
        listed.keep(ctx, &mut tx, &grant).await?;
    }
    tx.commit(Audit::none("what a provider tells changes nothing here")).await?;
    super::find(ctx, handle, account).await
}

/// What a connector answered; not kept yet.
pub(crate) struct Listed {
    pub account: Stored,
    pub answer: Result<Vec<RemoteResource>, ConnectorError>,
}

/// Asks the connectors of these accounts, outside of any transaction.
pub(crate) async fn list_all(ctx: &Ctx, accounts: Vec<Stored>) -> Result<Vec<Listed>, Error> {
    let mut all = Vec::with_capacity(accounts.len());
    for account in accounts {
        let at = super::connection(ctx, &account)?;
        let answer = ctx.services().connectors().list(&at).await;
        all.push(Listed { account, answer });
    }
    Ok(all)
}

impl Listed {
    /// Keeps the answer.
    pub async fn keep(&self, ctx: &Ctx, tx: &mut WriteTx, proof: &impl Lists) -> Result<(), Error> {
        match &self.answer {
            Ok(resources) => {
                let with_ids: Vec<(ResourceId, RemoteResource)> =
                    resources.iter().map(|resource| (ctx.new_id(ResourceId::new), resource.clone())).collect();
                storage::cloud::keep_listing(tx, proof, self.account.id, &with_ids).await?;
            }
            Err(error) => {
                storage::cloud::note_list_error(tx, proof, self.account.id, &error.to_string()).await?;
            }
        }
        Ok(())
    }
}

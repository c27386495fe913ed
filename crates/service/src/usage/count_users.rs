use std::sync::Arc;

use domain::authz::cap::UsageWrite;
use domain::usage::event::OWN_SOURCE;
use domain::usage::{BuiltIn, Day, UsageEvent};
use storage::Audit;
use storage::authz::{Granted, Target};

use crate::ctx::{Ctx, Services};
use crate::error::Error;

/// Organizations of one transaction.
const SOME: i64 = 200;

/// Counts the members of every organization: what the meter `user_count` keeps of a day is the most there were. Of
/// processes that count at once, one is believed; their events are the same.
pub async fn count_users(services: &Arc<Services>) -> Result<(), Error> {
    let ctx = Ctx::system(Arc::clone(services));
    let today = Day::of(ctx.now());
    loop {
        let mut tx = ctx.read().await?;
        let grant: Granted<UsageWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
        let grown = storage::usage::grown(&mut tx, &grant, today, SOME).await?;
        drop(tx);
        if grown.is_empty() {
            return Ok(());
        }
        let mut tx = ctx.write().await?;
        let grant: Granted<UsageWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
        let events = grown.into_iter().map(|(org, count)| {
            let event = UsageEvent {
                source: OWN_SOURCE.to_owned(),
                id: format!("user_count/{org}/{today}/{count}"),
                workspace: None,
                meter: BuiltIn::UserCount.key(),
                at: tx.now(),
                quantity: count,
                key: None,
                group: None,
            };
            (event, org)
        });
        let events = events.collect();
        super::ingest::ingest_own(&mut tx, &grant, events).await?;
        tx.commit(Audit::none("how many members there are; who joins is logged")).await?;
    }
}

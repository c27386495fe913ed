use domain::authz::cap::OrgsList;
use domain::org::SwitcherEntry;
use domain::page::SEARCH_MAX;
use storage::authz::{Granted, Target};

use crate::ctx::Ctx;
use crate::error::Error;

/// Entries the switcher shows.
const LIMIT: usize = 10;

/// The first few organizations that `search` finds.
pub async fn search(ctx: &Ctx, search: &str) -> Result<Vec<SwitcherEntry>, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgsList> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let search: String = search.chars().take(SEARCH_MAX).collect();
    Ok(storage::org_list::search(&mut tx, &grant, &search, LIMIT).await?)
}

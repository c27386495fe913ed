use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::UsageRead;
use domain::csv;
use domain::usage::page::UsageQuery;
use domain::usage::{BuiltIn, Day};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use super::cycle::cycle;
use crate::ctx::Ctx;
use crate::error::Error;

/// What the page shows as CSV, a meter's day a line, in the meters' own units. It is logged.
pub async fn export(ctx: &Ctx, handle: &str, query: &UsageQuery) -> Result<String, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<UsageRead> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let cycle = cycle(&mut tx, &grant, Day::of(ctx.now())).await?;
    let (first, last) = query.range.days(Day::of(ctx.now()), cycle);
    let (values, workspace) = match query.workspace {
        Some(id) => {
            let names = storage::usage_limit::workspace_names(&mut tx, &grant).await?;
            let name = names.into_iter().find(|(known, _)| *known == id).ok_or(Fault::NotFound)?.1;
            (storage::usage_read::of_workspace(&mut tx, &grant, id, first, last).await?, name)
        }
        None => (storage::usage_read::totals(&mut tx, &grant, first, last).await?, String::new()),
    };
    let custom = storage::meter::custom(&mut tx, &grant).await?;
    let mut text = csv::line(&["day", "meter", "value", "unit", "workspace"]);
    for (meter, day, value) in values {
        let unit = match BuiltIn::from_name(meter.as_str()) {
            Some(meter) => meter.unit(),
            None => custom.iter().find(|one| one.key == meter).map_or("", |one| one.unit.as_str()),
        };
        text += &csv::line(&[&day.to_string(), meter.as_str(), &value.to_string(), unit, &workspace]);
    }
    let chain = Chain::Org(grant.org(&tx)?.id);
    let action = Action::UsageExported { first, last };
    tx.commit(Audit::one(Entry::new(chain, grant.who(), Some(grant.via()), action))).await?;
    Ok(text)
}

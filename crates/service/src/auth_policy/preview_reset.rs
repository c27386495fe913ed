use domain::authz::cap::AuthReset;
use domain::plan::{Act, PLAN_NAMES_SHOWN, PlanPreview, PlanSection, PlanSet};
use storage::authz::{Granted, Target};
use storage::{Audit, WriteTx};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Draft;

/// The reset takes no arguments.
pub(super) const ARGUMENTS: &str = "{}";

/// Who would have to sign in again.
pub async fn preview_reset(ctx: &Ctx, handle: &str) -> Result<PlanPreview, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<AuthReset> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let sets = storage::auth_policy::reset_sets(&mut tx, &grant, ctx.now()).await?;
    let preview = record(ctx, &mut tx, &grant, &sets).await?;
    tx.commit(Audit::none("a preview changes nothing")).await?;
    Ok(preview)
}

pub(super) async fn record(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<AuthReset>,
    sets: &[PlanSet],
) -> Result<PlanPreview, Error> {
    let (sessions, tokens) = storage::auth_policy::reset_counts(tx, grant, ctx.now()).await?;
    let me = grant.viewer().map(|viewer| viewer.id.to_string()).unwrap_or_default();
    let people = sets.iter().map(|set| {
        let count = set.ids.len() as u64;
        let named = set.ids.iter().zip(&set.names).take(PLAN_NAMES_SHOWN);
        let names = named.map(|(id, name)| if *id == me { format!("{name} (you)") } else { name.clone() });
        let label = if count == 1 { "person has to sign in again" } else { "people have to sign in again" };
        PlanSection { label: label.to_owned(), count, names: names.collect() }
    });
    let counted = [(sessions, "session", "sessions"), (tokens, "token of theirs", "tokens of theirs")];
    let counted = counted.into_iter().map(|(count, one, many)| {
        let noun = if count == 1 { one } else { many };
        let label = format!("{noun} will be refused here");
        PlanSection { label, count: u64::try_from(count).unwrap_or(0), names: Vec::new() }
    });
    let goes = people.chain(counted).collect();
    let stays = vec![
        "Sessions and tokens go on in other organizations.".to_owned(),
        "Platform administrators, who aren't bound by an organization's rules.".to_owned(),
    ];
    let draft = Draft { act: Act::ResetAuth, arguments: ARGUMENTS, sets, goes, changes: Vec::new(), stays };
    draft.record(ctx, tx, grant).await
}

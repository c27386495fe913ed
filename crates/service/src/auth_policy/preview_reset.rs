use domain::authz::cap::AuthReset;
use domain::plan::{Act, PLAN_NAMES_SHOWN, PlanPreview, PlanSection, PlanSet};
use storage::authz::{Granted, Target};
use storage::{Audit, WriteTx};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Draft;

/// The reset's arguments in canonical form.
pub(super) const fn arguments(service_tokens: bool) -> &'static str {
    if service_tokens { "{\"service_tokens\":true}" } else { "{}" }
}

/// Who would have to sign in again. With `service_tokens`, tokens of service accounts and workspaces are refused as well.
pub async fn preview_reset(ctx: &Ctx, handle: &str, service_tokens: bool) -> Result<PlanPreview, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<AuthReset> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let sets = storage::auth_policy::reset_sets(&mut tx, &grant, ctx.now(), service_tokens).await?;
    let preview = record(ctx, &mut tx, &grant, &sets, service_tokens).await?;
    tx.commit(Audit::none("a preview changes nothing")).await?;
    Ok(preview)
}

pub(super) async fn record(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<AuthReset>,
    sets: &[PlanSet],
    service_tokens: bool,
) -> Result<PlanPreview, Error> {
    let (sessions, tokens) = storage::auth_policy::reset_counts(tx, grant, ctx.now()).await?;
    let me = grant.viewer().map(|viewer| viewer.id.to_string()).unwrap_or_default();
    let people = sets.iter().map(|set| {
        let count = set.ids.len() as u64;
        let named = set.ids.iter().zip(&set.names).take(PLAN_NAMES_SHOWN);
        let names = named.map(|(id, name)| if *id == me { format!("{name} (you)") } else { name.clone() });
        let label = match (set.kind.as_str(), count) {
            ("service_tokens", 1) => "token of service accounts and workspaces will be refused",
            ("service_tokens", _) => "tokens of service accounts and workspaces will be refused",
            (_, 1) => "person has to sign in again",
            _ => "people have to sign in again",
        };
        PlanSection { label: label.to_owned(), count, names: names.collect() }
    });
    let counted = [(sessions, "session", "sessions"), (tokens, "token of theirs", "tokens of theirs")];
    let counted = counted.into_iter().map(|(count, one, many)| {
        let noun = if count == 1 { one } else { many };
        let label = format!("{noun} will be refused here");
        PlanSection { label, count: u64::try_from(count).unwrap_or(0), names: Vec::new() }
    });
    let goes = people.chain(counted).collect();
    let spared = "Tokens of service accounts and workspaces, which go on as before.";
    let spared = (!service_tokens).then(|| spared.to_owned());
    let stays = [
        "Sessions and tokens go on in other organizations.".to_owned(),
        "Platform administrators, who aren't bound by an organization's rules.".to_owned(),
    ];
    let stays = spared.into_iter().chain(stays).collect();
    let arguments = arguments(service_tokens);
    let draft = Draft { act: Act::ResetAuth, arguments, sets, goes, changes: Vec::new(), stays };
    let preview = draft.record(ctx, tx, grant).await?;
    Ok(PlanPreview { service_tokens, ..preview })
}

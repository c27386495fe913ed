//! The plan of a rename: every name before and after.

use domain::Fault;
use domain::authz::cap::OrgProfileWrite;
use domain::name::Handle;
use domain::plan::{Act, PlanPreview, PlanSet};
use domain::profile::{NameChange, dns_suffix};
use storage::WriteTx;
use storage::authz::Granted;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Draft;

/// What renaming would change as things stand.
pub(super) async fn changes(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<OrgProfileWrite>,
    new: &Handle,
) -> Result<Vec<NameChange>, Error> {
    let old = grant.org(tx)?.handle.clone();
    if *new == old {
        return Err(Fault::invalid("new_handle", "This is the handle already.").into());
    }
    let address = |handle: &Handle| format!("{}/organizations/{handle}", ctx.services().public_url());
    let mut changes = vec![NameChange { before: address(&old), after: address(new) }];
    let settings = storage::org::settings(tx, grant).await?.settings;
    let domain = settings.platform_domain.as_ref().map(|host| host.as_str());
    if let (Some(before), Some(after)) = (dns_suffix(&old, domain), dns_suffix(new, domain))
        && before != after
    {
        changes.push(NameChange { before: format!("*.{before}"), after: format!("*.{after}") });
        let workspaces = storage::workspace::names(tx, grant).await?;
        changes.extend(
            workspaces
                .into_iter()
                .map(|(_, name)| NameChange { before: format!("{name}.{before}"), after: format!("{name}.{after}") }),
        );
    }
    Ok(changes)
}

/// What apply compares with: one change of a name that wasn't shown is one too many.
pub(super) fn sets(changes: &[NameChange]) -> Vec<PlanSet> {
    let ids = changes.iter().map(|change| format!("{} → {}", change.before, change.after)).collect();
    vec![PlanSet { kind: "names".to_owned(), ids, names: Vec::new() }]
}

/// The plan's arguments in canonical form.
pub(super) fn arguments(handle: &Handle) -> String {
    format!("{{\"handle\":\"{handle}\"}}")
}

pub(super) async fn record(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<OrgProfileWrite>,
    new: &Handle,
    changes: Vec<NameChange>,
) -> Result<PlanPreview, Error> {
    let old = grant.org(tx)?.handle.clone();
    let stays = match new.folded() == old.folded() {
        true => vec![
            "Every address of the console and the API: they don't tell cases apart. The administration API does."
                .to_owned(),
        ],
        false => vec![
            format!("“{old}” goes on leading here as an alias, in the browser and for programs, until you retire it."),
            "What is in the organization, its id, its tokens and sessions.".to_owned(),
        ],
    };
    let (arguments, sets) = (arguments(new), sets(&changes));
    let act = Act::RenameOrg;
    let draft = Draft { act, arguments: &arguments, sets: &sets, goes: Vec::new(), changes, stays };
    let preview = draft.record(ctx, tx, grant).await?;
    Ok(PlanPreview { new_handle: Some(new.clone()), ..preview })
}

use domain::audit::{Action, Chain};
use domain::authz::cap::{BootstrapWrite, OrgAdminWrite, OrgCreate, OrgHoldWrite};
use domain::id::OrgId;
use domain::link::LinkLifetime;
use domain::name::{DisplayName, Handle};
use domain::org::{Hold, OrgState};
use domain::settings::Settings;
use domain::{Fault, FieldError};
use storage::authz::{Granted, Target};
use storage::error::Denied;
use storage::org::NewOrg;
use storage::{Audit, Entry, WriteTx};

use super::{Options, authorize_or_conflict, exists};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::link::Made;
use crate::org::{Save, first_link, insert};
use crate::secret::Secret;

/// Creates an organization and answers its bootstrap token. One that waits for its bootstrap is configured anew: its
/// options as sent, no longer expired, with a new link.
pub async fn create(ctx: &Ctx, handle: &Handle, options: Options) -> Result<Secret, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgCreate> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let lifetime = LinkLifetime::default().span();
    let (made, token) = Made::for_administration(ctx, lifetime.map(|span| ctx.now().plus(span)));
    let existing = tx.authorize::<BootstrapWrite>(&ctx.actor(), Target::Handle(handle.as_str()), ctx.now()).await;
    let entries = match existing {
        Ok(_) => reconfigure(ctx, &mut tx, handle, options, &made).await?,
        Err(storage::Error::Denied(Denied::NotFound)) => {
            let settings = options.apply(&Settings::default(), ctx.now());
            let display_name = DisplayName::parse(handle.as_str()).map_err(|error| Fault::Invalid {
                fields: vec![FieldError::new("organization_id", error.to_string())],
            })?;
            let id = ctx.new_id(OrgId::new);
            let state = OrgState::PendingBootstrap;
            let row = NewOrg { id, handle, display_name: &display_name, state, settings: &settings };
            let created = insert(&mut tx, &grant, &row).await?.map_err(|_| exists())?;
            vec![created, first_link(&mut tx, &grant, id, &made).await?]
        }
        Err(storage::Error::Denied(Denied::Closed | Denied::Moved { .. })) => return Err(exists().into()),
        Err(error) => return Err(error.into()),
    };
    tx.commit(Audit::all(entries, "never: both ways log")).await?;
    Ok(token)
}

async fn reconfigure(
    ctx: &Ctx,
    tx: &mut WriteTx,
    handle: &Handle,
    options: Options,
    made: &Made,
) -> Result<Vec<Entry>, Error> {
    let name = handle.as_str();
    let bootstrap: Granted<BootstrapWrite> = authorize_or_conflict(ctx, tx, name).await?;
    if bootstrap.org(tx)?.state != OrgState::PendingBootstrap {
        return Err(exists().into());
    }
    let chain = Chain::Org(bootstrap.org(tx)?.id);
    let entry = |action| Entry::new(chain, bootstrap.who(), Some(bootstrap.via()), action);
    let mut entries = vec![entry(Action::OrgReconfigured)];

    let write: Granted<OrgAdminWrite> = authorize_or_conflict(ctx, tx, name).await?;
    let stored = storage::org::settings(tx, &write).await?;
    let Settings { seats, limits, .. } = options.apply(&Settings::default(), ctx.now());
    let settings = Settings { seats, limits, ..stored.settings.clone() };
    let save = Save { settings, reason: None, restored_from: None };
    entries.extend(save.write(ctx, tx, &write, &stored).await?.into_iter().flat_map(|(_, entries)| entries));

    let hold: Granted<OrgHoldWrite> = authorize_or_conflict(ctx, tx, name).await?;
    if let Some(holds) = hold.org(tx)?.holds.with(Hold::Expired, false) {
        storage::org::set_holds(tx, &hold, &holds).await?;
        entries.push(entry(Action::HoldLifted { hold: Hold::Expired }));
    }
    storage::link::rotate(tx, &bootstrap, &made.row()).await?;
    entries.push(entry(Action::BootstrapLinkRotated { link: made.id }));
    Ok(entries)
}

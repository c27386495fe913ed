use domain::audit::{Action, Chain};
use domain::authz::cap::{OrgAdminWrite, OrgHoldWrite};
use domain::org::Hold;
use storage::authz::Granted;
use storage::{Audit, Entry};

use super::{Options, authorize};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::org::Save;

/// Changes what was sent, all of it or nothing.
pub async fn update(ctx: &Ctx, name: &str, options: Options, expired: Option<bool>) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgAdminWrite> = authorize(ctx, &mut tx, name).await?;
    let stored = storage::org::settings(&mut tx, &grant).await?;
    let settings = options.apply(&stored.settings, ctx.now());
    let save = Save { settings, reason: None, restored_from: None };
    let saved = save.write(ctx, &mut tx, &grant, &stored).await?.into_iter().flat_map(|(_, entries)| entries);

    let hold: Granted<OrgHoldWrite> = authorize(ctx, &mut tx, name).await?;
    let org = hold.org(&tx)?.clone();
    let held = match expired.and_then(|expired| Some((expired, org.holds.with(Hold::Expired, expired)?))) {
        Some((expired, holds)) => {
            storage::org::set_holds(&mut tx, &hold, &holds).await?;
            let hold_set = Action::HoldSet { hold: Hold::Expired };
            let action = if expired { hold_set } else { Action::HoldLifted { hold: Hold::Expired } };
            Some(Entry::new(Chain::Org(org.id), hold.who(), Some(hold.via()), action))
        }
        None => None,
    };
    tx.commit(Audit::all(saved.chain(held), "nothing was changed")).await?;
    Ok(())
}

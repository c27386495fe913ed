use domain::audit::{Action, Chain};
use domain::authz::cap::{BillingSettle, OrgHoldWrite};
use domain::billing::page::SubscriptionState;
use domain::org::Hold;
use storage::authz::{Actor, Granted, Target};
use storage::{Entry, WriteTx, invoice, subscription};

use crate::error::Error;

/// Sets or lifts the hold *billing*, as things stand: an organization is held while its plan has lapsed, or an invoice that
/// it must pay is open. The one place that does either.
pub(super) async fn settle_hold(tx: &mut WriteTx, org: domain::id::OrgId) -> Result<Option<Entry>, Error> {
    let now = tx.now();
    let settles: Granted<BillingSettle> = tx.authorize(&Actor::System, Target::Org(org), now).await?;
    let lapsed = subscription::find(tx, &settles)
        .await?
        .is_some_and(|subscription| subscription.state == SubscriptionState::Lapsed);
    let held = lapsed || invoice::is_required(tx, &settles).await?;
    let holds: Granted<OrgHoldWrite> = tx.authorize(&Actor::System, Target::Org(org), now).await?;
    let Some(after) = holds.org(tx)?.holds.with(Hold::Billing, held) else { return Ok(None) };
    storage::org::set_holds(tx, &holds, &after).await?;
    let hold = Hold::Billing;
    let action = if held { Action::HoldSet { hold } } else { Action::HoldLifted { hold } };
    Ok(Some(Entry::new(Chain::Org(org), holds.who(), Some(holds.via()), action)))
}

use std::collections::{BTreeSet, HashMap};

use domain::Fault;
use domain::authz::cap::UsageWrite;
use domain::id::OrgId;
use domain::usage::event::{BATCH_MAX, fits, read};
use domain::usage::{BuiltIn, Outcome, Refusal, RefusalKind, UsageEvent};
use serde_json::Value;
use storage::authz::{Granted, Target};
use storage::usage::{Located, RollUpError};
use storage::{Audit, WriteTx};

use crate::ctx::Ctx;
use crate::error::Error;

/// Takes events in, all in one transaction: once it is answered, those that were accepted are counted, each once. Answers
/// what became of each, in order; one that is refused keeps no other from being taken.
pub async fn ingest(ctx: &Ctx, told: &[Value]) -> Result<Vec<Outcome>, Error> {
    if told.len() > BATCH_MAX {
        let message =
            format!("A batch has at most {BATCH_MAX} events; this one has {}. Nothing was taken.", told.len());
        return Err(Fault::invalid("events", message).into());
    }
    let mut tx = ctx.write().await?;
    let grant: Granted<UsageWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let read: Vec<Result<UsageEvent, Refusal>> = told.iter().map(|event| read(event, tx.now())).collect();
    let placed = place(&mut tx, &grant, read).await?;
    let outcomes = take(&mut tx, &grant, &placed).await?;
    if outcomes.contains(&Outcome::Accepted) {
        tx.commit(Audit::none("use, of which there is too much for the log; the events are kept themselves")).await?;
        ctx.services().jobs.notify_one();
    }
    Ok(outcomes)
}

/// Takes in events that we tell of ourselves.
pub(crate) async fn ingest_own(
    tx: &mut WriteTx,
    grant: &Granted<UsageWrite>,
    events: Vec<(UsageEvent, OrgId)>,
) -> Result<(), Error> {
    let open = storage::usage::open(tx, grant, &events.iter().map(|(_, org)| *org).collect()).await?;
    let aggregation = |event: &UsageEvent| BuiltIn::from_name(event.meter.as_str()).map(BuiltIn::aggregation);
    let placed: Vec<_> = events
        .into_iter()
        .filter(|(_, org)| open.contains(org))
        .filter_map(|(event, org)| aggregation(&event).map(|aggregation| Ok(Placed { event, org, aggregation })))
        .collect();
    take(tx, grant, &placed).await?;
    Ok(())
}

struct Placed {
    event: UsageEvent,
    org: OrgId,
    aggregation: domain::usage::Aggregation,
}

/// Finds each event's meter and organization.
async fn place(
    tx: &mut WriteTx,
    grant: &Granted<UsageWrite>,
    read: Vec<Result<UsageEvent, Refusal>>,
) -> Result<Vec<Result<Placed, Refusal>>, Error> {
    let custom = storage::meter::custom(tx, grant).await?;
    let workspaces: BTreeSet<_> = read.iter().filter_map(|event| event.as_ref().ok()?.workspace).collect();
    let homes = storage::usage::homes(tx, grant, &workspaces.into_iter().collect::<Vec<_>>()).await?;
    let meters: HashMap<&str, _> = custom.iter().map(|meter| (meter.key.as_str(), meter)).collect();
    let placed = |event: UsageEvent| {
        let key = event.meter.as_str();
        let unknown = |detail: String| Refusal::new(RefusalKind::UnknownMeter, "/type", detail);
        let aggregation = match (BuiltIn::from_name(key), meters.get(key)) {
            (Some(BuiltIn::UserCount), _) => {
                return Err(unknown("“user_count” is counted by Tenantry itself.".to_owned()));
            }
            (Some(meter), _) => meter.aggregation(),
            (None, Some(meter)) if meter.archived => {
                return Err(unknown(format!("The meter “{key}” is archived and takes no more events.")));
            }
            (None, Some(meter)) => meter.aggregation,
            (None, None) => return Err(unknown(format!("There is no meter “{key}”."))),
        };
        fits(&event, aggregation)?;
        let home = event.workspace.and_then(|workspace| homes.get(&workspace));
        match home {
            Some((org, state)) if state.is_open() => Ok(Placed { org: *org, aggregation, event }),
            Some(_) => {
                let detail = "The workspace's organization is being deleted.";
                Err(Refusal::new(RefusalKind::OrganizationClosed, "/subject", detail))
            }
            None => {
                let detail = "There is no workspace of this id.";
                Err(Refusal::new(RefusalKind::UnknownWorkspace, "/subject", detail))
            }
        }
    };
    Ok(read.into_iter().map(|event| event.and_then(placed)).collect())
}

/// Keeps what wasn't kept before, and counts it.
async fn take(
    tx: &mut WriteTx,
    grant: &Granted<UsageWrite>,
    events: &[Result<Placed, Refusal>],
) -> Result<Vec<Outcome>, Error> {
    let mut firsts: HashMap<(&str, &str), &Placed> = HashMap::new();
    let mut located = Vec::new();
    for placed in events.iter().flatten() {
        let key = (placed.event.source.as_str(), placed.event.id.as_str());
        if firsts.insert(key, firsts.get(&key).copied().unwrap_or(placed)).is_none() {
            located.push(Located { event: &placed.event, org: placed.org, aggregation: placed.aggregation });
        }
    }
    let mut new = storage::usage::insert(tx, grant, &located).await?;
    let is_new =
        |event: &UsageEvent, new: &BTreeSet<(String, String)>| new.contains(&(event.source.clone(), event.id.clone()));
    let (added, known): (Vec<_>, Vec<_>) = located.into_iter().partition(|located| is_new(located.event, &new));
    match storage::usage::add(tx, grant, &added).await {
        Ok(()) => {}
        Err(RollUpError::Storage(error)) => return Err(error.into()),
        Err(RollUpError::TooMuch(meter)) => {
            let message =
                format!("A day of the meter “{meter}” would be beyond what can be counted. Nothing was taken.");
            return Err(Fault::invalid("events", message).into());
        }
    }
    let orgs: BTreeSet<OrgId> = added.iter().map(|located| located.org).collect();
    storage::usage::touch_all(tx, grant, &orgs).await?;
    let known: Vec<(&str, &str)> =
        known.iter().map(|located| (located.event.source.as_str(), located.event.id.as_str())).collect();
    let kept = storage::usage::kept(tx, grant, &known).await?;
    let kept: HashMap<(&str, &str), &UsageEvent> =
        kept.iter().map(|event| ((event.source.as_str(), event.id.as_str()), event)).collect();
    let outcome = |event: &Result<Placed, Refusal>| {
        let event = match event {
            Ok(placed) => &placed.event,
            Err(refusal) => return Outcome::Refused(refusal.clone()),
        };
        if new.remove(&(event.source.clone(), event.id.clone())) {
            return Outcome::Accepted;
        }
        let key = (event.source.as_str(), event.id.as_str());
        let first = kept.get(&key).copied().or_else(|| firsts.get(&key).map(|placed| &placed.event));
        Outcome::Replayed { differs: first.is_some_and(|first| first != event) }
    };
    Ok(events.iter().map(outcome).collect())
}

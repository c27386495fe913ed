use domain::Fault;
use domain::billing::page::ProvidedBy;
use domain::billing::{
    Adjustment, Begins, Bill, Cycle, CycleTerms, Ended, Metered, Owed, PlanTerms, Used, adjustments,
};
use domain::money::{Currency, Money};
use domain::usage::Day;
use domain::usage::event::LATE;
use storage::authz::Granted;
use storage::subscription::{self, SeesSubscription, Subscribes, Subscription};
use storage::{Tx, WriteTx};

use crate::error::Error;

/// Days after the end of a cycle on which its events are still taken.
const LATE_DAYS: i64 = LATE.seconds() / 86_400 + 1;

/// Days that were billed with another value, and the one that they are billed with now.
pub(super) type Changed = Vec<(Cycle, Metered, Day, i64)>;

/// What a bill is made of, read in one transaction.
pub(super) struct Reckoned {
    currency: Currency,
    credit: Money,
    ended: Option<(CycleTerms, Used)>,
    begins: Option<(Cycle, PlanTerms)>,
    /// Cycles that were billed before: with what, and what they come to now.
    before: Vec<(CycleTerms, Used, Used)>,
}

impl Reckoned {
    /// `ended`: the cycle whose use is billed now. `begins`: the one that is charged ahead; none on a last bill.
    pub async fn of<P: SeesSubscription>(
        tx: &mut Tx,
        grant: &Granted<P>,
        credit: i64,
        ended: Option<CycleTerms>,
        begins: Option<(Cycle, PlanTerms)>,
    ) -> Result<Option<Self>, Error> {
        let of_ended = ended.as_ref().and_then(|ended| ended.segments().last()).map(|last| last.terms.currency);
        let Some(currency) = begins.as_ref().map(|(_, terms)| terms.currency).or(of_ended) else { return Ok(None) };
        let mut before = Vec::new();
        for terms in subscription::billed_cycles(tx, grant).await? {
            // What was billed in another currency can't be made good in this one.
            if terms.segments().iter().all(|segment| segment.terms.currency == currency) {
                let billed = subscription::billed(tx, grant, terms.cycle).await?;
                let now = subscription::used(tx, grant, terms.cycle).await?;
                before.push((terms, billed, now));
            }
        }
        let ended = match ended {
            Some(terms) => {
                let used = subscription::used(tx, grant, terms.cycle).await?;
                Some((terms, used))
            }
            None => None,
        };
        Ok(Some(Self { currency, credit: Money::new(credit, currency), ended, begins, before }))
    }

    /// The lines, and what changed of days that were billed before.
    pub fn bill(&self) -> Result<(Bill, Changed), Error> {
        let mut found: Vec<Adjustment<'_>> = Vec::new();
        let mut changed = Vec::new();
        for (terms, billed, now) in &self.before {
            for adjustment in adjustments(terms, billed, now)? {
                changed.push((terms.cycle, adjustment.what.clone(), adjustment.day, adjustment.now));
                found.push(adjustment);
            }
        }
        let bill = Bill::of(&Owed {
            currency: self.currency,
            ended: self.ended.as_ref().map(|(terms, used)| Ended { terms, used }),
            begins: self.begins.as_ref().map(|(cycle, terms)| Begins { cycle: *cycle, terms }),
            adjustments: &found,
            credit: self.credit,
        })?;
        Ok((bill, changed))
    }

    /// Notes what is billed now, so that only what changes afterwards is billed again.
    pub async fn note<P: Subscribes>(
        self,
        tx: &mut WriteTx,
        grant: &Granted<P>,
        changed: Changed,
    ) -> Result<(), Error> {
        for (cycle, what, day, value) in changed {
            subscription::set_billed(tx, grant, cycle, [(what, day, value)]).await?;
        }
        if let Some((terms, used)) = self.ended {
            subscription::add_billed(tx, grant, &terms).await?;
            subscription::set_billed(tx, grant, terms.cycle, used.values()).await?;
        }
        let oldest = Day::of(tx.now()).plus(-LATE_DAYS);
        subscription::forget_billed(tx, grant, oldest).await?;
        Ok(())
    }
}

/// What the running cycle costs so far: its price, and what was used of it beyond what is included.
pub(crate) async fn so_far<P: SeesSubscription>(
    tx: &mut Tx,
    grant: &Granted<P>,
    subscription: &Subscription,
) -> Result<Bill, Error> {
    let terms = &subscription.cycle;
    let used = subscription::used(tx, grant, terms.cycle).await?;
    let first = terms.segments().first().map(|segment| &segment.terms);
    let currency = first.map(|terms| terms.currency).ok_or(Fault::NotFound)?;
    Ok(Bill::of(&Owed {
        currency,
        ended: Some(Ended { terms, used: &used }),
        begins: first.map(|first| Begins { cycle: terms.cycle, terms: first }),
        adjustments: &[],
        credit: Money::zero(currency),
    })?)
}

/// What the next invoice is reckoned from, if nothing more is used; `None` where the organization pays nothing itself.
pub(super) async fn next<P: SeesSubscription>(
    tx: &mut Tx,
    grant: &Granted<P>,
    subscription: &Subscription,
    terms: PlanTerms,
) -> Result<Option<Reckoned>, Error> {
    let (ProvidedBy::Direct, Some(turns_on)) = (subscription.by, subscription.turns_on) else { return Ok(None) };
    let begins = (!subscription.cancels).then(|| (subscription.next_cycle(turns_on), terms));
    Reckoned::of(tx, grant, subscription.credit, Some(subscription.cycle.clone()), begins).await
}

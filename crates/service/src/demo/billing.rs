//! Plans, two organizations that bought one, one that was given one, and invoices in every state. What happened some time
//! ago is done by services whose clock shows that time: by the verbs that do it every day.

use std::sync::Arc;

use domain::Timestamp;
use domain::billing::PlanForm;
use domain::time::Span;
use domain::usage::Day;

use crate::billing::{agree, list, mark_paid, remind_due, subscribe, turn_due, void};
use crate::ctx::{Ctx, Services};
use crate::error::Error;
use crate::ports::Clock;

/// A clock that stands.
struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// The system, so many days ago at noon.
fn days_ago(services: &Arc<Services>, days: i64) -> Ctx {
    let at = Day::of(services.now()).plus(-days).start().plus(Span::hours(12));
    Ctx::system(Arc::new(services.at(Arc::new(At(at)))))
}

fn plans() -> [PlanForm; 4] {
    let team = PlanForm {
        key: "team".into(),
        name: "Team".into(),
        currency: "EUR".into(),
        price: "49".into(),
        compute: "6000".into(),
        storage: "100".into(),
        users: "3".into(),
        compute_price: "0.006".into(),
        storage_price: "0.25".into(),
        users_price: "12".into(),
        trial_days: "14".into(),
        buyer: "owners".into(),
        archived: false,
    };
    let business = PlanForm {
        key: "business".into(),
        name: "Business".into(),
        price: "199".into(),
        compute: "20000".into(),
        storage: "500".into(),
        users: "20".into(),
        trial_days: "0".into(),
        ..team.clone()
    };
    let reseller = PlanForm {
        key: "reseller".into(),
        name: "Reseller".into(),
        price: "29".into(),
        buyer: "partners".into(),
        trial_days: "0".into(),
        ..team.clone()
    };
    let enterprise = PlanForm {
        key: "enterprise".into(),
        name: "Enterprise".into(),
        price: "0".into(),
        compute: "100000".into(),
        storage: "2000".into(),
        users: "500".into(),
        compute_price: String::new(),
        storage_price: String::new(),
        users_price: String::new(),
        buyer: "nobody".into(),
        trial_days: "0".into(),
        ..team.clone()
    };
    [team, business, reseller, enterprise]
}

pub async fn fill(services: &Arc<Services>, admin: &Ctx) -> Result<(), Error> {
    for plan in plans() {
        crate::plan::create(admin, &plan).await?;
    }
    super::save(admin, "umbra_research", |form| form.plan = "enterprise".into()).await?;

    // A trial that went on: four invoices, of which one was wrong, and the latest isn't due yet.
    let first = days_ago(services, 117);
    subscribe(&first, "acme", "team").await?;
    agree(&first, "acme", "Bank transfer").await?;
    for days in [103, 72, 42, 11] {
        turn_due(days_ago(services, days).shared()).await?;
    }
    let numbers = numbers(services, "acme").await?;
    for (number, days) in numbers.iter().rev().skip(1).zip([30, 60, 92]) {
        let then = days_ago(services, days);
        match days {
            60 => void(&then, "acme", number, "Billed to the wrong entity; settled by contract.").await?,
            _ => mark_paid(&then, "acme", number, "Transfer received").await?,
        }
    }

    // Bought at once, paid once, and overdue since.
    subscribe(&days_ago(services, 55), "northwind", "business").await?;
    turn_due(days_ago(services, 24).shared()).await?;
    if let Some(number) = self::numbers(services, "northwind").await?.first() {
        mark_paid(&days_ago(services, 50), "northwind", number, "Transfer received").await?;
    }
    remind_due(services).await
}

/// Its invoices, oldest first.
async fn numbers(services: &Arc<Services>, handle: &str) -> Result<Vec<String>, Error> {
    let (rows, _) = list(&Ctx::system(Arc::clone(services)), handle, None, 20).await?;
    Ok(rows.iter().rev().map(|row| row.number.to_string()).collect())
}

//! Plans: what an organization can be on, what that includes and costs.

use serde::{Deserialize, Serialize};
use std::fmt;

use super::{MeterPrice, PerDimension, PlanTerms};
use crate::error::FieldError;
use crate::money::{Currency, Money, MoneyError, UnitPrice};
use crate::people::Viewer;
use crate::time::Timestamp;
use crate::usage::{CustomMeter, Dimension};

/// Longest name, in characters.
const NAME_MAX: usize = 40;
const KEY_MAX: usize = 40;
/// Days of a trial, unless told otherwise.
pub const TRIAL_DAYS: i64 = 14;
const TRIAL_DAYS_MAX: i64 = 90;

/// Names a plan for ever: small letters, digits and `-`, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanKey(String);

impl PlanKey {
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=KEY_MAX).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        fits.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlanKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who may put an organization on a plan, beside the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Buyer {
    /// Its owners, who pay for it.
    Owners,
    /// The partner that manages it, who pays for it.
    Partners,
    /// Only the platform provides it.
    Nobody,
}

impl Buyer {
    pub const ALL: [Self; 3] = [Self::Owners, Self::Partners, Self::Nobody];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Owners => "owners",
            Self::Partners => "partners",
            Self::Nobody => "nobody",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|buyer| buyer.name() == name)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Owners => "Owners, for their organization",
            Self::Partners => "Partners, for organizations they manage",
            Self::Nobody => "Nobody; the platform provides it",
        }
    }
}

/// What an organization can be on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub key: PlanKey,
    pub name: String,
    pub currency: Currency,
    /// Of a cycle, in minor units.
    pub price: i64,
    /// In the meters' own units.
    pub included: PerDimension<Option<i64>>,
    /// Of a unit beyond what is included; without one it isn't charged.
    pub overage: PerDimension<Option<UnitPrice>>,
    /// 0: there is none.
    pub trial_days: i64,
    pub buyer: Buyer,
    /// Nobody new gets it.
    pub archived: bool,
    pub version: i64,
    pub created_at: Timestamp,
}

impl Plan {
    /// What a cycle that begins now is billed by.
    pub fn terms(&self, meters: &[CustomMeter], trial: bool) -> PlanTerms {
        let meters = meters.iter().filter(|meter| !meter.archived).map(|meter| MeterPrice {
            key: meter.key.clone(),
            label: meter.label.clone(),
            unit: meter.unit.clone(),
            reading: meter.aggregation.reading(),
            price: meter.prices.get(self.currency.code()).copied(),
        });
        PlanTerms {
            plan: self.name.clone(),
            currency: self.currency,
            price: self.price,
            included: self.included,
            overage: self.overage,
            meters: meters.collect(),
            trial,
        }
    }

    pub const fn price(&self) -> Money {
        Money::new(self.price, self.currency)
    }

    /// A line each of what it includes and what more costs.
    pub fn offers(&self) -> Vec<String> {
        let offer = |dimension: Dimension| {
            let included = self.included.get(dimension).map(|included| dimension.show(included));
            let price = self.overage.get(dimension).map(|price| {
                let per = match dimension {
                    Dimension::Compute => "minute",
                    Dimension::Storage => "GB and month",
                    Dimension::Users => "user and month",
                };
                format!("{} a {per}", price.text(self.currency))
            });
            match (included, price) {
                (Some(included), Some(price)) => Some(format!("{included} included, then {price}")),
                (Some(included), None) => Some(format!("{included} included, more isn't charged")),
                (None, Some(price)) => Some(format!("{}: {price}", dimension.label())),
                (None, None) => None,
            }
        };
        Dimension::ALL.into_iter().filter_map(offer).collect()
    }
}

/// A plan as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanForm {
    pub key: String,
    pub name: String,
    /// An ISO 4217 code.
    pub currency: String,
    /// In the major unit.
    pub price: String,
    /// What is included: in minutes, gigabytes and users; empty for nothing.
    pub compute: String,
    pub storage: String,
    pub users: String,
    /// Of one more; empty for not charged.
    pub compute_price: String,
    pub storage_price: String,
    pub users_price: String,
    pub trial_days: String,
    pub buyer: String,
    pub archived: bool,
}

/// A form that breaks no rule. Whether the key is free is asked elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedPlan {
    pub key: PlanKey,
    pub name: String,
    pub currency: Currency,
    pub price: i64,
    pub included: PerDimension<Option<i64>>,
    pub overage: PerDimension<Option<UnitPrice>>,
    pub trial_days: i64,
    pub buyer: Buyer,
    pub archived: bool,
}

impl CheckedPlan {
    /// The plan as it is when it is new.
    pub fn into_plan(self, created_at: Timestamp) -> Plan {
        let Self { key, name, currency, price, included, overage, trial_days, buyer, archived } = self;
        Plan { key, name, currency, price, included, overage, trial_days, buyer, archived, version: 1, created_at }
    }
}

impl PlanForm {
    pub fn check(&self) -> Result<CheckedPlan, Vec<FieldError>> {
        let mut errors = Vec::new();
        let key = PlanKey::parse(self.key.trim());
        if key.is_none() {
            let message =
                format!("A key begins with a small letter and has at most {KEY_MAX} small letters, digits and “-”.");
            errors.push(FieldError::new("key", message));
        }
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
            errors.push(FieldError::new("name", format!("Enter a name of at most {NAME_MAX} characters.")));
        }
        let currency = Currency::parse(&self.currency);
        if let Err(error) = currency {
            errors.push(FieldError::new("currency", error.to_string()));
        }
        let mut price = 0;
        let mut overage = [None; 3];
        if let Ok(currency) = currency {
            match Money::parse(&self.price, currency) {
                Ok(money) if money.minor < 0 => {
                    errors.push(FieldError::new("price", MoneyError::Negative.to_string()));
                }
                Ok(money) => price = money.minor,
                Err(error) => errors.push(FieldError::new("price", error.to_string())),
            }
            let typed = [&self.compute_price, &self.storage_price, &self.users_price];
            let names = ["compute_price", "storage_price", "users_price"];
            for ((slot, text), name) in overage.iter_mut().zip(typed).zip(names) {
                if !text.trim().is_empty() {
                    match UnitPrice::parse(text, currency) {
                        Ok(price) => *slot = Some(price),
                        Err(error) => errors.push(FieldError::new(name, error.to_string())),
                    }
                }
            }
        }
        let mut included = [None; 3];
        for ((slot, dimension), text) in
            included.iter_mut().zip(Dimension::ALL).zip([&self.compute, &self.storage, &self.users])
        {
            if !text.trim().is_empty() {
                match dimension.parse(text) {
                    Ok(value) => *slot = Some(value),
                    Err(message) => errors.push(FieldError::new(dimension.name(), message)),
                }
            }
        }
        let trial_days = match self.trial_days.trim() {
            "" => Some(0),
            text => text.parse().ok().filter(|days| (0..=TRIAL_DAYS_MAX).contains(days)),
        };
        if trial_days.is_none() {
            let message = format!("Enter a number of days from 0 to {TRIAL_DAYS_MAX}.");
            errors.push(FieldError::new("trial_days", message));
        }
        let buyer = Buyer::from_name(&self.buyer);
        if buyer.is_none() {
            errors.push(FieldError::new("buyer", "Choose who may buy it."));
        }
        let ([compute, storage, users], [compute_price, storage_price, users_price]) = (included, overage);
        match (key, currency, trial_days, buyer) {
            (Some(key), Ok(currency), Some(trial_days), Some(buyer)) if errors.is_empty() => Ok(CheckedPlan {
                key,
                name: name.to_owned(),
                currency,
                price,
                included: PerDimension { compute, storage, users },
                overage: PerDimension { compute: compute_price, storage: storage_price, users: users_price },
                trial_days,
                buyer,
                archived: self.archived,
            }),
            _ => Err(errors),
        }
    }
}

impl From<&Plan> for PlanForm {
    fn from(plan: &Plan) -> Self {
        let included =
            |dimension: Dimension| plan.included.get(dimension).map(|value| dimension.plain(value)).unwrap_or_default();
        let overage = |dimension: Dimension| {
            plan.overage.get(dimension).map(|price| price.plain(plan.currency)).unwrap_or_default()
        };
        Self {
            key: plan.key.to_string(),
            name: plan.name.clone(),
            currency: plan.currency.code().to_owned(),
            price: plan.price().plain(),
            compute: included(Dimension::Compute),
            storage: included(Dimension::Storage),
            users: included(Dimension::Users),
            compute_price: overage(Dimension::Compute),
            storage_price: overage(Dimension::Storage),
            users_price: overage(Dimension::Users),
            trial_days: plan.trial_days.to_string(),
            buyer: plan.buyer.name().to_owned(),
            archived: plan.archived,
        }
    }
}

/// A plan, and how many organizations are on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    pub plan: Plan,
    pub organizations: i64,
}

/// The page of the instance's plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlansPage {
    pub viewer: Viewer,
    /// By name, archived ones last.
    pub plans: Vec<PlanRow>,
    pub now: Timestamp,
}

/// The page of one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPage {
    pub viewer: Viewer,
    pub row: PlanRow,
    pub now: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> PlanForm {
        PlanForm {
            key: "team".into(),
            name: " Team ".into(),
            currency: "usd".into(),
            price: "49".into(),
            compute: "2000".into(),
            storage: "20".into(),
            users: "3".into(),
            compute_price: "0.006".into(),
            users_price: "12.50".into(),
            trial_days: "14".into(),
            buyer: "owners".into(),
            ..PlanForm::default()
        }
    }

    #[test]
    fn a_plan_is_read_from_its_form_and_back() {
        let checked = form().check().unwrap();
        assert_eq!((checked.price, checked.included.compute), (4_900, Some(120_000_000)));
        let plan = checked.clone().into_plan(Timestamp::from_micros(0));
        assert_eq!(PlanForm::from(&plan).check(), Ok(checked));
        assert_eq!(
            plan.offers(),
            [
                "2,000 min included, then USD 0.006 a minute",
                "20 GB included, more isn't charged",
                "3 users included, then USD 12.50 a user and month"
            ]
        );
    }

    #[test]
    fn each_error_is_beside_its_field() {
        for (wrong, field) in [
            (PlanForm { key: "Team".into(), ..form() }, "key"),
            (PlanForm { name: " ".into(), ..form() }, "name"),
            (PlanForm { currency: "EURO".into(), ..form() }, "currency"),
            (PlanForm { price: "4.999".into(), ..form() }, "price"),
            (PlanForm { price: "-1".into(), ..form() }, "price"),
            (PlanForm { price: String::new(), ..form() }, "price"),
            (PlanForm { storage: "x".into(), ..form() }, "storage"),
            (PlanForm { storage_price: "x".into(), ..form() }, "storage_price"),
            (PlanForm { trial_days: "91".into(), ..form() }, "trial_days"),
            (PlanForm { buyer: "all".into(), ..form() }, "buyer"),
        ] {
            let errors = wrong.check().unwrap_err();
            assert_eq!(errors.iter().map(|error| error.field.as_ref()).collect::<Vec<_>>(), [field], "{wrong:?}");
        }
    }
}

use serde::{Deserialize, Serialize};

use super::Quantity;
use crate::money::{Currency, Money, UnitPrice};
use crate::usage::{Dimension, MeterKey, Reading};

/// Something of each dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PerDimension<T> {
    pub compute: T,
    pub storage: T,
    pub users: T,
}

impl<T: Copy> PerDimension<T> {
    pub const fn get(&self, dimension: Dimension) -> T {
        match dimension {
            Dimension::Compute => self.compute,
            Dimension::Storage => self.storage,
            Dimension::Users => self.users,
        }
    }
}

/// What a charge is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metered {
    Dimension(Dimension),
    /// One of the platform's own.
    Meter(MeterKey),
}

/// A meter of the platform's own, and what its unit costs. No plan includes any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterPrice {
    pub key: MeterKey,
    pub label: String,
    pub unit: String,
    pub reading: Reading,
    /// Of a unit, or of a unit for a whole cycle where it is a level; without one it is metered only.
    pub price: Option<UnitPrice>,
}

/// What a cycle is billed by. Each cycle keeps a copy, so that a plan may change without changing what was agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanTerms {
    /// The plan's name.
    pub plan: String,
    pub currency: Currency,
    /// Of a cycle, in minor units.
    pub price: i64,
    /// What a cycle includes, as meters count: milliseconds, bytes, people. None is as good as 0.
    pub included: PerDimension<Option<i64>>,
    /// Of a [`Dimension::unit`], or of one for a whole cycle where it is a level; without one, use beyond what is included
    /// isn't charged.
    pub overage: PerDimension<Option<UnitPrice>>,
    pub meters: Vec<MeterPrice>,
    /// Nothing is charged, and half the compute is included.
    pub trial: bool,
}

/// How use is charged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate<'a> {
    pub label: &'a str,
    /// Of many, and of one.
    pub units: &'a str,
    pub unit: &'a str,
    pub per_unit: i64,
    pub reading: Reading,
    /// In a whole cycle, as meters count.
    pub included: i64,
    pub price: UnitPrice,
}

impl PlanTerms {
    /// What a whole cycle costs ahead.
    pub const fn base(&self) -> Money {
        Money::new(if self.trial { 0 } else { self.price }, self.currency)
    }

    /// In a whole cycle, as meters count.
    pub fn included(&self, dimension: Dimension) -> i64 {
        let included = self.included.get(dimension).unwrap_or(0);
        if self.trial && dimension == Dimension::Compute { included / 2 } else { included }
    }

    /// `None` where use costs nothing.
    pub(super) fn rate(&self, what: &Metered) -> Option<Rate<'_>> {
        if self.trial {
            return None;
        }
        match what {
            Metered::Dimension(dimension) => Some(Rate {
                label: dimension.label(),
                units: dimension.unit(),
                unit: match dimension {
                    Dimension::Compute => "min",
                    Dimension::Storage => "GB",
                    Dimension::Users => "user",
                },
                per_unit: dimension.per_unit(),
                reading: dimension.reading(),
                included: self.included(*dimension),
                price: self.overage.get(*dimension)?,
            }),
            Metered::Meter(key) => {
                let meter = self.meters.iter().find(|meter| meter.key == *key)?;
                Some(Rate {
                    label: &meter.label,
                    units: &meter.unit,
                    unit: &meter.unit,
                    per_unit: 1,
                    reading: meter.reading,
                    included: 0,
                    price: meter.price?,
                })
            }
        }
    }

    /// Everything these terms may charge for, in the order of an invoice.
    pub(super) fn metered(&self) -> impl Iterator<Item = Metered> {
        let dimensions = Dimension::ALL.into_iter().map(Metered::Dimension);
        dimensions.chain(self.meters.iter().map(|meter| Metered::Meter(meter.key.clone())))
    }
}

impl Rate<'_> {
    /// `EUR 0.05 / GB-month`
    pub fn price_text(&self, currency: Currency) -> String {
        format!("{} / {}{}", self.price.text(currency), self.unit, self.month())
    }

    /// A cycle's use: `12.5 min`, `2 GB-months`.
    pub fn counted(&self, quantity: Quantity) -> String {
        let text = quantity.text();
        let one = text == "1";
        match self.reading {
            Reading::Flow => format!("{text} {}", if one { self.unit } else { self.units }),
            Reading::Level => format!("{text} {}-month{}", self.unit, if one { "" } else { "s" }),
        }
    }

    /// A day's use: `12.5 min`, `2 GB`.
    pub fn daily(&self, value: i64) -> String {
        let text = Quantity::new(value.into(), self.per_unit.into()).text();
        format!("{text} {}", if text == "1" { self.unit } else { self.units })
    }

    const fn month(&self) -> &'static str {
        match self.reading {
            Reading::Flow => "",
            Reading::Level => "-month",
        }
    }
}

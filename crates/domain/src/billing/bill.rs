use serde::{Deserialize, Serialize};

use super::{Adjustment, Charge, Cycle, CycleTerms, PlanTerms, Proration, Used, charges, prorations};
use crate::money::{Currency, Money, MoneyError};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// A plan's price for the cycle that begins.
    Base,
    /// The rest of a cycle under a plan that was left, or taken.
    Proration,
    /// Use in the cycle that ended.
    Usage,
    /// Use of a day that was billed before.
    Adjustment,
    /// Credit from the invoice before.
    CreditBrought,
    /// Credit for the next one: it lifts a total below zero to zero.
    CreditCarried,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub kind: LineKind,
    pub text: String,
    /// `234.5 min`; empty where there is nothing to count.
    pub quantity: String,
    /// `EUR 0.01 / min`
    pub unit_price: String,
    /// Below zero it is a credit.
    pub amount: Money,
}

/// A cycle that ended, and what was used in it.
#[derive(Debug, Clone, Copy)]
pub struct Ended<'a> {
    pub terms: &'a CycleTerms,
    pub used: &'a Used,
}

/// A cycle that begins.
#[derive(Debug, Clone, Copy)]
pub struct Begins<'a> {
    pub cycle: Cycle,
    pub terms: &'a PlanTerms,
}

/// Everything one bill is made of.
#[derive(Debug, Clone, Copy)]
pub struct Owed<'a> {
    pub currency: Currency,
    /// None on the first one.
    pub ended: Option<Ended<'a>>,
    /// None on the last one.
    pub begins: Option<Begins<'a>>,
    /// Of cycles that were billed before.
    pub adjustments: &'a [Adjustment<'a>],
    /// What the bill before carried on; not below zero.
    pub credit: Money,
}

/// Lines and what they come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    pub currency: Currency,
    pub lines: Vec<Line>,
    pub credit_brought: Money,
    pub credit_carried: Money,
    /// Never below zero.
    pub total: Money,
}

impl Bill {
    pub fn of(owed: &Owed<'_>) -> Result<Self, MoneyError> {
        let mut lines = Vec::new();
        if let Some(begins) = &owed.begins {
            lines.push(base_line(begins));
        }
        if let Some(ended) = &owed.ended {
            lines.extend(prorations(ended.terms)?.iter().map(|change| proration_line(change, ended.terms.cycle)));
            let mut used = charges(ended.terms, ended.used)?;
            // Dimensions come before the platform's own meters; the days of each stay in order.
            used.sort_by(|one, other| one.what.cmp(&other.what));
            lines.extend(used.iter().map(usage_line));
        }
        lines.extend(owed.adjustments.iter().filter_map(adjustment_line));
        if !owed.credit.is_zero() {
            lines.push(credit_line(
                LineKind::CreditBrought,
                "Credit from the previous invoice",
                owed.credit.checked_neg()?,
            ));
        }
        let sum = Money::sum(lines.iter().map(|line| line.amount), owed.currency)?;
        let carried = if sum.minor < 0 { sum.checked_neg()? } else { Money::zero(owed.currency) };
        if !carried.is_zero() {
            let text =
                if owed.begins.is_some() { "Credit carried to the next invoice" } else { "Credit that is left over" };
            lines.push(credit_line(LineKind::CreditCarried, text, carried));
        }
        Ok(Self {
            currency: owed.currency,
            lines,
            credit_brought: owed.credit,
            credit_carried: carried,
            total: sum.checked_add(carried)?,
        })
    }
}

fn base_line(begins: &Begins<'_>) -> Line {
    let Begins { cycle, terms } = begins;
    let (trial, quantity) =
        if terms.trial { (" (trial)", format!("{} days", cycle.days())) } else { ("", "1 month".to_owned()) };
    Line {
        kind: LineKind::Base,
        text: format!("{}{trial}, {cycle}", terms.plan),
        quantity,
        unit_price: terms.base().to_string(),
        amount: terms.base(),
    }
}

fn proration_line(change: &Proration<'_>, cycle: Cycle) -> Line {
    let Proration { terms, days, amount } = change;
    let text = if amount.minor < 0 {
        format!("{}, rest of {days}: credit for a change of plan", terms.plan)
    } else {
        format!("{}, rest of {days}: charge for a change of plan", terms.plan)
    };
    Line {
        kind: LineKind::Proration,
        text,
        quantity: format!("{} of {} days", days.days(), cycle.days()),
        unit_price: terms.base().to_string(),
        amount: *amount,
    }
}

fn usage_line(charge: &Charge<'_>) -> Line {
    let rate = &charge.rate;
    let days = Cycle { start: charge.segment.start, end: charge.segment.end };
    let mut text = format!("{}, {days}: {} used", rate.label, rate.counted(charge.used));
    if !charge.included.is_zero() {
        text.push_str(&format!(", {} included", rate.counted(charge.included)));
    }
    Line {
        kind: LineKind::Usage,
        text,
        quantity: rate.counted(charge.beyond),
        unit_price: rate.price_text(charge.amount.currency),
        amount: charge.amount,
    }
}

/// None for a day whose change costs nothing.
fn adjustment_line(adjustment: &Adjustment<'_>) -> Option<Line> {
    if adjustment.amount.is_zero() {
        return None;
    }
    let (text, quantity, unit_price) = adjustment.words()?;
    Some(Line { kind: LineKind::Adjustment, text, quantity, unit_price, amount: adjustment.amount })
}

fn credit_line(kind: LineKind, text: &str, amount: Money) -> Line {
    Line { kind, text: text.to_owned(), quantity: String::new(), unit_price: String::new(), amount }
}

use serde::{Deserialize, Serialize};
use std::fmt;

use super::{Bill, Cycle, Owed};
use crate::money::MoneyError;
use crate::time::Timestamp;
use crate::usage::Day;

/// Counted from 1 without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InvoiceNumber(i64);

impl InvoiceNumber {
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    pub const fn number(self) -> i64 {
        self.0
    }

    /// From `INV-000042`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("INV-")?;
        let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
        Some(Self(number)).filter(|number| number.to_string() == text)
    }
}

/// `INV-000042`
impl fmt::Display for InvoiceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "INV-{:06}", self.0)
    }
}

/// Who is asked to pay, as they were called then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillTo {
    pub display_name: String,
    pub handle: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum InvoiceState {
    Open,
    Paid {
        at: Timestamp,
        /// How, or under which reference; may be empty.
        note: String,
    },
    Void {
        at: Timestamp,
        reason: String,
    },
}

impl InvoiceState {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paid { .. } => "paid",
            Self::Void { .. } => "void",
        }
    }

    pub const fn label(&self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Paid { .. } => "Paid",
            Self::Void { .. } => "Void",
        }
    }
}

/// A bill that was sent. Only its state changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    pub number: InvoiceNumber,
    pub issuer: String,
    pub bill_to: BillTo,
    /// The one it is issued with: that which begins, or on the last invoice that which ended.
    pub cycle: Cycle,
    pub issued: Day,
    pub due: Day,
    pub bill: Bill,
    pub state: InvoiceState,
}

/// What the next invoice comes to if nothing more is used. Made as the invoice is, so that they agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// The last day that counts.
    pub as_of: Day,
    /// When the invoice is due to be issued.
    pub on: Day,
    pub bill: Bill,
}

impl Estimate {
    pub fn of(owed: &Owed<'_>, as_of: Day) -> Result<Self, MoneyError> {
        let on = match (&owed.ended, &owed.begins) {
            (Some(ended), _) => ended.terms.cycle.end,
            (None, Some(begins)) => begins.cycle.start,
            (None, None) => as_of,
        };
        Ok(Self { as_of, on, bill: Bill::of(owed)? })
    }
}

//! What organizations use: meters, the events that tell of use, and what the days of a meter add up to.

mod day;
pub mod event;
mod meter;
mod rollup;

pub use day::Day;
pub use event::{Outcome, Refusal, RefusalKind, UsageEvent};
pub use meter::{Aggregation, BuiltIn, CustomMeter, Dimension, MeterKey, Reading};
pub use rollup::{Cell, TooMuch};

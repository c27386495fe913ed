//! What organizations use: meters, the events that tell of use, and what the days of a meter add up to.

mod day;
pub mod event;
pub mod limit;
mod meter;
pub mod page;
mod quantity;
mod rollup;

pub use day::Day;
pub use event::{Outcome, Refusal, RefusalKind, UsageEvent};
pub use limit::{Forecast, Limit, LimitAction, LimitForm};
pub use meter::{Aggregation, BuiltIn, CheckedMeter, CustomMeter, Dimension, MeterForm, MeterKey, MetersPage, Reading};
pub use rollup::{Cell, TOTAL_MAX, TooMuch};

//! What organizations use: meters, the events that tell of use, and what the days of a meter add up to.

mod day;
mod meter;

pub use day::Day;
pub use meter::{Aggregation, Dimension, MeterKey, Reading};

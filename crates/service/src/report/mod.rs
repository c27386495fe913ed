//! The active user report: who was seen in an organization during a period, mailed by schedule.

mod make;
mod recipients;
mod schedule;
mod send_due;
mod send_test;
mod unsubscribe;

pub(crate) use recipients::unsubscribed;
pub use send_due::send_due;
pub use send_test::send_test;
pub use unsubscribe::{inspect, unsubscribe, unsubscribe_with};

/// Where the link in each report leads.
const UNSUBSCRIBE: &str = "/unsubscribe";

use std::sync::atomic::{AtomicI64, Ordering};

use domain::Timestamp;
use domain::time::Span;

/// A clock that stands still until a test turns it.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    /// 2026-03-01T12:00:00Z
    pub const START: Timestamp = Timestamp::from_micros(1_772_366_400_000_000);

    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }

    pub fn advance(&self, span: Span) {
        self.0.fetch_add(span.micros(), Ordering::SeqCst);
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self(AtomicI64::new(Self::START.micros()))
    }
}

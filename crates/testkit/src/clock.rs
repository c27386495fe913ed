use std::sync::atomic::{AtomicI64, Ordering};

use domain::Timestamp;
use domain::time::Span;

/// A clock that stands still until a test turns it, or lets it run.
#[derive(Debug)]
pub struct TestClock {
    now: AtomicI64,
    /// By how much it goes on each time somebody looks.
    step: AtomicI64,
}

impl TestClock {
    /// 2026-03-01T12:00:00Z
    pub const START: Timestamp = Timestamp::from_micros(1_772_366_400_000_000);

    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.fetch_add(self.step.load(Ordering::SeqCst), Ordering::SeqCst))
    }

    pub fn advance(&self, span: Span) {
        self.now.fetch_add(span.micros(), Ordering::SeqCst);
    }

    /// From now on it goes on by a millisecond each time somebody looks.
    pub fn run(&self) {
        self.step.store(1_000, Ordering::SeqCst);
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self { now: AtomicI64::new(Self::START.micros()), step: AtomicI64::new(0) }
    }
}

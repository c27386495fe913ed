//! Says what is being done, and how long it took.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Does one step of a command, named and timed on the terminal.
pub fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("== {title}");
    let started = now();
    let result = work();
    let took = seconds(started.elapsed());
    match &result {
        Ok(_) => println!("   {title}: {took}"),
        Err(_) => println!("   {title}: failed after {took}"),
    }
    result.with_context(|| title.to_owned())
}

/// A step with nothing to do, since its inputs are those of last time.
pub fn unchanged(title: &str) {
    println!("== {title}: unchanged");
}

pub fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

/// The real clock: builds take as long as they take.
#[expect(clippy::disallowed_methods, reason = "the injected clock is the application's")]
pub fn now() -> Instant {
    Instant::now()
}

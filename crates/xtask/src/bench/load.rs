//! Asks for one page over and over, on several connections at once.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::http::{self, Connection, Response};
use super::millis;
use super::server::Server;
use crate::step::now;

pub const CONNECTIONS: usize = 4;
pub const LASTS: Duration = Duration::from_secs(6);
/// Before anything counts: caches fill, connections open.
const WARMS_UP: Duration = Duration::from_secs(2);

/// What came of it.
pub struct Load {
    pub per_second: f64,
    /// The server's, a request.
    pub cpu: Duration,
    pub p50: Duration,
    pub p99: Duration,
    /// Of one answer.
    pub bytes: usize,
}

impl Load {
    pub fn print(&self, name: &str, times_memory: Option<f64>) {
        let times = times_memory.map(|times| format!("{times:.1}")).unwrap_or_default();
        println!(
            "{name:<44} {:>8.0} {:>9.3} {:>8.2} {:>8.2} {times:>9}",
            self.per_second,
            millis(self.cpu),
            millis(self.p50),
            millis(self.p99),
        );
    }
}

pub fn load(server: &Server, path: &str, cookie: &str) -> Result<Load> {
    let request = http::get(path, Some(cookie));
    ask_until(server, &request, now() + WARMS_UP)?;

    let cpu_before = server.cpu()?;
    let started = now();
    let end = started + LASTS;
    let all_ready = Barrier::new(CONNECTIONS);
    let asked: Vec<Result<(Vec<Duration>, usize)>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(|| {
                    all_ready.wait();
                    ask_until(server, &request, end)
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| bail!("a connection panicked"))).collect()
    });
    let took = started.elapsed();
    let cpu = server.cpu()?.saturating_sub(cpu_before);

    let mut latencies = Vec::new();
    let mut bytes = 0;
    for asked in asked {
        let (of_connection, size) = asked?;
        latencies.extend(of_connection);
        bytes = size;
    }
    latencies.sort_unstable();
    let count = u32::try_from(latencies.len()).context("too many requests to count")?;
    Ok(Load {
        per_second: f64::from(count) / took.as_secs_f64(),
        cpu: cpu / count.max(1),
        p50: percentile(&latencies, 50)?,
        p99: percentile(&latencies, 99)?,
        bytes,
    })
}

fn ask_until(server: &Server, request: &[u8], end: Instant) -> Result<(Vec<Duration>, usize)> {
    let mut connection = Connection::open(server.address())?;
    let mut response = Response::default();
    let mut latencies = Vec::new();
    while now() < end {
        let asked = now();
        connection.exchange(request, &mut response)?;
        latencies.push(asked.elapsed());
        if response.status != 200 {
            bail!("an answer of status {}", response.status);
        }
    }
    Ok((latencies, response.body.len()))
}

fn percentile(sorted: &[Duration], percent: usize) -> Result<Duration> {
    let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().context("nothing was measured")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_taken_from_the_sorted_times() {
        let times: Vec<_> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&times, 50).unwrap(), Duration::from_millis(101));
        assert_eq!(percentile(&times, 99).unwrap(), Duration::from_millis(199));
        assert!(percentile(&[], 50).is_err());
    }
}

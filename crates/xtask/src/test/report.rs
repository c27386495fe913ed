//! What passed, what failed, and what it cost.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::process::{Account, Cpu};
use crate::step::now;

/// How a stage ended.
#[derive(Default, Debug)]
pub struct Outcome {
    pub passed: u64,
    pub failed: u64,
    pub cpu: Cpu,
    pub wall: Duration,
}

impl Outcome {
    /// A stage that either holds or doesn't.
    pub fn check(result: Result<()>) -> Self {
        match result {
            Ok(()) => Self { passed: 1, ..Self::default() },
            Err(error) => {
                println!("FAILED: {error:#}");
                Self { failed: 1, ..Self::default() }
            }
        }
    }

    pub fn costing(self, cpu: Cpu, wall: Duration) -> Self {
        Self { cpu, wall, ..self }
    }
}

pub struct Report {
    began: Instant,
    rows: Vec<(String, Outcome)>,
}

impl Report {
    /// Begins with what cargo used to compile xtask: cargo became this process, so it is on the same account.
    pub fn begin() -> Self {
        let mut report = Self { began: now(), rows: Vec::new() };
        if let Some(account) = Account::of("self") {
            report
                .rows
                .push(("xtask".to_owned(), Outcome::default().costing(account.own + account.children, account.age)));
        }
        report
    }

    pub fn add(&mut self, stage: &str, outcome: Outcome) {
        self.rows.push((stage.to_owned(), outcome));
    }

    pub fn add_cost(&mut self, stage: &str, cpu: Cpu) {
        self.add(stage, Outcome::default().costing(cpu, Duration::ZERO));
    }

    /// Adds a stage beside which nothing else runs, and says whether all of it passed.
    pub fn alone(&mut self, stage: &str, work: impl FnOnce() -> Outcome) -> bool {
        let (before, started) = (cpu_so_far(), now());
        let outcome = work();
        let used = Cpu(cpu_so_far().0.saturating_sub(before.0));
        let passed = outcome.failed == 0;
        self.add(stage, outcome.costing(used, started.elapsed()));
        passed
    }

    /// Prints the table and, alone as the last line, the sum.
    pub fn finish(self) -> ExitCode {
        println!("\n{:<16} {:>7} {:>7} {:>9} {:>9}", "stage", "passed", "failed", "CPU min", "wall min");
        let (mut passed, mut failed) = (0, 0);
        for (stage, outcome) in &self.rows {
            passed += outcome.passed;
            failed += outcome.failed;
            print_row(stage, outcome);
        }
        let before = self.rows.first().map_or(Duration::ZERO, |(_, outcome)| outcome.wall);
        let total = Outcome { passed, failed, cpu: cpu_so_far(), wall: before + self.began.elapsed() };
        print_row("all", &total);
        println!("\n{passed} passed, {failed} failed");
        if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn print_row(stage: &str, outcome: &Outcome) {
    let count = |count: u64| if count == 0 { "-".to_owned() } else { count.to_string() };
    println!(
        "{stage:<16} {:>7} {:>7} {:>9.2} {:>9.2}",
        count(outcome.passed),
        count(outcome.failed),
        outcome.cpu.0.as_secs_f64() / 60.0,
        outcome.wall.as_secs_f64() / 60.0,
    );
}

/// Of this process and all children it has waited for.
fn cpu_so_far() -> Cpu {
    Account::of("self").map_or_else(Cpu::default, |account| account.own + account.children)
}

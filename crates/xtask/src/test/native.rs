//! The native half: one compilation lints and builds the tests and the server.

use super::report::Outcome;
use crate::native::{SELECTION, linting_cargo};
use crate::process::{Cpu, Program};
use crate::setup;
use crate::step::{now, step};

/// Everything that runs natively but xtask. Doc tests are left out: they compile every crate once more.
pub fn lint_and_test(postgres: &str) -> Outcome {
    lint_and_count("clippy and tests, native", || {
        linting_cargo("test")
            .args(SELECTION)
            .args(["--no-fail-fast", "--tests"])
            .env("TENANTRY_TEST_POSTGRES", postgres)
            .env("TENANTRY_TEST_LOCALSTRIPE", setup::python())
    })
}

/// xtask is no default member: built with the others, its dependencies would change theirs.
pub fn lint_and_test_xtask() -> Outcome {
    lint_and_count("clippy and tests, xtask", || linting_cargo("test").args(["-p", "xtask", "--tests"]))
}

fn lint_and_count(title: &str, tests: impl FnOnce() -> Program) -> Outcome {
    let started = now();
    let counted = step(title, || {
        let mut tally = Tally::default();
        // Snapshots are compared, never written.
        let program = tests().env("INSTA_UPDATE", "no");
        let (status, cpu) = program.run_lines(|line| tally.count(line))?;
        Ok((tally, status.success(), cpu))
    });
    let outcome = counted.map(|(tally, success, cpu)| tally.outcome(success, cpu));
    let outcome = outcome.unwrap_or_else(|error| Outcome::check(Err(error)));
    Outcome { wall: started.elapsed(), ..outcome }
}

/// The sum of the test binaries' verdicts.
#[derive(Default, Debug, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
}

impl Tally {
    /// `test result: FAILED. 5 passed; 1 failed; 0 ignored; …`
    fn count(&mut self, line: &str) {
        let Some(verdict) = line.strip_prefix("test result: ") else { return };
        let counted = |what: &str| -> u64 {
            let part = verdict.split([';', '.']).map(str::trim).find_map(|part| part.strip_suffix(what));
            part.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
        };
        self.passed += counted("passed");
        self.failed += counted("failed");
    }

    /// The lint is one check more. A failure without a failed test is one too: a lint, an error, a test that aborted.
    fn outcome(self, success: bool, cpu: Cpu) -> Outcome {
        let without_test = u64::from(!success && self.failed == 0);
        Outcome {
            passed: self.passed + u64::from(success),
            failed: self.failed + without_test,
            cpu,
            ..Outcome::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_of_all_binaries_are_summed() {
        let lines = [
            "running 5 tests",
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s",
            "test test result: ok. 9 passed ... ok",
            "test result: FAILED. 40 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s",
        ];
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.count(line));
        assert_eq!(tally, Tally { passed: 45, failed: 2 });
    }

    #[test]
    fn a_failure_without_a_failed_test_counts() {
        let outcome = Tally { passed: 3, failed: 0 }.outcome(false, Cpu::default());
        assert_eq!((outcome.passed, outcome.failed), (3, 1));
    }
}
